/**
 * The circuit breaker as a pure state machine, exactly E1:
 *
 *   closed ──5 failures in a row──▶ open ──30 s──▶ halfOpen ──2 successes──▶ closed
 *                                     ▲                │ 1 failure, or 30 s without a verdict
 *                                     └────────────────┘
 *   isolated: by hand, from any state, until it is reset by hand.
 *
 * Half-open lets three trial calls through, in all, not three at a time. A cancelled trial says nothing about
 * the backend: its place is given back. Every admitted call carries a ticket; a result that comes back after the
 * state it was admitted in has ended is counted, but decides nothing any more.
 */
export interface BreakerRules {
  /** Failures in a row that open it. */
  readonly failuresMax: number;
  /** Time open before trials are let through. */
  readonly openMs: number;
  /** Trial calls of one half-open. */
  readonly trialsMax: number;
  /** Successful trials that close it. */
  readonly successesMin: number;
  /** Trials under way that do not come back this long are failed ones: every wait ends. */
  readonly trialMsMax: number;
}

export const BREAKER_RULES: BreakerRules = {
  failuresMax: 5,
  openMs: 30_000,
  trialsMax: 3,
  successesMin: 2,
  trialMsMax: 30_000,
};

/** Transitions kept; the oldest is dropped. */
export const TRANSITIONS_MAX = 100;

export type BreakerState =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly untilMs: number }
  | {
      readonly kind: "halfOpen";
      /** Let through and not cancelled; those without a success yet are under way. */
      readonly trials: number;
      readonly successes: number;
      readonly lastTrialMs: number;
    }
  | { readonly kind: "isolated" };

export type BreakerKind = BreakerState["kind"];

export interface Transition {
  /** Unix ms. */
  readonly wallMs: number;
  readonly from: BreakerKind;
  readonly to: BreakerKind;
  readonly reason: string;
}

export interface Breaker {
  readonly state: BreakerState;
  /** Number of the present state; tickets of older ones decide nothing. */
  readonly epoch: number;
  readonly sinceMs: number;
  /** Time spent in each state before the present one, ms. */
  readonly pastMs: Readonly<Record<BreakerKind, number>>;
  readonly transitions: readonly Transition[];
}

