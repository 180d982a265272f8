/**
 * When an alert is told: the first time loudly, repeats quietly, the recovery once. Pure. An alert is known by its
 * key; raising it again while it stands only counts, except that one that stands long is told again now and then.
 */
import type { AlertDetails, AlertEntry, AlertFacts } from "../state/health.js";

export interface ActiveAlert extends AlertDetails {
  readonly lastWallMs: number;
  readonly count: number;
  readonly toldWallMs: number;
}

export type Alerts = readonly ActiveAlert[];

export type AlertEvent =
  | { readonly type: "raise"; readonly facts: AlertFacts }
  | { readonly type: "clear"; readonly key: string; readonly text: string };

/** One line of the alerts file, as it is written. */
export interface AlertRecord extends AlertEntry {
  readonly count: number;
}

/** An alert that stands is told again this often. */
export const REMIND_MS = 3_600_000;
/** Alerts at a time. At the limit the one that was silent longest makes room. */
export const ACTIVE_MAX = 50;

export function stepAlerts(
  alerts: Alerts,
  event: AlertEvent,
  wallMs: number,
): { readonly alerts: Alerts; readonly record: AlertRecord | undefined } {
  const key = event.type === "raise" ? event.facts.key : event.key;
  const before = alerts.find((alert) => alert.key === key);
  const others = alerts.filter((alert) => alert.key !== key);
  if (event.type === "clear") {
    if (before === undefined) return { alerts, record: undefined };
    const record = recordOf({ ...before, text: event.text, next: "" }, "cleared", wallMs);
    return { alerts: others, record };
  }
  if (before === undefined) {
    const fresh = { sinceWallMs: wallMs, lastWallMs: wallMs, count: 1, toldWallMs: wallMs };
    const alert = { ...event.facts, ...fresh };
    return { alerts: [...roomIn(others), alert], record: recordOf(alert, "raised", wallMs) };
  }
  return again(others, before, event.facts, wallMs);
}

function again(
  others: Alerts,
  before: ActiveAlert,
  facts: AlertFacts,
  wallMs: number,
): { readonly alerts: Alerts; readonly record: AlertRecord | undefined } {
  const isWorse = before.severity === "warning" && facts.severity === "critical";
  const isDue = wallMs - before.toldWallMs >= REMIND_MS;
  const toldWallMs = isWorse || isDue ? wallMs : before.toldWallMs;
  const alert = { ...before, ...facts, lastWallMs: wallMs, count: before.count + 1, toldWallMs };
  const told = isWorse ? "worse" : isDue ? "stands" : undefined;
  return {
    alerts: [...others, alert],
    record: told === undefined ? undefined : recordOf(alert, told, wallMs),
  };
}

function roomIn(alerts: Alerts): Alerts {
  if (alerts.length < ACTIVE_MAX) return alerts;
  const oldest = alerts.reduce((a, b) => (a.lastWallMs <= b.lastWallMs ? a : b));
  return alerts.filter((alert) => alert !== oldest);
}

function recordOf(alert: ActiveAlert, event: AlertRecord["event"], wallMs: number): AlertRecord {
  const { key, severity, text, next, sinceWallMs, count } = alert;
  return { wallMs, event, key, severity, text, next, sinceWallMs, count };
}
