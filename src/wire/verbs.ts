/**
 * The closed list of verbs that the robot answers, and of the words their arguments may be: one table for the
 * firmware's interpreter (`devs/command`) and for everything that sends commands. Replies and errors of each
 * verb are in `devs/command/verbs.ts`. Angles are degrees, as `limits.ts` says.
 */

/**
 * Prefixes of a command line, longest first where one begins another. A verb that needs an argument ends in
 * its separator, so `NOD` without a colon is unknown. Upper case only. `QUERYxyz` is `QUERY`.
 */
export const VERBS = [
  "QUERY",
  "LOOK:",
  "ATTENTION:",
  "LISTENING",
  "THINKING",
  "STOP_THINKING",
  "STOP_SPEAKING",
  "SPEAKING",
  "ACKNOWLEDGE",
  "CELEBRATE",
  "NOD:",
  "SHAKE:",
  "EXPRESS:",
  "SATISFY:",
  "PRESENCE",
  "SPOKE",
  "IDLE_MOTION:",
  "IDLE",
  "STREAM:",
  "PERFORM:",
  "PHYSICAL:",
  "VISION:",
  "VISION ",
  "RESET_PID",
  "FACE:",
  "NO_FACE",
  "HOLD",
  "WHY",
  "SELF",
  "SHUTDOWN",
  "RESTART",
] as const;
export type Verb = (typeof VERBS)[number];

/** Before a command: it is the owner's, and done although a face is followed (PROTOCOL §2). */
export const OWNER_MARK = "@";

/** `ATTENTION:dir`, any case. */
export const ATTENTION_DIRECTIONS = ["center", "left", "right", "up", "down"] as const;
export type AttentionDirection = (typeof ATTENTION_DIRECTIONS)[number];

/** `EXPRESS:emotion`, any case. */
export const EMOTIONS = [
  "curious",
  "excited",
  "content",
  "anxious",
  "neutral",
  "startled",
  "bored",
  "confused",
] as const;
export type Emotion = (typeof EMOTIONS)[number];

/** `PERFORM:type`, exact case. */
export const PERFORM_TYPES = [
  "pre_speech",
  "watching",
  "deflated",
  "acknowledged",
  "lean_forward",
] as const;
export type PerformType = (typeof PERFORM_TYPES)[number];

/** `PHYSICAL:name`, exact case. */
export const PHYSICAL_NAMES = [
  "sigh",
  "double_take",
  "settle",
  "expectant",
  "dismissive",
  "curious_tilt",
  "startled",
] as const;
export type PhysicalName = (typeof PHYSICAL_NAMES)[number];

/** `SATISFY:need,amount`; amount 0..1. */
export const NEEDS = ["social", "stimulation", "novelty"] as const;
export type Need = (typeof NEEDS)[number];

/** `NOD:n` and `SHAKE:n`: 1..10. */
export const GESTURE_COUNT_MAX = 10;

/** `HOLD` and `HOLD:s`: the head keeps still, faces or not. Seconds; 0 lets go. */
export const HOLD_S = 60;
export const HOLD_S_MAX = 3600;

/** `WHY` and `WHY:n`: the last causes, newest first; so many are kept. */
export const CAUSES_MAX = 20;

/** True if `word` is one of `list`, and then typed so. */
export function isOneOf<T extends string>(list: readonly T[], word: string): word is T {
  for (const known of list) if (known === word) return true;
  return false;
}
