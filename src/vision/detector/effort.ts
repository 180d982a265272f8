/**
 * Which pictures are looked at, and how many are asked of a camera that can be asked. Somebody who is there, or was a moment
 * ago, is followed in every picture; with nobody there five looks a second are enough to see a face within 250 ms. On a slow
 * machine a picture does not wait for the look before it: a younger one is looked at instead, so that the rate falls and the
 * age does not grow. Pure; monotonic ms.
 */

/** With nobody there; the look itself comes on top. */
const IDLE_MS = 200;
/** A camera's picture may come a little early: a fifth of a second is six pictures of 33 ms, not seven. */
const EARLY_MS_MIN = 10;
/** What is asked of a camera that can be asked. */
export const IDLE_PER_S = 1000 / IDLE_MS;
const FULL_PER_S = 30;
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
 * @param periodMs from one picture of the camera to the next, as far as it is known. The one nearest to the moment is taken:
 * a camera that gives five a second anyway gives none that could be left out.
 */
export function restMs(effort: Effort, isBusy: boolean, nowMs: number, periodMs = 0): number {
  const { givenAtMs, lookMs } = effort;
  if (isBusy && lookMs > SLOW_LOOK_MS) return lookMs;
  if (givenAtMs === undefined) return 0;
  if (isFollowing(effort, nowMs)) return 0;
  const earlyMs = Math.max(EARLY_MS_MIN, Math.min(periodMs, IDLE_MS) / 2);
  return Math.max(0, givenAtMs + IDLE_MS - earlyMs - nowMs);
}

/** How many pictures a second are of use. @param isViewed somebody is shown them. */
export function wantedPerS(effort: Effort, isViewed: boolean, nowMs: number): number {
  return isViewed || isFollowing(effort, nowMs) ? FULL_PER_S : IDLE_PER_S;
}

function isFollowing({ seenAtMs }: Effort, nowMs: number): boolean {
  return seenAtMs !== undefined && nowMs - seenAtMs <= LOST_MS;
}

/** @param isWatched somebody was seen, or something that is to be watched closely. */
export function looked(effort: Effort, isWatched: boolean, lookMs: number, nowMs: number): Effort {
  return { ...effort, lookMs, seenAtMs: isWatched ? nowMs : effort.seenAtMs };
}
