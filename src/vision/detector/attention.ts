/**
 * Does the detector look at the pictures that come? One that gives nothing is no eye, whatever its process says. Pure; times
 * are monotonic ms.
 */
import { seconds } from "../../time/words.js";

/** Pictures that were not looked at for this long: the robot's gaze is given up by then (D4). */
const SLOW_MS = 2000;
/** So long that nobody calls it slow. */
const SILENT_MS = 10_000;

export interface Attention {
  /** When the oldest picture came that is newer than the last one looked at; undefined: there is none. */
  readonly unlookedSinceMs: number | undefined;
  /** Why the last picture could not be looked at; undefined when it could. */
  readonly fault: string | undefined;
  /** It was ready once. */
  readonly hasLooked: boolean;
  /** Why it cannot look at all; undefined while it can. */
  readonly unable: string | undefined;
}

export const NO_ATTENTION: Attention = {
  unlookedSinceMs: undefined,
  fault: undefined,
  hasLooked: false,
  unable: undefined,
};

export function pictureCame(attention: Attention, nowMs: number): Attention {
  return { ...attention, unlookedSinceMs: attention.unlookedSinceMs ?? nowMs };
}

/** @param isNewest no newer picture has come meanwhile. */
export function pictureLookedAt(isNewest: boolean, nowMs: number): Attention {
  const unlookedSinceMs = isNewest ? undefined : nowMs;
  return { ...NO_ATTENTION, unlookedSinceMs, hasLooked: true };
}

/** It could not be decoded: that is no look. */
export function pictureFailed(attention: Attention, fault: string): Attention {
  return { ...attention, fault };
}

/** It will not look at any picture of this run. */
export function eyesOff(attention: Attention, unable: string): Attention {
  return { ...attention, unable };
}

/** The camera is gone: nothing can be looked at. */
export function picturesEnded(attention: Attention): Attention {
  return { ...attention, unlookedSinceMs: undefined, fault: undefined };
}

export interface Look {
  readonly state: "starting" | "works" | "slow" | "silent";
  readonly text: string;
}

/** @param isReady its thread has loaded its models. */
export function lookOf(attention: Attention, isReady: boolean, nowMs: number): Look {
  const { unlookedSinceMs, fault, hasLooked, unable } = attention;
  if (unable !== undefined) return { state: "silent", text: `The eyes are off: ${unable}.` };
  if (!isReady && !hasLooked) {
    return { state: "starting", text: "The detector is loading its models." };
  }
  const blindMs = unlookedSinceMs === undefined ? 0 : nowMs - unlookedSinceMs;
  if (blindMs < SLOW_MS) return { state: "works", text: "It looks at each picture." };
  const why =
    fault !== undefined ? `: ${fault}` : isReady ? "" : ": its thread was replaced and is starting";
  const text = `It has looked at no picture for ${seconds(blindMs)}${why}.`;
  return { state: blindMs < SILENT_MS ? "slow" : "silent", text };
}
