/**
 * How fast a camera gives pictures. A slow one is no dead one: the wait for its next picture follows the pace it has shown,
 * and only what is too slow to follow a face with is called slow. Pure; times are monotonic ms.
 */

/** Gaps behind the pace: enough that one hiccup changes little. */
const GAPS_MAX = 5;
/** The robot holds its gaze after 0.6 s without a face and gives it up after 2 s (D4): slower than this nothing is followed. */
const SLOW_MS = 1000;
/** Quicker than this a slow camera is called slow no longer. */
const QUICK_MS = 700;
/** No pace is known yet: the slowest camera that counts as one gives a picture in this time. */
const UNKNOWN_MS_MAX = 6000;
/** The next picture is waited for this many times as long as the last ones took, */
const PATIENCE_FACTOR = 4;
/** but at least so long: a stalled camera is known before D4's 2 s are over, */
const WAIT_MS_MIN = 1500;
/** and at most so long. */
const WAIT_MS_MAX = 12_000;
/** A picture is of now for as long as two would have taken, and at least 2 s (D4). */
const FRESH_FACTOR = 2.5;
const FRESH_MS_MIN = 2000;

export interface Pace {
  readonly lastMs: number | undefined;
  /** Newest last. */
  readonly gapsMs: readonly number[];
  readonly isSlow: boolean;
}

export const NO_PACE: Pace = { lastMs: undefined, gapsMs: [], isSlow: false };

/** A picture is here. */
export function stepPace(pace: Pace, nowMs: number): Pace {
  if (pace.lastMs === undefined) return { ...pace, lastMs: nowMs };
  const gapsMs = [...pace.gapsMs, nowMs - pace.lastMs].slice(-GAPS_MAX);
  const next = { ...pace, lastMs: nowMs, gapsMs };
  const periodMs = periodMsOf(next) ?? 0;
  return { ...next, isSlow: periodMs > (pace.isSlow ? QUICK_MS : SLOW_MS) };
}

/** The connection is new: its first gap says nothing, the pace of before is kept. */
export function resumePace(pace: Pace): Pace {
  return { ...pace, lastMs: undefined };
}

/** Median time between two pictures, ms; undefined while none is known. */
export function periodMsOf({ gapsMs }: Pace): number | undefined {
  return [...gapsMs].sort((a, b) => a - b)[Math.floor(gapsMs.length / 2)];
}

/** How long the next whole picture is waited for, ms. */
export function waitMsOf(pace: Pace): number {
  if (pace.gapsMs.length === 0) return UNKNOWN_MS_MAX;
  const slowestMs = Math.max(...pace.gapsMs);
  return Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, PATIENCE_FACTOR * slowestMs));
}

/** Up to which age a picture is of now, ms. */
export function freshMsOf(pace: Pace): number {
  return Math.max(FRESH_MS_MIN, FRESH_FACTOR * (pace.isSlow ? (periodMsOf(pace) ?? 0) : 0));
}
