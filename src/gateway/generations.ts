/**
 * Hands out session generations, each greater than all before, across restarts of the gateway. Numbers are
 * reserved in blocks, so that the file is written once in 64 sessions and no handshake waits for a disk.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { assertNoWait } from "../host/file-fault.js";
import { reasonOf } from "../host/reason.js";

const BLOCK = 64;
const FILE = "link-generation.json";
/** Length of the file: room for the largest safe integer. */
const TEXT_CHARS = 40;

export interface Generations {
  /** A generation greater than `seen` and than all before; kept before it is given. */
  next(seen: number): number;
}

export class FileGenerations implements Generations {
  /** Why a file that exists could not be used; devices then tell how far they have come. */
  readonly warning: string | undefined;
  private readonly path: string;
  private last = 0;
  /** Everything up to here may be given out: the file says so. */
  private reserved = 0;

  /**
   * Reads `dir`; throws if it cannot be written.
   * @param replace writes the file whole or not at all; tests only.
   */
  constructor(
    dir: string,
    private readonly replace: (path: string, text: string) => void = replaceFile,
  ) {
    mkdirSync(dir, { recursive: true });
    this.path = join(dir, FILE);
    try {
      assertNoWait(this.path);
      this.last = parse(readFileSync(this.path, "utf8"));
    } catch (error) {
      // No file is a first start. A broken one loses only the order among devices that restarted too.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        this.warning = `${this.path}: ${reasonOf(error)}`;
      }
    }
    this.reserve(this.last);
  }

  next(seen: number): number {
    const next = Math.max(this.last, seen) + 1;
    if (next > this.reserved) this.reserve(next);
    this.last = next;
    return next;
  }

  private reserve(from: number): void {
    const upTo = from + BLOCK;
    // Always as long as the longest, so that it fits over the old text when the disk is full.
    const text = JSON.stringify({ reserved: upTo }).padEnd(TEXT_CHARS);
    try {
      this.replace(this.path, text);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
      this.overwrite(text);
    }
    this.reserved = upTo;
  }

  /** No room for a second file: writes over the first. It is shorter than a sector, so a cut leaves one of both texts. */
  private overwrite(text: string): void {
    const file = openSync(this.path, "r+");
    try {
      writeSync(file, text, 0);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, "w");
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

/** Makes the rename itself survive a power cut, where the system can. */
function syncDirectory(dir: string): void {
  try {
    const handle = openSync(dir, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Windows cannot open a directory; its rename is durable enough for a counter with this much slack.
  }
}

function parse(text: string): number {
  const { reserved } = JSON.parse(text) as { reserved?: unknown };
  if (!Number.isSafeInteger(reserved) || (reserved as number) < 0) {
    throw new Error(`expected {"reserved": number}, found ${text.slice(0, 40)}`);
  }
  return reserved as number;
}

/** For tests and tools without a data directory. */
export class MemoryGenerations implements Generations {
  private last = 0;

  next(seen: number): number {
    this.last = Math.max(this.last, seen) + 1;
    return this.last;
  }
}
