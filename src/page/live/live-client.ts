/**
 * When the page connects, gives up a connection, and tries again: a pure step, tested without a browser.
 *
 * The server speaks at least each 500 ms. Silence for 1.5 s is a lost server, whatever the socket says. After
 * a good connection the first wait is random up to 0.5 s, then up to 1, 2, 4 and 5 s, for ever (full jitter); a page that is looked
 * at again tries at once.
 */
import { BEAT_MS } from "../../web/live-limits.js";

/** Three beats; with the check each 250 ms the page says "not connected" within 2 s. */
export const SILENCE_MS_MAX = 3 * BEAT_MS;
export const CONNECT_MS_MAX = 3000;
export const CHECK_MS = 250;
const BACKOFF_START_MS = 500;
const BACKOFF_MS_MAX = 5000;
/** A connection that lasted this long was a good one: the next loss starts with short waits. */
const GOOD_AFTER_MS = 5000;

/** `attempt` counts tries since the last good connection. */
export type Phase =
  | { readonly kind: "connecting"; readonly attempt: number; readonly untilMs: number }
  | {
      readonly kind: "open";
      readonly attempt: number;
      readonly openedMs: number;
      readonly heardMs: number;
    }
  | { readonly kind: "waiting"; readonly attempt: number; readonly untilMs: number };

/** start: the page is there; heard: any message; wake: the page is looked at again, or is online again. */
export type Input = "start" | "heard" | "closed" | "tick" | "wake";
/** connect: open a new socket; drop: close the socket and forget it. */
export type Effect = "connect" | "drop";

export interface Step {
  readonly phase: Phase;
  readonly effects: readonly Effect[];
}

export const INITIAL: Phase = { kind: "waiting", attempt: 0, untilMs: 0 };

/** @param random a number in [0, 1). */
export function step(phase: Phase, input: Input, nowMs: number, random: number): Step {
  switch (input) {
    case "start":
    case "wake":
      return phase.kind === "waiting" ? connect(phase.attempt, nowMs) : check(phase, nowMs, random);
    case "heard":
      if (phase.kind === "open") return stay({ ...phase, heardMs: nowMs });
      if (phase.kind === "waiting") return stay(phase);
      return stay({ kind: "open", attempt: phase.attempt, openedMs: nowMs, heardMs: nowMs });
    case "closed":
      return phase.kind === "waiting" ? stay(phase) : lose(phase, nowMs, random, []);
    case "tick":
      return check(phase, nowMs, random);
  }
}

function check(phase: Phase, nowMs: number, random: number): Step {
  const isDue =
    phase.kind === "open" ? nowMs - phase.heardMs > SILENCE_MS_MAX : nowMs >= phase.untilMs;
  if (!isDue) return stay(phase);
  return phase.kind === "waiting"
    ? connect(phase.attempt, nowMs)
    : lose(phase, nowMs, random, ["drop"]);
}

function connect(attempt: number, nowMs: number): Step {
  const untilMs = nowMs + CONNECT_MS_MAX;
  return { phase: { kind: "connecting", attempt: attempt + 1, untilMs }, effects: ["connect"] };
}

function lose(phase: Phase, nowMs: number, random: number, effects: readonly Effect[]): Step {
  const wasGood = phase.kind === "open" && nowMs - phase.openedMs >= GOOD_AFTER_MS;
  const attempt = wasGood ? 0 : phase.attempt;
  const waitMs = random * Math.min(BACKOFF_MS_MAX, BACKOFF_START_MS * 2 ** Math.min(attempt, 10));
  return { phase: { kind: "waiting", attempt, untilMs: nowMs + waitMs }, effects };
}

function stay(phase: Phase): Step {
  return { phase, effects: [] };
}
