/**
 * A robot's side of the floor: asks for it, keeps it by beats, and gives it back once it is silent. Pure.
 *
 *   idle ──want──▶ asking ──held──▶ holding ──done──▶ closing ──silent──▶ idle
 *                                     └── lost, or SOUND_MS without an answered beat ──▶ idle
 *
 * It may sound while `mayUntilMs` lies ahead: SOUND_MS after the last answered request was *sent*. A floor that lapsed is
 * lost, whatever the server says later: only an unbroken chain of beats proves that nobody else was given it.
 */
import { ASK_MS, BEAT_MS, SOUND_MS, type FloorAnswer, type Urgency } from "./floor-core.js";

/** A request that brought no answer is made again after this. */
const AGAIN_MS = 250;

export type HolderState = (
  | { readonly kind: "idle" }
  | { readonly kind: "asking"; readonly urgency: Urgency; readonly nextMs: number }
  | {
      readonly kind: "holding" | "closing";
      readonly urgency: Urgency;
      readonly token: number;
      /** Monotonic: it may sound before this, while it is holding. */
      readonly mayUntilMs: number;
      readonly nextMs: number;
    }
) & {
  /** The greatest token that was there when it began, or that it spoke with. */
  readonly spent: number;
};

export type HolderInput =
  | { readonly type: "want"; readonly urgency: Urgency }
  /** It is done, or was told to be quiet. */
  | { readonly type: "done" }
  /** Whatever plays its sound has confirmed that it plays nothing of it. */
  | { readonly type: "silent" }
  /** The floor has changed hands: asking again may help. */
  | { readonly type: "wake" }
  | { readonly type: "tick" }
  /** `sentMs`: when the request was sent. */
  | { readonly type: "answer"; readonly sentMs: number; readonly answer: FloorAnswer }
  /** A request brought no answer. */
  | { readonly type: "failed" };

export type HolderEffect =
  /** One request at a time is under way; the edge leaves a second one out. */
  | { readonly type: "take"; readonly urgency: Urgency; readonly seen: number }
  | { readonly type: "beat"; readonly token: number }
  | { readonly type: "leave"; readonly token: number }
  /** What plays its sound may do so until then. */
  | { readonly type: "open"; readonly token: number; readonly untilMs: number }
  /** Silence now; to be confirmed by "silent". */
  | { readonly type: "close" }
  | { readonly type: "granted"; readonly token: number }
  | { readonly type: "lost"; readonly why: "taken" | "lapsed" }
  | { readonly type: "full" };

export interface HolderStep {
  readonly state: HolderState;
  readonly effects: readonly HolderEffect[];
}

/** @param token the greatest that the server has given: what an earlier life of this robot held is not its own. */
export function newHolder(token: number): HolderState {
  return { kind: "idle", spent: token };
}

const idle = ({ spent }: HolderState): HolderState => ({ kind: "idle", spent });

/** When it has to be looked at again, monotonic ms. */
export function holderDueMs(state: HolderState): number | undefined {
  if (state.kind === "idle") return undefined;
  if (state.kind === "closing") return state.mayUntilMs;
  return state.kind === "asking" ? state.nextMs : Math.min(state.nextMs, state.mayUntilMs);
}

/** @param nowMs this robot's monotonic clock. */
export function stepHolder(before: HolderState, input: HolderInput, nowMs: number): HolderStep {
  const isOver = "mayUntilMs" in before && nowMs >= before.mayUntilMs;
  if (isOver) {
    const lapsed = lapse(before);
    const next = stepHolder(idle(before), input, nowMs);
    return { state: next.state, effects: [...lapsed, ...next.effects] };
  }
  switch (input.type) {
    case "want":
      return want(before, input.urgency, nowMs);
    case "done":
      return done(before);
    case "silent":
      return before.kind === "closing" ? gone(before, before.token) : same(before);
    case "wake":
      return before.kind === "asking" ? ask(before, before.urgency, nowMs) : same(before);
    case "tick":
      return tick(before, nowMs);
    case "answer":
      return answered(before, input, nowMs);
    case "failed":
      if (before.kind === "idle" || before.kind === "closing") return same(before);
      return same({ ...before, nextMs: Math.min(before.nextMs, nowMs + AGAIN_MS) });
  }
}

