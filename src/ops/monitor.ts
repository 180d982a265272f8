/**
 * The monitor only observes (C5): every 5 min it looks at the companion from outside and at the machine, and writes
 * alerts. It restarts nothing and repairs nothing: two that repair fight each other.
 *
 * What is judged bad is decided by `judge`, which is pure; `MONITOR_LIMITS` has the figures.
 */
import { statfs } from "node:fs/promises";
import { z } from "zod";
import { causeReasonOf, reasonOf } from "../host/reason.js";
import { withDeadline } from "../resilience/deadline.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { AlertFacts } from "../state/health.js";

/** What one look found. undefined: could not be found out. */
export interface Sample {
  readonly readiness:
    | { readonly kind: "ready" }
    | { readonly kind: "notReady"; readonly reasons: readonly string[] }
    | { readonly kind: "unreachable"; readonly why: string };
  readonly diskFreeBytes: number | undefined;
  readonly diskFreeShare: number | undefined;
  /** Age of the newest backup; undefined when there is none, "unwatched" when nobody makes any here. */
  readonly backupAgeMs: number | undefined | "unwatched";
  /** Why log lines are being lost; undefined when they are not. */
  readonly logTrouble: string | undefined;
}

export interface MonitorLimits {
  readonly diskFreeBytesMin: number;
  readonly diskFreeShareMin: number;
  readonly backupAgeMsMax: number;
  /** Looks in a row at which it was not ready until that is an alert: one may fall into a restart. */
  readonly notReadyLooksMax: number;
}

/** A backup is daily: half a day late is late. 200 MB hold a year of our own files. */
export const MONITOR_LIMITS: MonitorLimits = {
  diskFreeBytesMin: 200_000_000,
  diskFreeShareMin: 0.03,
  backupAgeMsMax: 36 * 3_600_000,
  notReadyLooksMax: 2,
};

export const MONITOR_PERIOD_MS = 300_000;
const LOOK_MS_MAX = 20_000;

/** What follows from a look: an alert that stands, or one that does not. */
export type Verdict =
  | { readonly kind: "bad"; readonly facts: AlertFacts }
  | { readonly kind: "good"; readonly key: string; readonly text: string };

/** @param looksNotReady looks in a row, this one included, at which it was not ready. */
export function judge(
  sample: Sample,
  looksNotReady: number,
  limits: MonitorLimits = MONITOR_LIMITS,
): Verdict[] {
  return [
    judgeReadiness(sample, looksNotReady, limits),
    judgeDisk(sample, limits),
    judgeBackup(sample, limits),
    judgeLog(sample),
  ].filter((verdict) => verdict !== undefined);
}

function judgeReadiness(
  { readiness }: Sample,
  looks: number,
  limits: MonitorLimits,
): Verdict | undefined {
  const key = "readiness";
  if (readiness.kind === "ready") return { kind: "good", key, text: "Buddy is ready again." };
  if (looks < limits.notReadyLooksMax) return undefined;
  if (readiness.kind === "notReady") {
    const text = `Buddy was not ready at ${looks} looks in a row: ${readiness.reasons.join(" ")}`;
    const next = "Open its page: it says the next step for each part.";
    return { kind: "bad", facts: { key, severity: "warning", text, next } };
  }
  const text = `Buddy's page did not answer at ${looks} looks in a row: ${readiness.why}`;
  const next = "See whether it runs (`systemctl --user status buddy`), then `buddy doctor`.";
  return { kind: "bad", facts: { key, severity: "critical", text, next } };
}

