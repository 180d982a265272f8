/**
 * `DIR/logs/PART.log`: every line of every part, in files of bounded size. What a full disk costs is lines, never the
 * companion; that lines get lost is told, and so is that they no longer do.
 */
import { join } from "node:path";
import type { LogLevel } from "../child/messages.js";
import { BoundedLog } from "./bounded-log.js";
import type { Redactor } from "./redact.js";
import type { Clock } from "../time/clock.js";

/** Three files of 1 MiB a part: some days of it, and with ten parts not more than 30 MiB. */
const FILES_MAX = 3;
/** More names than parts can be; what comes after goes to the companion's own file. */
const PARTS_MAX = 16;
const REST = "companion";

export class LogFiles {
  private readonly logs = new Map<string, BoundedLog>();

  /** @param onTrouble told when lines begin to get lost (why) and when they no longer do (undefined). */
  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly redactor: Redactor,
    private readonly onTrouble: (why: string | undefined) => void,
  ) {}

  /** Queues a line; never waits, never throws. */
  write(part: string, level: LogLevel, message: string): void {
    const at = new Date(this.clock.wallMs()).toISOString();
    this.logOf(part).write(`${at} ${level} ${part}: ${message}`);
  }

  /** Why lines are being lost; undefined when they are not. */
  get trouble(): string | undefined {
    for (const log of this.logs.values()) {
      const { trouble } = log.view();
      if (trouble !== undefined) return trouble;
    }
    return undefined;
  }

  /** Writes what is queued and ends; no timer is left. */
  async close(): Promise<void> {
    await Promise.all([...this.logs.values()].map((log) => log.close()));
  }

  private logOf(part: string): BoundedLog {
    // The name becomes a file's: nothing but plain letters, so that it cannot leave the folder.
    const plain = /^[a-z][a-z0-9-]{0,30}$/.test(part) ? part : REST;
    const known = this.logs.get(plain);
    if (known !== undefined) return known;
    if (this.logs.size >= PARTS_MAX && plain !== REST) return this.logOf(REST);
    const log = new BoundedLog({
      path: join(this.folder, `${plain}.log`),
      clock: this.clock,
      redactor: this.redactor,
      filesMax: FILES_MAX,
      // Asked for the whole of them: one file that works again does not mean that all do.
      onTrouble: (why) => this.onTrouble(why ?? this.trouble),
    });
    this.logs.set(plain, log);
    return log;
  }
}