function lapse(state: HolderState): HolderEffect[] {
  // It is not given back: only the server's wait for old beats has room for clocks that run unequally.
  return state.kind === "holding" ? [{ type: "close" }, { type: "lost", why: "lapsed" }] : [];
}

function want(before: HolderState, urgency: Urgency, nowMs: number): HolderStep {
  if (before.kind === "holding") return same({ ...before, urgency });
  // What it gives back is not its own any more: it asks like everybody else, when that is done.
  if (before.kind === "closing") return same(before);
  return ask(before, urgency, nowMs);
}

function ask({ spent }: HolderState, urgency: Urgency, nowMs: number): HolderStep {
  const state: HolderState = { kind: "asking", urgency, nextMs: nowMs + ASK_MS, spent };
  return { state, effects: [{ type: "take", urgency, seen: spent }] };
}

function done(before: HolderState): HolderStep {
  if (before.kind === "asking") return gone(before, 0);
  if (before.kind !== "holding") return same(before);
  return { state: { ...before, kind: "closing" }, effects: [{ type: "close" }] };
}

function gone(before: HolderState, token: number): HolderStep {
  return { state: idle(before), effects: [{ type: "leave", token }] };
}

function tick(before: HolderState, nowMs: number): HolderStep {
  if (before.kind === "idle" || before.kind === "closing" || nowMs < before.nextMs) {
    return same(before);
  }
  if (before.kind === "asking") return ask(before, before.urgency, nowMs);
  const state = { ...before, nextMs: nowMs + BEAT_MS };
  return { state, effects: [{ type: "beat", token: before.token }] };
}

function answered(
  before: HolderState,
  { sentMs, answer }: Extract<HolderInput, { type: "answer" }>,
  nowMs: number,
): HolderStep {
  const mayUntilMs = sentMs + SOUND_MS;
  if (answer.kind === "held") {
    const { token } = answer;
    if (before.kind === "asking") return granted(before, token, mayUntilMs, nowMs);
    if ("token" in before && before.token === token) return kept(before, mayUntilMs);
    // Of a wish that is over. What it once spoke with may still sound somewhere, and ends by itself.
    return token > before.spent
      ? { state: before, effects: [{ type: "leave", token }] }
      : same(before);
  }
  if (answer.kind === "full" && before.kind === "asking") {
    return { state: idle(before), effects: [{ type: "full" }] };
  }
  if (answer.kind !== "lost" || !("token" in before)) return same(before);
  if (before.kind === "closing") return same(idle(before));
  return { state: idle(before), effects: [{ type: "close" }, { type: "lost", why: "taken" }] };
}

function granted(
  before: Extract<HolderState, { readonly kind: "asking" }>,
  token: number,
  mayUntilMs: number,
  nowMs: number,
): HolderStep {
  // The answer took so long that it is worth nothing: asking again is a beat, too.
  const { urgency } = before;
  if (nowMs >= mayUntilMs) return ask(before, urgency, nowMs);
  const nextMs = Math.min(nowMs + BEAT_MS, mayUntilMs);
  const spent = Math.max(before.spent, token);
  return {
    state: { kind: "holding", urgency, token, mayUntilMs, nextMs, spent },
    effects: [
      { type: "open", token, untilMs: mayUntilMs },
      { type: "granted", token },
    ],
  };
}

function kept(
  before: Extract<HolderState, { readonly token: number }>,
  mayUntilMs: number,
): HolderStep {
  // What is being silenced gets no more time: it is over then, whoever confirms it or not.
  if (before.kind === "closing") return same(before);
  const state = { ...before, mayUntilMs: Math.max(before.mayUntilMs, mayUntilMs) };
  return {
    state,
    effects: [{ type: "open", token: before.token, untilMs: state.mayUntilMs }],
  };
}

function same(state: HolderState): HolderStep {
  return { state, effects: [] };
}