/** @param share of the disk, 0 to 1. */
export function roomWords(bytes: number, share: number): string {
  const size = bytes < 10e9 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e9)} GB`;
  return `${size} (${(share * 100).toFixed(1)} %)`;
}

function judgeDisk(sample: Sample, limits: MonitorLimits): Verdict | undefined {
  const key = "disk";
  const { diskFreeBytes: free, diskFreeShare: share } = sample;
  if (free === undefined || share === undefined) return undefined;
  if (free >= limits.diskFreeBytesMin && share >= limits.diskFreeShareMin) {
    return { kind: "good", key, text: "There is room on the disk again." };
  }
  const text = `Only ${roomWords(free, share)} of the disk are free.`;
  const next = "Make room: logs degrade first, then saving fails.";
  const severity = free < limits.diskFreeBytesMin / 4 ? "critical" : "warning";
  return { kind: "bad", facts: { key, severity, text, next } };
}

function judgeBackup(sample: Sample, limits: MonitorLimits): Verdict | undefined {
  const key = "backup";
  const ageMs = sample.backupAgeMs;
  if (ageMs === "unwatched") return undefined;
  if (ageMs !== undefined && ageMs <= limits.backupAgeMsMax) {
    return { kind: "good", key, text: "There is a fresh backup again." };
  }
  const text =
    ageMs === undefined
      ? "There is no backup."
      : `The newest backup is ${Math.round(ageMs / 3_600_000)} hours old.`;
  const facts = { key, severity: "warning", text, next: "Run `buddy backup`." } as const;
  return { kind: "bad", facts };
}

function judgeLog({ logTrouble }: Sample): Verdict {
  const key = "log";
  if (logTrouble === undefined) return { kind: "good", key, text: "The log is written again." };
  const text = `Log lines are being lost: ${logTrouble}.`;
  const next = "See whether the disk is full and the data directory may be written to.";
  return { kind: "bad", facts: { key, severity: "warning", text, next } };
}

/** Where verdicts go; `AlertBook` fits. */
export interface AlertSink {
  raise(facts: AlertFacts): void;
  clear(key: string, text: string): void;
}

export class Monitor {
  private cancel: CancelTimer | undefined;
  private looksNotReady = 0;
  private isLooking = false;

  constructor(
    private readonly clock: Clock,
    private readonly sample: (signal: AbortSignal) => Promise<Sample>,
    private readonly alerts: AlertSink,
    private readonly limits: MonitorLimits = MONITOR_LIMITS,
  ) {}

  /** Looks now and every 5 min. */
  start(): void {
    if (this.cancel !== undefined) return;
    this.cancel = this.clock.every(MONITOR_PERIOD_MS, () => void this.look());
    void this.look();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /** One look. Never rejects: what cannot be looked at is an alert. */
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const sample = await withDeadline((attempt) => this.sample(attempt.signal), {
        clock: this.clock,
        operation: "monitor",
        ms: LOOK_MS_MAX,
      });
      this.looksNotReady = sample.readiness.kind === "ready" ? 0 : this.looksNotReady + 1;
      for (const verdict of judge(sample, this.looksNotReady, this.limits)) this.tell(verdict);
      this.alerts.clear("monitor", "The monitor sees again.");
    } catch (error) {
      // A blind monitor is worse than none if nobody knows.
      this.alerts.raise({
        key: "monitor",
        severity: "warning",
        text: `The monitor could not look: ${reasonOf(error)}.`,
        next: "It looks again in 5 min; see its log if this lasts.",
      });
    } finally {
      this.isLooking = false;
    }
  }

  private tell(verdict: Verdict): void {
    if (verdict.kind === "bad") this.alerts.raise(verdict.facts);
    else this.alerts.clear(verdict.key, verdict.text);
  }
}

/** Answer of `/readyz`, read over HTTP as any monitor would. A refused connection is a finding, not an error. */
export async function readReadiness(
  url: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Sample["readiness"]> {
  let response: Response;
  try {
    response = await fetch(url, { signal, redirect: "error", headers });
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: "unreachable", why: causeReasonOf(error) };
  }
  const text = await readStart(response);
  if (response.status === 200) return { kind: "ready" };
  return { kind: "notReady", reasons: reasonsIn(text, response.status) };
}

/** Whatever answers on that port may not be ours, and may never end. */
const ANSWER_BYTES_MAX = 65_536;

async function readStart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, ANSWER_BYTES_MAX);
}

const notReadyBody = z.object({ reasons: z.array(z.string().max(500)).max(50) });

function reasonsIn(text: string, status: number): readonly string[] {
  try {
    const reasons = notReadyBody.parse(JSON.parse(text)).reasons;
    if (reasons.length > 0) return reasons;
  } catch {
    // Not our page's answer: its status is all we know.
  }
  return [`HTTP status ${status}.`];
}

/** Free room where `path` lies. */
export async function readDisk(
  path: string,
): Promise<{ readonly diskFreeBytes: number; readonly diskFreeShare: number }> {
  const { bavail, bsize, blocks } = await statfs(path);
  return { diskFreeBytes: bavail * bsize, diskFreeShare: blocks === 0 ? 0 : bavail / blocks };
}
