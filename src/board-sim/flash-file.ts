/**
 * A board's flash, kept in a file as it is: erased bytes are 0xff, and programming can only clear bits. The file is what the
 * VM of the running board reads and writes too, so nothing of it is held here.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { SECTOR_BYTES } from "../flash/layout.js";

/** The smallest flash of the boards that we know; more would only stay empty. */
export const FLASH_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

export class FlashFile {
  readonly bytes = FLASH_BYTES;
  private readonly file: number;

  /**
   * Opens a flash, or makes a blank one.
   * @throws RangeError when the file is no flash of 4 MB; the file system's error.
   */
  constructor(readonly path: string) {
    const isNew = !existsSync(path);
    this.file = openSync(path, isNew ? "wx+" : "r+", 0o600);
    if (isNew) this.erase(0, FLASH_BYTES);
    const { size } = fstatSync(this.file);
    if (size !== FLASH_BYTES) {
      closeSync(this.file);
      throw new RangeError(`${path}: expected a flash of ${FLASH_BYTES} bytes, found ${size}`);
    }
  }

  close(): void {
    closeSync(this.file);
  }

  /** @throws RangeError beyond its end, as for all that follow. */
  read(at: number, length: number): Buffer {
    check(at, length);
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, at);
    return bytes;
  }

  /** Erases the sectors that the range touches. */
  erase(at: number, length: number): void {
    check(at, length);
    const from = Math.floor(at / SECTOR_BYTES) * SECTOR_BYTES;
    const to = Math.ceil((at + length) / SECTOR_BYTES) * SECTOR_BYTES;
    const blank = Buffer.alloc(Math.min(CHUNK_BYTES, to - from), 0xff);
    for (let next = from; next < to; next += blank.length) {
      writeSync(this.file, blank, 0, Math.min(blank.length, to - next), next);
    }
  }

  program(at: number, bytes: Uint8Array): void {
    const now = this.read(at, bytes.length);
    for (let i = 0; i < bytes.length; i++) now[i] = (now[i] ?? 0) & (bytes[i] ?? 0);
    writeSync(this.file, now, 0, now.length, at);
  }

  md5(at: number, length: number): Buffer {
    check(at, length);
    const hash = createHash("md5");
    for (let next = at; next < at + length; next += CHUNK_BYTES) {
      hash.update(this.read(next, Math.min(CHUNK_BYTES, at + length - next)));
    }
    return hash.digest();
  }
}

function check(at: number, length: number): void {
  if (at >= 0 && length >= 0 && at + length <= FLASH_BYTES) return;
  throw new RangeError(`${length} bytes at ${at} are outside of a flash of ${FLASH_BYTES} bytes`);
}
