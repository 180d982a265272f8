/**
 * What happened and what was wrong, for people and on the disk: log lines, alerts, and that no secret stands in any of
 * them. A full disk costs lines, and that is an alert of its own.
 */
import { join } from "node:path";
import type { LogLevel } from "../child/messages.js";
import { BoundedLog } from "../datadir/bounded-log.js";
import { LogFiles } from "../datadir/log-files.js";
import { Redactor } from "../datadir/redact.js";
import type { Clock } from "../time/clock.js";
import { AlertBook } from "./alerts.js";

export interface LogbookDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  /** What must never be shown. */
  readonly secrets: readonly string[];
  /** Shows a line, already redacted, to people: terminal and page. */
  show(part: string, level: LogLevel, message: string): void;
  /** Lines begin to get lost, or no longer do. */
  onTrouble(): void;
}

export class Logbook {
  readonly redactor: Redactor;
  readonly alerts: AlertBook;
  private readonly files: LogFiles;
  private readonly alertLog: BoundedLog;

  constructor(private readonly deps: LogbookDeps) {
    const { clock, dataDir } = deps;
    const redactor = new Redactor(deps.secrets);
    this.redactor = redactor;
    const onTrouble = (why: string | undefined): void => this.tellTrouble(why);
    this.files = new LogFiles(join(dataDir, "logs"), clock, redactor, onTrouble);
    this.alertLog = new BoundedLog({
      path: join(dataDir, "alerts.log"),
      clock,
      redactor,
      onTrouble,
    });
    this.alerts = new AlertBook(clock, this.alertLog, redactor);
  }

  /** A line of the log: redacted, kept in the part's file, shown. */
  note(part: string, level: LogLevel, message: string): void {
    const safe = this.redactor.text(message);
    this.files.write(part, level, safe);
    this.deps.show(part, level, safe);
  }

  /** Why lines cannot be written now; undefined when they can. */
  get trouble(): string | undefined {
    return this.alertLog.view().trouble ?? this.files.trouble;
  }

  async close(): Promise<void> {
    await this.alertLog.close();
    await this.files.close();
  }

  private tellTrouble(why: string | undefined): void {
    if (why === undefined) this.alerts.clear("log", "The log is written again.");
    else {
      this.alerts.raise({
        key: "log",
        severity: "warning",
        text: `Log lines are being lost: ${why}.`,
        next: "See whether the disk is full and the data directory may be written to.",
      });
    }
    this.deps.onTrouble();
  }
}
