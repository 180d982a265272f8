/**
 * When to write. The stock settings store can lose everything in the millisecond of a write, so changes are
 * gathered: what the robot learned waits up to 30 minutes, what the owner set 5 seconds, and a boot or a
 * clean stop is written at once. Pure: `isSaveDue` says whether to save now, the caller saves and reports back.
 */

/** Learned things (traits, weights, space): at most one save in this time. */
export const SAVE_PERIOD_MS = 30 * 60_000;
/** Settings of the owner (calibration, switches): soon, but several in a row are one save. */
export const SAVE_SOON_MS = 5_000;
/** Uptime alone is worth a save only this often. */
export const SAVE_UPTIME_MS = 6 * 3_600_000;
/** After a failed save: 10 s, doubled each time, up to the normal period. */
export const SAVE_RETRY_MS = 10_000;

/** How long a change may wait. */
export type Urgency = "now" | "soon" | "learned";

export interface SaverState {
  /** When the most urgent change that no save has taken along must be written, ms; -1 when there is none. */
  dueMs: number;
  /** When the last save began. */
  lastSaveMs: number;
  /** Failed attempts in a row. */
  failures: number;
  /** No attempt before this. */
  retryMs: number;
}

export function newSaver(nowMs: number): SaverState {
  return { dueMs: -1, lastSaveMs: nowMs, failures: 0, retryMs: 0 };
}

/** Something changed. Calling it for each change is cheap: only the earliest due time counts. */
export function noteChange(saver: SaverState, urgency: Urgency, nowMs: number): void {
  let dueMs = nowMs;
  if (urgency === "soon") dueMs = nowMs + SAVE_SOON_MS;
  // The period runs from the last save: a robot that changes all the time writes every 30 minutes.
  else if (urgency === "learned") dueMs = Math.max(nowMs, saver.lastSaveMs + SAVE_PERIOD_MS);
  if (saver.dueMs < 0 || dueMs < saver.dueMs) saver.dueMs = dueMs;
}

/** True when a save is due now. */
export function isSaveDue(saver: SaverState, nowMs: number): boolean {
  if (nowMs < saver.retryMs) return false;
  if (saver.dueMs >= 0) return nowMs >= saver.dueMs;
  return nowMs - saver.lastSaveMs >= SAVE_UPTIME_MS;
}

/** A save begins and takes along all that has changed until now; what changes meanwhile is due by its own urgency. */
export function beginSave(saver: SaverState, nowMs: number): void {
  saver.lastSaveMs = nowMs;
  saver.dueMs = -1;
}

export function noteSaved(saver: SaverState): void {
  saver.failures = 0;
  saver.retryMs = 0;
}

/** The save failed: it stays due, later. */
export function noteSaveFailed(saver: SaverState, nowMs: number): void {
  const waitMs = Math.min(SAVE_RETRY_MS * 2 ** Math.min(saver.failures, 8), SAVE_PERIOD_MS);
  saver.failures++;
  saver.retryMs = nowMs + waitMs;
  saver.dueMs = nowMs;
}
