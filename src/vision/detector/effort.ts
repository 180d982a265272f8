/**
 * Which pictures are looked at. Somebody who is there, or was a moment ago, is followed in every picture; with nobody there
 * five looks a second are enough to see a face within 250 ms. On a slow machine a picture does not wait for the look
 * before it: a younger one is looked at instead, so that the rate falls and the age does not grow. Pure; monotonic ms.
 */

/** With nobody there; the look itself comes on top. */
const IDLE_MS = 200;
/** A camera's picture may come a little early: a fifth of a second is six pictures of 33 ms, not seven. */
const EARLY_MS = 10;
/** After a face was lost every picture is looked at for this long. */
const LOST_MS = 1000;
/** Looks that take longer than a picture of 30 a second lasts are slow. */
const SLOW_LOOK_MS = 40;

export interface Effort {
  /** When the last picture was given to the detector; undefined: none was. */
  readonly givenAtMs: number | undefined;
  /** When a face was last seen, or something that is to be watched closely; undefined: never. */
  readonly seenAtMs: number | undefined;
  /** What the last look took. */
  readonly lookMs: number;
}

export const NO_EFFORT: Effort = { givenAtMs: undefined, seenAtMs: undefined, lookMs: 0 };

/**
 * How long until a picture is wanted, ms; 0: this one is.
 * @param isBusy the detector still looks at the picture before.
 */
export function restMs(effort: Effort, isBusy: boolean, nowMs: number): number {
  const { givenAtMs, seenAtMs, lookMs } = effort;
  if (isBusy && lookMs > SLOW_LOOK_MS) return lookMs;
  if (givenAtMs === undefined) return 0;
  if (seenAtMs !== undefined && nowMs - seenAtMs <= LOST_MS) return 0;
  return Math.max(0, givenAtMs + IDLE_MS - EARLY_MS - nowMs);
}

/** @param isWatched somebody was seen, or something that is to be watched closely. */
export function looked(effort: Effort, isWatched: boolean, lookMs: number, nowMs: number): Effort {
  return { ...effort, lookMs, seenAtMs: isWatched ? nowMs : effort.seenAtMs };
}
