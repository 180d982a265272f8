/**
 * A log that can never fill a disk or hold anybody up: a bounded queue in front, files of bounded size behind,
 * and a full disk costs lines, not the program. What was lost is counted and said once it works again (M2).
 */
import { appendFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemReasonOf } from "../host/reason.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { Redactor } from "./redact.js";

/** What it needs of a file system; the real one is `diskFiles`. Errors are the file system's own. */
export interface LogFiles {
  makeFolder(path: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  /** Bytes; 0 when there is no such file. */
  size(path: string): Promise<number>;
  /** Does nothing when there is no such file. */
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface BoundedLogOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly files?: LogFiles;
  /** Size of one file; then it becomes `.1`, `.1` becomes `.2` and so on. */
  readonly bytesMax?: number;
  /** Files in all, the one that is written to included. */
  readonly filesMax?: number;
  /** Told when lines begin to get lost (with the reason) and when they no longer do (undefined). */
  readonly onTrouble?: (why: string | undefined) => void;
}

/** 5 files of 1 MiB: about a week of a healthy robot's lines, and nothing on any disk. */
const BYTES_MAX = 1_048_576;
const FILES_MAX = 5;
/** Lines that wait for the disk. At the limit the newest is dropped: the first ones tell what began it. */
const QUEUE_LINES_MAX = 2000;
const LINE_CHARS_MAX = 4000;
/** Pause after a failed write. */
const RETRY_MS = 5000;
/** Control characters: a line must not end early, clear a terminal or pretend to be another. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;

export class BoundedLog {
  private readonly files: LogFiles;
  private readonly bytesMax: number;
  private readonly filesMax: number;
  private queue: string[] = [];
  private writing: Promise<void> | undefined;
  private cancelRetry: CancelTimer | undefined;
  private bytes: number | undefined;
  private lost = 0;
  private trouble: string | undefined;

  constructor(private readonly options: BoundedLogOptions) {
    this.files = options.files ?? diskFiles;
    this.bytesMax = options.bytesMax ?? BYTES_MAX;
    this.filesMax = options.filesMax ?? FILES_MAX;
    if (!(this.bytesMax > 0) || !(this.filesMax >= 1)) {
      throw new RangeError(`log: bytesMax ${this.bytesMax}, filesMax ${this.filesMax}`);
    }
  }

  /** Queues a line. Never throws, never waits. False when it was dropped. */
  write(line: string): boolean {
    if (this.queue.length >= QUEUE_LINES_MAX) {
      this.lost += 1;
      return false;
    }
    this.queue.push(this.clean(line));
    this.pump();
    return true;
  }

  /** Lines lost since the last one that says so, and why the last write failed. */
  view(): { readonly lost: number; readonly trouble: string | undefined; readonly queued: number } {
    return { lost: this.lost, trouble: this.trouble, queued: this.queue.length };
  }

  /** Waits until what is queued is written or has failed once more. */
  async flush(): Promise<void> {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.pump();
    await this.writing;
  }

  /** Writes what is queued and ends; no timer is left. */
  async close(): Promise<void> {
    await this.flush();
    this.cancelRetry?.();
    this.cancelRetry = undefined;
  }

  private clean(line: string): string {
    const flat = line.replace(/\r?\n/g, " ⏎ ").replace(CONTROL, " ");
    const safe = this.options.redactor.text(flat);
    return safe.length > LINE_CHARS_MAX ? `${safe.slice(0, LINE_CHARS_MAX)}…` : safe;
  }

  private pump(): void {
    if (this.writing !== undefined || this.cancelRetry !== undefined) return;
    // After a failure it is tried without a new line, too: that lines were lost is one, and says that it is over.
    if (this.queue.length === 0 && this.trouble === undefined) return;
    this.writing = this.drain().finally(() => {
      this.writing = undefined;
    });
  }

  private async drain(): Promise<void> {
    do {
      const lines = this.queue;
      this.queue = [];
      try {
        await this.put(lines);
        this.recovered();
      } catch (error) {
        this.failed(lines, error as Error);
        return;
      }
    } while (this.queue.length > 0);
  }

  private async put(lines: readonly string[]): Promise<void> {
    const { path } = this.options;
    if (this.bytes === undefined) {
      await this.files.makeFolder(dirname(path));
      this.bytes = await this.files.size(path);
    }
    const said =
      this.lost === 0
        ? []
        : [`(${this.lost} lines were lost: ${this.trouble ?? "too many at once"})`];
    // Line by line, so that a large batch cannot make a file larger than its limit.
    let chunk = "";
    for (const line of [...said, ...lines]) {
      const text = `${line}\n`;
      const size = Buffer.byteLength(chunk) + Buffer.byteLength(text);
      if (this.bytes + size > this.bytesMax && this.bytes + chunk.length > 0) {
        await this.append(chunk);
        chunk = "";
        await this.rotate();
      }
      chunk += text;
    }
    await this.append(chunk);
  }

  private async append(text: string): Promise<void> {
    if (text === "") return;
    await this.files.append(this.options.path, text);
    this.bytes = (this.bytes ?? 0) + Buffer.byteLength(text);
  }

  private async rotate(): Promise<void> {
    const { path } = this.options;
    await this.files.remove(fileName(path, this.filesMax - 1));
    for (let i = this.filesMax - 2; i >= 0; i--) {
      await this.files.move(fileName(path, i), fileName(path, i + 1));
    }
    this.bytes = 0;
  }

  private failed(lines: readonly string[], error: Error): void {
    // They are not kept: a disk that stays full must not fill the memory instead.
    this.lost += lines.length;
    this.bytes = undefined;
    const why = systemReasonOf(error);
    if (this.trouble === undefined) this.options.onTrouble?.(why);
    this.trouble = why;
    this.cancelRetry = this.options.clock.after(RETRY_MS, () => {
      this.cancelRetry = undefined;
      this.pump();
    });
  }

  private recovered(): void {
    this.lost = 0;
    if (this.trouble === undefined) return;
    this.trouble = undefined;
    this.options.onTrouble?.(undefined);
  }
}

/** `log`, `log.1`, `log.2` … from new to old. */
function fileName(path: string, index: number): string {
  return index === 0 ? path : `${path}.${index}`;
}

export const diskFiles: LogFiles = {
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  append: (path, text) => appendFile(path, text, { mode: 0o600 }),
  size: (path) => ifThere(async () => (await stat(path)).size, 0),
  move: (from, to) => ifThere(() => rename(from, to), undefined),
  remove: (path) => rm(path, { force: true }),
};

async function ifThere<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  }
}
