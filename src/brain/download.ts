/**
 * Fetches one large file of known length and SHA-256. What has come stands beside the file's place, under `NAME.part`, and is
 * gone on with after a cut or in another run; it gets the file's name only when it is whole, checked and on the disk.
 *
 * | what happens                              | what is done                                          |
 * | ----------------------------------------- | ----------------------------------------------------- |
 * | cut, silence, 429, 5xx                    | again from where it stopped, up to `TRIES_MAX` in vain |
 * | another length, another hash, 4xx, http   | ended; a part that is wrong is removed                |
 * | no room                                   | ended before the first byte; later: the part is removed |
 * | the owner ends it                         | the part stays for the next time                      |
 */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../datadir/durable-file.js";
import { freeBytesOf } from "../host/free-bytes.js";
import { causeReasonOf, systemReasonOf } from "../host/reason.js";
import { fullJitterMs } from "../time/backoff.js";
import type { Chance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import { amount, BrainError } from "./brain-error.js";
import { askHub, hubFault, type Environment } from "./hub.js";

export interface Download {
  readonly url: string;
  /** Where it goes. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

export interface DownloadDeps {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  onProgress?(progress: Progress): void;
  /** Room on the disk of a folder, bytes; for tests. */
  roomBytes?(folder: string): Promise<number>;
}

export interface Progress {
  readonly bytes: number;
  readonly of: number;
  /** Of this run; 0 until it is known. */
  readonly bytesPerS: number;
}

/** Tries in a row that bring nothing. */
const TRIES_MAX = 5;
const SILENCE_MS_MAX = 30_000;
const RETRY_MS = 500;
const RETRY_MS_MAX = 20_000;
/** Left on the disk for all else. */
const SPARE_BYTES = 300_000_000;
const PROGRESS_PERIOD_MS = 200;

/** @throws BrainError; the file is then not there, and whatever was there before is as it was. */
export async function download(wish: Download, deps: DownloadDeps): Promise<void> {
  const part = `${wish.path}.part`;
  await mkdir(dirname(wish.path), { recursive: true, mode: 0o700 });
  if ((await sizeOf(wish.path)) === wish.bytes && (await hashOf(wish.path, deps)) === wish.sha256) {
    return;
  }
  let handle: FileHandle | undefined;
  try {
    await look(wish, await sizeOf(part), deps);
    handle = await open(part, "a", 0o600);
    await new Fetch(wish, part, handle, deps).run();
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(part, wish.path);
    await syncFolder(dirname(wish.path));
  } catch (error) {
    if (deps.signal.aborted) {
      throw new BrainError(
        "BRAIN_CANCELLED",
        "the download was ended",
        "what has come is kept: the same command goes on with it",
      );
    }
    const known = error instanceof BrainError ? error : diskFault(error, wish);
    // A part that is wrong would be wrong for ever; one that fills the disk is in everybody's way.
    if (known.code === "BRAIN_HASH" || (known.code === "BRAIN_DISK" && handle !== undefined)) {
      await rm(part, { force: true });
    }
    throw known;
  } finally {
    await handle?.close();
  }
}

class Fetch {
  private hash: Hash = createHash("sha256");
  private at = 0;
  private readonly startMs: number;
  private startAt = 0;
  private toldMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly wish: Download,
    private readonly part: string,
    private readonly handle: FileHandle,
    private readonly deps: DownloadDeps,
  ) {
    this.startMs = deps.clock.nowMs();
  }

  async run(): Promise<void> {
    await this.takeUp();
    const { bytes, sha256, url } = this.wish;
    const { clock, chance, signal } = this.deps;
    let tries = 0;
    while (this.at < bytes) {
      const before = this.at;
      let why = "it ended before its end";
      try {
        await this.once();
      } catch (error) {
        if (signal.aborted || error instanceof BrainError) throw error;
        why = causeReasonOf(error);
      }
      if (this.at > before) tries = 0;
      if (this.at < bytes && ++tries >= TRIES_MAX) {
        throw hubFault(`${new URL(url).host} gave nothing in ${TRIES_MAX} tries: ${why}`);
      }
      if (this.at < bytes) {
        await clock.sleep(fullJitterMs(tries, RETRY_MS, RETRY_MS_MAX, chance), signal);
      }
    }
    this.tell(true);
    const found = this.hash.digest("hex");
    if (found !== sha256) throw wrong(`its SHA-256 is ${found}, expected ${sha256}`);
  }

  /** What an earlier run left. */
  private async takeUp(): Promise<void> {
    const size = await sizeOf(this.part);
    if (size > this.wish.bytes) return this.restart();
    for await (const chunk of createReadStream(this.part, { signal: this.deps.signal })) {
      this.hash.update(chunk as Buffer);
    }
    this.at = size;
    this.startAt = size;
  }

  private async restart(): Promise<void> {
    await this.handle.truncate(0);
    this.hash = createHash("sha256");
    this.at = 0;
    this.startAt = 0;
  }

  private async once(): Promise<void> {
    const { wish, deps } = this;
    const answer = await askHub(wish.url, this.at, deps.environment, deps.signal);
    try {
      await this.check(answer.statusCode ?? 0, answer.headers);
      answer.setTimeout(SILENCE_MS_MAX, () =>
        answer.destroy(new Error(`no byte for ${SILENCE_MS_MAX / 1000} s`)),
      );
      for await (const chunk of answer) await this.write(chunk as Buffer);
    } finally {
      answer.destroy();
    }
  }

  private async check(
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<void> {
    const { host } = new URL(this.wish.url);
    if (status === 429 || status >= 500) throw new Error(`it answers ${status}`);
    const length = Number(headers["content-length"]);
    if (status === 206) {
      const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(String(headers["content-range"]));
      if (Number(range?.[1]) !== this.at) throw new Error("it gives another piece than was asked");
      return this.checkLength(Number(range?.[2]));
    }
    if (status === 416)
      return this.restart().then(() => Promise.reject(new Error("it starts anew")));
    if (status !== 200) throw hubFault(`${host} answers ${status}`);
    // It gives all of it, whatever was asked for.
    if (this.at > 0) await this.restart();
    if (!Number.isNaN(length)) this.checkLength(length);
  }

  private checkLength(bytes: number): void {
    if (bytes !== this.wish.bytes) {
      throw wrong(`it has ${bytes} bytes, expected ${this.wish.bytes}`);
    }
  }

  private async write(chunk: Buffer): Promise<void> {
    if (this.at + chunk.length > this.wish.bytes) {
      throw wrong(`it has more than ${this.wish.bytes} bytes`);
    }
    try {
      for (let done = 0; done < chunk.length;) {
        done += (await this.handle.write(chunk, done)).bytesWritten;
      }
    } catch (error) {
      throw diskFault(error, this.wish);
    }
    this.hash.update(chunk);
    this.at += chunk.length;
    this.tell(false);
  }

  private tell(isLast: boolean): void {
    const nowMs = this.deps.clock.nowMs();
    if (!isLast && nowMs - this.toldMs < PROGRESS_PERIOD_MS) return;
    this.toldMs = nowMs;
    const seconds = (nowMs - this.startMs) / 1000;
    const bytesPerS = seconds > 0 ? (this.at - this.startAt) / seconds : 0;
    this.deps.onProgress?.({ bytes: this.at, of: this.wish.bytes, bytesPerS });
  }
}

/** Before the first byte: is there room for all of it? */
async function look(wish: Download, there: number, deps: DownloadDeps): Promise<void> {
  const folder = dirname(wish.path);
  const room = await (deps.roomBytes ?? freeBytesOf)(folder);
  const wanted = Math.max(0, wish.bytes - there) + SPARE_BYTES;
  if (room >= wanted) return;
  throw new BrainError(
    "BRAIN_DISK",
    `${folder} has room for ${amount(room)}, ${amount(wanted)} are needed`,
    "free some, or choose another place with --data",
  );
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

async function hashOf(path: string, { signal }: Pick<DownloadDeps, "signal">): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function wrong(what: string): BrainError {
  return new BrainError(
    "BRAIN_HASH",
    `the hub gives another file: ${what}`,
    "try it again later; a file that differs is never used",
  );
}

function diskFault(error: unknown, wish: Download): BrainError {
  return new BrainError(
    "BRAIN_DISK",
    `${wish.path} cannot be written (${systemReasonOf(error)})`,
    "free some room, or choose another place with --data",
    { cause: error },
  );
}
