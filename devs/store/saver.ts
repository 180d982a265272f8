/**
 * When to write. The stock settings store can lose everything in the millisecond of a write, so changes are
 * gathered: what the robot learned waits up to 30 minutes, what the owner set 5 seconds, and a boot or a
 * clean stop is written at once. Pure: `saverStep` says whether to save now, the caller saves and reports back.
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
  /** When the oldest unsaved change of each urgency must be written, ms; -1 when there is none. */
  dueMs: number;
  lastSaveMs: number;
  /** Failed attempts in a row. */
  failures: number;
  /** No attempt before this. */
  retryMs: number;
  /** Changes gathered since the last save, and saves since boot, for people. */
  gathered: number;
  saves: number;
}

export function newSaver(nowMs: number): SaverState {
  return { dueMs: -1, lastSaveMs: nowMs, failures: 0, retryMs: 0, gathered: 0, saves: 0 };
}

/** Something changed. Calling it for each change is cheap: only the earliest due time counts. */
export function noteChange(saver: SaverState, urgency: Urgency, nowMs: number): void {
  let dueMs = nowMs;
  if (urgency === "soon") dueMs = nowMs + SAVE_SOON_MS;
  // The period runs from the last save: a robot that changes all the time writes every 30 minutes.
  else if (urgency === "learned") dueMs = Math.max(nowMs, saver.lastSaveMs + SAVE_PERIOD_MS);
  if (saver.dueMs < 0 || dueMs < saver.dueMs) saver.dueMs = dueMs;
  saver.gathered++;
}

/** True when a save is due now. */
export function isSaveDue(saver: SaverState, nowMs: number): boolean {
  if (nowMs < saver.retryMs) return false;
  if (saver.dueMs >= 0) return nowMs >= saver.dueMs;
  return nowMs - saver.lastSaveMs >= SAVE_UPTIME_MS;
}

/**
 * The save that began when `gatheredBefore` changes were gathered has ended. Changes made while it ran are not
 * in it and stay due.
 */
export function noteSaved(saver: SaverState, gatheredBefore: number, nowMs: number): void {
  saver.lastSaveMs = nowMs;
  saver.failures = 0;
  saver.retryMs = 0;
  saver.saves++;
  saver.gathered -= gatheredBefore;
  saver.dueMs = saver.gathered > 0 ? nowMs + SAVE_PERIOD_MS : -1;
}

/** The save failed: it stays due, later. */
export function noteSaveFailed(saver: SaverState, nowMs: number): void {
  const waitMs = Math.min(SAVE_RETRY_MS * 2 ** Math.min(saver.failures, 8), SAVE_PERIOD_MS);
  saver.failures++;
  saver.retryMs = nowMs + waitMs;
  if (saver.dueMs < 0) saver.dueMs = nowMs;
}
