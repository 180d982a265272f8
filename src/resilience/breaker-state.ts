/**
 * A breaker's memory over a restart of the companion, so that a crash loop does not turn into a way round the
 * breaker. Monotonic times mean nothing in another process: what is saved are durations and wall times. What is
 * read back is checked field by field; anything wrong is a reason, and the breaker starts closed.
 */
import { z } from "zod";
import {
  newBreaker,
  TRANSITIONS_MAX,
  type Breaker,
  type BreakerRules,
  type BreakerState,
  type Now,
} from "./breaker-core.js";

const kind = z.enum(["closed", "open", "halfOpen", "isolated"]);
const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const ms = z.number().nonnegative().finite();

const savedSchema = z.strictObject({
  version: z.literal(1),
  savedWallMs: ms,
  kind,
  /** Closed: failures so far. */
  failures: count,
  /** Open: time left when it was saved, ms. */
  openLeftMs: ms,
  counts: z.strictObject({
    calls: count,
    successes: count,
    failures: count,
    rejected: count,
    cancelled: count,
    late: count,
    opened: count,
  }),
  pastMs: z.strictObject({ closed: ms, open: ms, halfOpen: ms, isolated: ms }),
  transitions: z
    .array(z.strictObject({ wallMs: ms, from: kind, to: kind, reason: z.string().max(1000) }))
    .max(TRANSITIONS_MAX),
});

export type SavedBreaker = z.infer<typeof savedSchema>;

/** What a breaker has counted since it was made, over restarts. */
export interface BreakerCounts {
  readonly calls: number;
  readonly successes: number;
  readonly failures: number;
  /** Refused without a call. */
  readonly rejected: number;
  /** Cancelled, or ended by a bug of ours: neither success nor failure of the backend. */
  readonly cancelled: number;
  /** Results of calls whose state had ended meanwhile; they are in the figures above, too. */
  readonly late: number;
  readonly opened: number;
}

export const NO_COUNTS: BreakerCounts = {
  calls: 0,
  successes: 0,
  failures: 0,
  rejected: 0,
  cancelled: 0,
  late: 0,
  opened: 0,
};

export function saveBreaker(breaker: Breaker, counts: BreakerCounts, now: Now): SavedBreaker {
  const { state, pastMs } = breaker;
  const spentMs = Math.max(0, now.nowMs - breaker.sinceMs);
  return {
    version: 1,
    savedWallMs: now.wallMs,
    kind: state.kind,
    failures: state.kind === "closed" ? state.failures : 0,
    openLeftMs: state.kind === "open" ? Math.max(0, state.untilMs - now.nowMs) : 0,
    counts: { ...counts },
    pastMs: { ...pastMs, [state.kind]: pastMs[state.kind] + spentMs },
    transitions: breaker.transitions.map((transition) => ({
      ...transition,
      reason: transition.reason.slice(0, 1000),
    })),
  };
}

export type Restored =
  | { readonly kind: "ok"; readonly breaker: Breaker; readonly counts: BreakerCounts }
  | { readonly kind: "bad"; readonly why: string };

/** Reads a saved breaker. The time that passed since counts as time open, but a clock set back adds none. */
export function restoreBreaker(raw: unknown, now: Now, rules: BreakerRules): Restored {
  const parsed = savedSchema.safeParse(raw);
  if (!parsed.success) return { kind: "bad", why: z.prettifyError(parsed.error) };
  const saved = parsed.data;
  const breaker: Breaker = {
    ...newBreaker(now.nowMs),
    state: stateOf(saved, now, rules),
    pastMs: saved.pastMs,
    transitions: saved.transitions,
  };
  return { kind: "ok", breaker, counts: saved.counts };
}

function stateOf(saved: SavedBreaker, now: Now, rules: BreakerRules): BreakerState {
  const passedMs = Math.max(0, now.wallMs - saved.savedWallMs);
  switch (saved.kind) {
    case "closed":
      return { kind: "closed", failures: Math.min(saved.failures, rules.failuresMax - 1) };
    case "open": {
      const leftMs = Math.min(rules.openMs, Math.max(0, saved.openLeftMs - passedMs));
      return { kind: "open", untilMs: now.nowMs + leftMs };
    }
    case "halfOpen":
      // Its trials died with the process; it may have new ones.
      return { kind: "halfOpen", trials: 0, successes: 0, lastTrialMs: now.nowMs };
    case "isolated":
      return { kind: "isolated" };
  }
}
