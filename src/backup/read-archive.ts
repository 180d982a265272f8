/**
 * Reads an archive from end to end and believes nothing: every head, length, digest and the very last byte is checked, and
 * files are written to a folder of the caller's only, under plain names. A first doubt ends it with the reason.
 */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { freeBytesOf } from "../host/free-bytes.js";
import { assertNoWait } from "../host/file-fault.js";
import { reasonOf, systemReasonOf } from "../host/reason.js";
import { BackupError, damaged } from "./backup-error.js";
import {
  ARCHIVE_BYTES_MAX,
  ARCHIVE_FILES_MAX,
  compareFiles,
  MANIFEST_BYTES_MAX,
  MANIFEST_PATH,
  type Manifest,
  type ManifestFile,
  parseManifest,
} from "./manifest.js";
import {
  ARCHIVE_HEAD_BYTES,
  BLOCK_BYTES,
  digestOf,
  padding,
  readTarHead,
  type TarHead,
} from "./tar.js";

/**
 * @param into an empty folder for the files, or undefined to check only
 * @param freeBytes room on the disk of a folder, bytes
 * @returns its manifest, and every file fits it
 * @throws BackupError when it is damaged, newer or none of ours
 */
export async function readArchive(
  path: string,
  into: string | undefined,
  freeBytes = freeBytesOf,
): Promise<Manifest> {
  await checkBytes(path);
  const reader = new Reader(into, freeBytes);
  const gunzip = createGunzip();
  let fault: unknown;
  try {
    await pipeline(createReadStream(path), gunzip, async (source: AsyncIterable<Buffer>) => {
      try {
        for await (const chunk of source) await reader.take(chunk);
      } catch (error) {
        fault = error;
        throw error;
      }
    });
  } catch (passedOn) {
    // The pipeline may tell of its own abort instead of what began it.
    const error = fault ?? passedOn;
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") === true) throw damaged(reasonOf(error));
    throw error;
  } finally {
    await reader.close();
  }
  // Bytes behind the end are passed over in silence by zlib.
  const { size } = await stat(path);
  if (gunzip.bytesWritten !== size) throw damaged("there is something behind its end");
  return reader.finish();
}

/** Every byte of the file against the digest in its head, before any of it is unpacked. */
async function checkBytes(path: string): Promise<void> {
  const head = Buffer.alloc(ARCHIVE_HEAD_BYTES);
  let file: FileHandle;
  try {
    assertNoWait(path);
    file = await open(path, "r");
  } catch (error) {
    const why = systemReasonOf(error);
    throw new BackupError("STORE_BACKUP_FAILED", `${path} cannot be read: ${why}`, {
      cause: error,
    });
  }
  try {
    await file.read(head, 0, head.length, 0);
  } finally {
    await file.close();
  }
  const said = digestOf(head);
  if (said === undefined) throw damaged("it does not begin as a backup of Buddy does");
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { start: head.length })) {
    hash.update(chunk as Buffer);
  }
  if (!hash.digest().equals(said)) throw damaged("its bytes are not those that were written");
}

interface Open {
  readonly head: TarHead;
  readonly hash: Hash;
  readonly file: FileHandle | undefined;
  readonly kept: Buffer[];
  left: number;
  pad: number;
}

class Reader {
  private readonly found: ManifestFile[] = [];
  private rest = Buffer.alloc(0);
  private current: Open | undefined;
  private manifest: Manifest | undefined;
  private zeroBlocks = 0;
  private total = 0;

  /** Folders there are, each with a file in it. */
  private readonly folders = new Map<string, string>();

  constructor(
    private readonly into: string | undefined,
    private readonly freeBytes: typeof freeBytesOf,
  ) {}

  async take(chunk: Buffer): Promise<void> {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    for (;;) {
      if (this.current !== undefined) {
        bytes = await this.content(this.current, bytes);
        if (this.current !== undefined) break;
        continue;
      }
      if (bytes.length < BLOCK_BYTES) break;
      await this.block(bytes.subarray(0, BLOCK_BYTES));
      bytes = bytes.subarray(BLOCK_BYTES);
    }
    this.rest = Buffer.from(bytes);
  }

