/**
 * The daily backup (C6): looks every hour whether one is due, makes it, removes those older than 30 days. One that fails is
 * an alert and tried again with the next look; it never stops anything else.
 */
import { reasonOf } from "../host/reason.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { Finding } from "../state/health.js";
import { wait } from "../ops/health-words.js";
import type { AlertSink } from "../ops/monitor.js";
import { DAY_MS, dueInMs, type KeptBackup } from "./keep.js";

/** Not while everything starts. */
const FIRST_LOOK_MS = 120_000;
const LOOK_MS = 3_600_000;
/** Half a day late is late. */
const LATE_MS = DAY_MS / 2;

export interface DailyBackupDeps {
  readonly clock: Clock;
  readonly alerts: AlertSink;
  list(): Promise<readonly KeptBackup[]>;
  /** Makes one and removes old ones, within a deadline of its own. */
  make(): Promise<void>;
  log(level: "info" | "warn", message: string): void;
  /** Its finding may have changed. */
  changed(): void;
}

const NEXT = "It is tried again every hour; see whether the disk is full, or run `buddy backup`.";

export class DailyBackup {
  private readonly cancels: CancelTimer[] = [];
  private isAtWork = false;
  private isStopped = false;
  private failure: string | undefined;

  constructor(private readonly deps: DailyBackupDeps) {}

  start(): void {
    const { clock } = this.deps;
    this.cancels.push(
      clock.after(FIRST_LOOK_MS, () => void this.look()),
      clock.every(LOOK_MS, () => void this.look()),
    );
  }

  /** One that is under way is its maker's to end; nothing is told of it any more. */
  stop(): void {
    this.isStopped = true;
    for (const cancel of this.cancels.splice(0)) cancel();
  }

  /** Makes a backup when one is due. Never rejects. */
  async look(): Promise<void> {
    if (this.isAtWork) return;
    this.isAtWork = true;
    try {
      const { clock, list, make, log, alerts } = this.deps;
      if (dueInMs(await list(), clock.wallMs()) > 0) return;
      await make();
      if (this.isStopped) return;
      this.failure = undefined;
      log("info", "the daily backup was made and checked");
      alerts.clear("backup failed", "The daily backup was made.");
    } catch (error) {
      if (!this.isStopped) this.failed(reasonOf(error));
    } finally {
      this.isAtWork = false;
      this.deps.changed();
    }
  }

  /** How it is, for the health list. */
  async finding(): Promise<Finding> {
    const [newest] = await this.deps.list();
    if (this.failure !== undefined) {
      const text = `The daily backup failed: ${this.failure}.`;
      return { level: "warn", text, next: NEXT, lastError: this.failure };
    }
    if (newest === undefined) {
      return { level: "ok", text: "The first backup is made minutes after the start.", next: "" };
    }
    const ageMs = Math.max(0, this.deps.clock.wallMs() - newest.wallMs);
    if (ageMs > DAY_MS + LATE_MS) {
      const text = `The newest backup is ${Math.round(ageMs / 3_600_000)} hours old.`;
      return { level: "warn", text, next: "It is made within the hour; or run `buddy backup`." };
    }
    const age = ageMs < 3_600_000 ? wait(ageMs) : `${Math.round(ageMs / 3_600_000)} h`;
    return { level: "ok", text: `The newest backup is ${age} old.`, next: "" };
  }

  private failed(why: string): void {
    this.failure = why;
    this.deps.log("warn", `the daily backup failed: ${why}`);
    this.deps.alerts.raise({
      key: "backup failed",
      severity: "warning",
      text: `The daily backup failed: ${why}.`,
      next: NEXT,
    });
  }
}