/** Monotonic time for behaviour, wall time for people. */
export interface Now {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** The epoch a call was let through in. */
export type Ticket = number;

export type BreakerEvent =
  | { readonly type: "ask" }
  | { readonly type: "success"; readonly ticket: Ticket }
  | { readonly type: "failure"; readonly ticket: Ticket; readonly reason: string }
  | { readonly type: "cancelled"; readonly ticket: Ticket }
  | { readonly type: "tick" }
  | { readonly type: "isolate"; readonly reason: string }
  | { readonly type: "reset"; readonly reason: string };

export type Answer =
  | { readonly kind: "none" }
  /** A result of a state that had ended: it decides nothing. */
  | { readonly kind: "late" }
  | { readonly kind: "admitted"; readonly ticket: Ticket }
  /** `retryInMs`: when asking again can help; undefined while only a person can help. */
  | { readonly kind: "refused"; readonly retryInMs: number | undefined; readonly why: string };

export interface BreakerStep {
  readonly breaker: Breaker;
  readonly answer: Answer;
}

const NONE: Answer = { kind: "none" };
const LATE: Answer = { kind: "late" };

export function newBreaker(nowMs: number): Breaker {
  return {
    state: { kind: "closed", failures: 0 },
    epoch: 0,
    sinceMs: nowMs,
    pastMs: { closed: 0, open: 0, halfOpen: 0, isolated: 0 },
    transitions: [],
  };
}

export function stepBreaker(
  before: Breaker,
  event: BreakerEvent,
  now: Now,
  rules: BreakerRules = BREAKER_RULES,
): BreakerStep {
  const breaker = pass(before, now, rules);
  switch (event.type) {
    case "ask":
      return ask(breaker, now, rules);
    case "success":
    case "failure":
    case "cancelled":
      if (event.ticket !== breaker.epoch) return { breaker, answer: LATE };
      return silent(onResult(breaker, event, now, rules));
    case "tick":
      return silent(breaker);
    case "isolate":
      return silent(
        breaker.state.kind === "isolated"
          ? breaker
          : enter(breaker, { kind: "isolated" }, event.reason, now),
      );
    case "reset":
      return silent(enter(breaker, { kind: "closed", failures: 0 }, event.reason, now));
  }
}

/** When the breaker will change by the mere passing of time; undefined when it will not. */
export function nextChangeMs(breaker: Breaker, rules: BreakerRules): number | undefined {
  if (breaker.state.kind === "open") return breaker.state.untilMs;
  if (breaker.state.kind !== "halfOpen") return undefined;
  const underWay = breaker.state.trials - breaker.state.successes;
  return underWay === 0 ? undefined : breaker.state.lastTrialMs + rules.trialMsMax;
}

/** What time alone has brought about since, each at the moment it was due, however late we look. */
function pass(before: Breaker, now: Now, rules: BreakerRules): Breaker {
  let breaker = before;
  for (;;) {
    const dueMs = nextChangeMs(breaker, rules);
    if (dueMs === undefined || now.nowMs < dueMs) return breaker;
    const due = { nowMs: dueMs, wallMs: now.wallMs - (now.nowMs - dueMs) };
    // A half-open without trials has nothing due: at most two rounds.
    breaker =
      breaker.state.kind === "open"
        ? enter(
            breaker,
            { kind: "halfOpen", trials: 0, successes: 0, lastTrialMs: dueMs },
            `open for ${rules.openMs / 1000} s, trying again`,
            due,
          )
        : open(breaker, `no verdict of its trials within ${rules.trialMsMax / 1000} s`, due, rules);
  }
}

function ask(breaker: Breaker, now: Now, rules: BreakerRules): BreakerStep {
  const state = breaker.state;
  switch (state.kind) {
    case "closed":
      return admit(breaker);
    case "open":
      return refuse(breaker, state.untilMs - now.nowMs, "it is open");
    case "isolated":
      return refuse(breaker, undefined, "a person has isolated it");
    case "halfOpen": {
      if (state.trials >= rules.trialsMax) {
        return refuse(breaker, 0, `its ${rules.trialsMax} trial calls are under way`);
      }
      const next = { ...state, trials: state.trials + 1, lastTrialMs: now.nowMs };
      return admit({ ...breaker, state: next });
    }
  }
}

type Result = Extract<BreakerEvent, { readonly ticket: Ticket }>;

function onResult(breaker: Breaker, result: Result, now: Now, rules: BreakerRules): Breaker {
  const { state } = breaker;
  if (state.kind === "closed") return onClosed(breaker, state.failures, result, now, rules);
  return state.kind === "halfOpen" ? onTrial(breaker, state, result, now, rules) : breaker;
}

function onClosed(
  breaker: Breaker,
  before: number,
  result: Result,
  now: Now,
  rules: BreakerRules,
): Breaker {
  if (result.type === "cancelled" || (result.type === "success" && before === 0)) return breaker;
  if (result.type === "success") return { ...breaker, state: { kind: "closed", failures: 0 } };
  const failures = before + 1;
  if (failures < rules.failuresMax) return { ...breaker, state: { kind: "closed", failures } };
  return open(breaker, `${failures} failures in a row, last: ${result.reason}`, now, rules);
}

function onTrial(
  breaker: Breaker,
  state: Extract<BreakerState, { readonly kind: "halfOpen" }>,
  result: Result,
  now: Now,
  rules: BreakerRules,
): Breaker {
  if (result.type === "failure") return open(breaker, `trial failed: ${result.reason}`, now, rules);
  if (result.type === "cancelled") {
    return { ...breaker, state: { ...state, trials: state.trials - 1 } };
  }
  const successes = state.successes + 1;
  if (successes < rules.successesMin) return { ...breaker, state: { ...state, successes } };
  return enter(breaker, { kind: "closed", failures: 0 }, `${successes} trials succeeded`, now);
}

function admit(breaker: Breaker): BreakerStep {
  return { breaker, answer: { kind: "admitted", ticket: breaker.epoch } };
}

function refuse(breaker: Breaker, retryInMs: number | undefined, why: string): BreakerStep {
  return { breaker, answer: { kind: "refused", retryInMs, why } };
}

function open(breaker: Breaker, reason: string, now: Now, rules: BreakerRules): Breaker {
  const state = { kind: "open", untilMs: now.nowMs + rules.openMs } as const;
  return enter(breaker, state, reason, now);
}

function enter(breaker: Breaker, state: BreakerState, reason: string, now: Now): Breaker {
  const from = breaker.state.kind;
  const spentMs = Math.max(0, now.nowMs - breaker.sinceMs);
  const transition = { wallMs: now.wallMs, from, to: state.kind, reason };
  return {
    ...breaker,
    state,
    epoch: breaker.epoch + 1,
    sinceMs: now.nowMs,
    pastMs: { ...breaker.pastMs, [from]: breaker.pastMs[from] + spentMs },
    transitions: [...breaker.transitions.slice(1 - TRANSITIONS_MAX), transition],
  };
}

function silent(breaker: Breaker): BreakerStep {
  return { breaker, answer: NONE };
}