  /** After the last byte. @throws BackupError when that came too early or the manifest does not fit. */
  finish(): Manifest {
    if (this.current !== undefined || this.zeroBlocks !== 2 || this.rest.length > 0) {
      throw damaged("it ends too early");
    }
    if (this.manifest === undefined) throw damaged("it has no manifest");
    compareFiles(this.found, this.manifest);
    return this.manifest;
  }

  async close(): Promise<void> {
    await this.current?.file?.close();
  }

  private async block(block: Buffer): Promise<void> {
    const head = readTarHead(block);
    if (head === undefined) {
      this.zeroBlocks += 1;
      if (this.zeroBlocks > 2) throw damaged("there is something behind its end");
      return;
    }
    if (this.zeroBlocks > 0) throw damaged("there is something behind its end");
    if (this.manifest !== undefined) throw damaged(`${head.path} comes after its manifest`);
    this.checkClash(head.path);
    this.total += head.bytes;
    const isLong = head.path === MANIFEST_PATH && head.bytes > MANIFEST_BYTES_MAX;
    if (this.total > ARCHIVE_BYTES_MAX || this.found.length >= ARCHIVE_FILES_MAX || isLong) {
      const why =
        `at ${head.path} the archive holds ${this.found.length + 1} files of ${this.total} bytes together; ` +
        `Buddy keeps at most ${ARCHIVE_FILES_MAX} of ${ARCHIVE_BYTES_MAX}`;
      throw new BackupError("STORE_BACKUP_LIMIT", why);
    }
    await this.checkRoom(head);
    const pad = padding(head.bytes).length;
    const file = await this.create(head.path);
    const hash = createHash("sha256");
    this.current = { head, hash, file, kept: [], left: head.bytes, pad };
  }

  /** No two of it may want the same place: twice the same file, or a file where another needs a folder. */
  private checkClash(path: string): void {
    if (this.found.some((one) => one.path === path)) throw damaged(`${path} is there twice`);
    const inside = this.folders.get(path);
    if (inside !== undefined) throw damaged(`${path} is a file, and the folder of ${inside}`);
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at);
      if (this.found.some((one) => one.path === folder))
        throw damaged(`${folder} is a file, and the folder of ${path}`);
      this.folders.set(folder, path);
    }
  }

  /** Asked before each file is written, so that a disk is named before it is full. */
  private async checkRoom({ path, bytes }: TarHead): Promise<void> {
    if (this.into === undefined) return;
    const free = await this.freeBytes(this.into);
    if (bytes <= free) return;
    const why = `${path} needs ${bytes} bytes, and the disk of ${dirname(this.into)} has ${free} left; make room there`;
    throw new BackupError("STORE_BACKUP_LIMIT", why);
  }

  private async create(path: string): Promise<FileHandle | undefined> {
    if (this.into === undefined || path === MANIFEST_PATH) return undefined;
    const target = join(this.into, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    // "wx": never through a link that somebody put there.
    return open(target, "wx", 0o600);
  }

  /** @returns what comes after this file, once it is complete. */
  private async content(open: Open, bytes: Buffer): Promise<Buffer> {
    const part = bytes.subarray(0, open.left);
    open.left -= part.length;
    open.hash.update(part);
    await open.file?.writeFile(part);
    if (open.head.path === MANIFEST_PATH) open.kept.push(Buffer.from(part));
    const after = bytes.subarray(part.length);
    const pad = after.subarray(0, open.left > 0 ? 0 : open.pad);
    if (pad.some((byte) => byte !== 0))
      throw damaged(`the padding of ${open.head.path} is not empty`);
    open.pad -= pad.length;
    if (open.left === 0 && open.pad === 0) await this.complete(open);
    return after.subarray(pad.length);
  }

  private async complete({ head, hash, file, kept }: Open): Promise<void> {
    await file?.sync();
    await file?.close();
    this.current = undefined;
    if (head.path === MANIFEST_PATH) {
      this.manifest = parseManifest(Buffer.concat(kept).toString("utf8"));
      return;
    }
    this.found.push({ ...head, sha256: hash.digest("hex") });
  }
}
