/**
 * Makes a backup while Buddy runs: databases as a consistent copy, every other file as it was at one moment (they are
 * written beside and renamed). The archive is written beside its name, synced, read back and checked, then renamed.
 */
import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Database } from "../store/database.js";
import { BackupError } from "./backup-error.js";
import { dataFiles, isDatabase } from "./data-files.js";
import {
  ARCHIVE_BYTES_MAX,
  FORMAT_VERSION,
  MANIFEST_PATH,
  type Manifest,
  type ManifestFile,
} from "./manifest.js";
import { MAKING } from "./keep.js";
import { readArchive } from "./read-archive.js";
import {
  ARCHIVE_HEAD_BYTES,
  archiveHead,
  GZIP_HEAD_BYTES,
  padding,
  TAR_END,
  tarHead,
} from "./tar.js";

const CHUNK_BYTES = 65_536;

export interface BackupRequest {
  readonly dataDir: string;
  /** The archive; it must not exist. */
  readonly to: string;
  readonly buddyVersion: string;
  readonly wallMs: number;
}

/** @throws BackupError, DatabaseError or the file system's error; no archive is left then. */
export async function writeArchive(request: BackupRequest): Promise<Manifest> {
  const to = resolve(request.to);
  // Looked at before the default place of the archive makes one: nothing packed is no backup, and says so.
  if ((await stat(request.dataDir).catch(() => undefined))?.isDirectory() !== true) {
    const why = `there is no data directory ${request.dataDir}; name Buddy's with --data`;
    throw new BackupError("STORE_BACKUP_FAILED", why);
  }
  if ((await stat(to).catch(() => undefined)) !== undefined) {
    throw new BackupError("STORE_BACKUP_TARGET", `${to} exists already`);
  }
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(`${to}${MAKING}`);
  const beside = join(scratch, "archive.part");
  try {
    const writer = new Writer(request, scratch);
    const file = createWriteStream(beside, { mode: 0o600, flags: "wx" });
    const body = createHash("sha256");
    const gzip = createGzip({ level: 6 });
    await pipeline(
      Readable.from(writer.blocks()),
      gzip,
      (source) => withoutHead(source, body),
      file,
    );
    await finish(beside, body.digest());
    const manifest = await readArchive(beside, undefined);
    await rename(beside, to);
    await syncFolder(dirname(to));
    return manifest;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Leaves room for our head in the place of zlib's, which differs between systems. */
async function* withoutHead(source: AsyncIterable<Buffer>, body: Hash): AsyncGenerator<Buffer> {
  yield Buffer.alloc(ARCHIVE_HEAD_BYTES);
  let left = GZIP_HEAD_BYTES;
  for await (const chunk of source) {
    const part = chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
    body.update(part);
    yield part;
  }
}

/** Writes the head, with the digest of all behind it, and puts the archive on the disk. */
async function finish(path: string, sha256: Buffer): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.write(archiveHead(sha256), 0, ARCHIVE_HEAD_BYTES, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

class Writer {
  private readonly files: ManifestFile[] = [];
  private total = 0;

  constructor(
    private readonly request: BackupRequest,
    private readonly scratch: string,
  ) {}

  async *blocks(): AsyncGenerator<Buffer> {
    for (const path of await dataFiles(this.request.dataDir)) {
      if (path === MANIFEST_PATH) continue;
      yield* this.file(path);
    }
    const manifest: Manifest = {
      format: "buddy-backup",
      version: FORMAT_VERSION,
      createdAt: new Date(this.request.wallMs).toISOString(),
      buddyVersion: this.request.buddyVersion,
      files: this.files,
    };
    const text = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`);
    yield tarHead({ path: MANIFEST_PATH, bytes: text.length });
    yield text;
    yield padding(text.length);
    yield TAR_END;
  }

  private async *file(path: string): AsyncGenerator<Buffer> {
    const file = await open(await this.sourceOf(path), "r");
    try {
      const bytes = (await file.stat()).size;
      this.total += bytes;
      if (this.total > ARCHIVE_BYTES_MAX) {
        const why = `more than ${ARCHIVE_BYTES_MAX} bytes; what is so large in ${this.request.dataDir}?`;
        throw new BackupError("STORE_BACKUP_LIMIT", why);
      }
      yield tarHead({ path, bytes });
      const hash = createHash("sha256");
      for (let at = 0; at < bytes;) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, bytes - at));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
        if (bytesRead === 0) {
          throw new BackupError("STORE_BACKUP_FAILED", `${path} became shorter while it was read`);
        }
        const part = chunk.subarray(0, bytesRead);
        hash.update(part);
        at += bytesRead;
        yield part;
      }
      yield padding(bytes);
      this.files.push({ path, bytes, sha256: hash.digest("hex") });
    } finally {
      await file.close();
    }
  }

  /** The file itself, or a consistent copy of a database that others may be writing to. */
  private async sourceOf(path: string): Promise<string> {
    const source = join(this.request.dataDir, path);
    if (!isDatabase(path)) return source;
    const copy = join(this.scratch, `copy-${this.files.length}.db`);
    const db = Database.openReadOnly(source);
    try {
      db.backupInto(copy);
    } finally {
      db.close();
    }
    return copy;
  }
}
