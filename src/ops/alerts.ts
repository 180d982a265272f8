/**
 * The alerts file: one JSON object a line, in files of bounded size, so that a person or a program can follow it
 * (`tail -f`). It tells; it acts on nothing.
 */
import { z } from "zod";
import type { Clock } from "../time/clock.js";
import {
  stepAlerts,
  type ActiveAlert,
  type AlertEvent,
  type AlertRecord,
  type Alerts,
} from "./alert-core.js";
import type { AlertFacts } from "../state/health.js";
import type { BoundedLog } from "../datadir/bounded-log.js";
import type { Redactor } from "../datadir/redact.js";

/** Records kept in memory for the page. */
const RECENT_MAX = 100;

const recordSchema = z.object({
  wallMs: z.number(),
  event: z.enum(["raised", "worse", "stands", "cleared"]),
  key: z.string(),
  severity: z.enum(["warning", "critical"]),
  text: z.string(),
  next: z.string(),
  sinceWallMs: z.number(),
  count: z.number(),
});

export class AlertBook {
  private alerts: Alerts = [];
  private readonly recentRecords: AlertRecord[] = [];
  private readonly listeners = new Set<(record: AlertRecord) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly log: BoundedLog,
    private readonly redactor: Redactor,
  ) {}

  /** Something is wrong. Raised again while it stands, it is counted and not told again. */
  raise(facts: AlertFacts): void {
    const { key, severity } = facts;
    const text = this.redactor.text(facts.text);
    const next = this.redactor.text(facts.next);
    this.step({ type: "raise", facts: { key, severity, text, next } });
  }

  /** It is well again; nothing happens when it was not raised. */
  clear(key: string, text: string): void {
    this.step({ type: "clear", key, text: this.redactor.text(text) });
  }

  active(): readonly ActiveAlert[] {
    return this.alerts;
  }

  /** The last records, oldest first. */
  recent(): readonly AlertRecord[] {
    return this.recentRecords;
  }

  onRecord(listener: (record: AlertRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private step(event: AlertEvent): void {
    const { alerts, record } = stepAlerts(this.alerts, event, this.clock.wallMs());
    this.alerts = alerts;
    if (record === undefined) return;
    this.recentRecords.push(record);
    if (this.recentRecords.length > RECENT_MAX) this.recentRecords.shift();
    this.log.write(JSON.stringify(record));
    for (const listener of this.listeners) listener(record);
  }
}

/**
 * Reads an alerts file's text. Lines that are no record (a torn tail after a power cut, an older version) are counted,
 * not thrown.
 */
export function parseAlerts(text: string): {
  readonly records: readonly AlertRecord[];
  readonly bad: number;
} {
  const records: AlertRecord[] = [];
  let bad = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const record = parseLine(line);
    if (record === undefined) bad += 1;
    else records.push(record);
  }
  return { records, bad };
}

function parseLine(line: string): AlertRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // Not JSON: a torn or foreign line, counted by the caller.
  }
}
