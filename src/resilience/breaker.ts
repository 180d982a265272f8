/**
 * The breaker at work: asks the core, makes the call, tells the core how it went. One per backend, shared by
 * all operations that go there.
 */
import { reasonOf } from "../host/reason.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import {
  BREAKER_RULES,
  newBreaker,
  nextChangeMs,
  stepBreaker,
  type Answer,
  type Breaker,
  type BreakerEvent,
  type BreakerKind,
  type BreakerRules,
  type Ticket,
  type Transition,
} from "./breaker-core.js";
import {
  NO_COUNTS,
  restoreBreaker,
  saveBreaker,
  type BreakerCounts,
  type SavedBreaker,
} from "./breaker-state.js";
import { kindOf, ResilienceError } from "./errors.js";

export interface BreakerView {
  readonly backend: string;
  readonly state: BreakerKind;
  /** Unix ms since when. */
  readonly sinceWallMs: number;
  /** Closed: failures in a row so far. */
  readonly failuresInRow: number;
  /** Open: ms until trials are let through. */
  readonly retryInMs: number | undefined;
  readonly counts: BreakerCounts;
  readonly timeInStateMs: Readonly<Record<BreakerKind, number>>;
  readonly transitions: readonly Transition[];
  readonly lastError: string | undefined;
}

export interface BreakerOptions {
  readonly clock: Clock;
  readonly rules?: Partial<BreakerRules>;
  /**
   * Does this error speak against the backend? By default transient and permanent ones do; a cancelled call and
   * a bug of ours say nothing about it.
   */
  readonly countsAsFailure?: (error: unknown) => boolean;
}

const ASK: BreakerEvent = { type: "ask" };

export class CircuitBreaker {
  private readonly clock: Clock;
  private readonly rules: BreakerRules;
  private readonly countsAsFailure: (error: unknown) => boolean;
  private readonly listeners = new Set<(transition: Transition, view: BreakerView) => void>();
  private breaker: Breaker;
  private counts: { -readonly [name in keyof BreakerCounts]: number } = { ...NO_COUNTS };
  private lastError: string | undefined;
  private cancel: CancelTimer | undefined;
  private isEnded = false;

  constructor(
    readonly backend: string,
    options: BreakerOptions,
  ) {
    this.clock = options.clock;
    this.rules = { ...BREAKER_RULES, ...options.rules };
    checkRules(this.rules);
    this.countsAsFailure = options.countsAsFailure ?? speaksAgainst;
    this.breaker = newBreaker(this.clock.nowMs());
  }

  /**
   * Makes the call if the breaker lets it through.
   * @throws ResilienceError `RESILIENCE_OPEN` without making the call; else whatever the call throws.
   */
  async execute<T>(call: () => T | PromiseLike<T>): Promise<T> {
    const answer = this.step(ASK);
    if (answer.kind !== "admitted") {
      this.counts.rejected += 1;
      throw this.refusal(answer);
    }
    this.counts.calls += 1;
    const ticket = answer.ticket;
    try {
      const value = await call();
      this.succeeded(ticket);
      return value;
    } catch (error) {
      this.failed(error, ticket);
      throw error;
    }
  }

  /** By hand: no call is made until `reset`. */
  isolate(reason = "isolated by a person"): void {
    this.step({ type: "isolate", reason });
  }

  /** By hand: closed at once. */
  reset(reason = "reset by a person"): void {
    this.step({ type: "reset", reason });
  }

  onChange(listener: (transition: Transition, view: BreakerView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  view(): BreakerView {
    this.step({ type: "tick" });
    const { state, sinceMs, pastMs, transitions } = this.breaker;
    const nowMs = this.clock.nowMs();
    const spentMs = nowMs - sinceMs;
    return {
      backend: this.backend,
      state: state.kind,
      sinceWallMs: this.clock.wallMs() - spentMs,
      failuresInRow: state.kind === "closed" ? state.failures : 0,
      retryInMs: state.kind === "open" ? Math.max(0, state.untilMs - nowMs) : undefined,
      counts: { ...this.counts },
      timeInStateMs: { ...pastMs, [state.kind]: pastMs[state.kind] + spentMs },
      transitions,
      lastError: this.lastError,
    };
  }

  save(): SavedBreaker {
    return saveBreaker(this.breaker, this.counts, {
      nowMs: this.clock.nowMs(),
      wallMs: this.clock.wallMs(),
    });
  }

  /** Takes over what an earlier process saved. @returns why it could not; the breaker is unchanged then. */
  restore(raw: unknown): string | undefined {
    const now = { nowMs: this.clock.nowMs(), wallMs: this.clock.wallMs() };
    const restored = restoreBreaker(raw, now, this.rules);
    if (restored.kind === "bad") return restored.why;
    this.breaker = restored.breaker;
    this.counts = { ...restored.counts };
    this.arm();
    return undefined;
  }

  /** Everything is stopping: calls still go through, but how they end says nothing about the backend and counts for nothing. */
  close(): void {
    this.isEnded = true;
    this.disarm();
  }

  private succeeded(ticket: Ticket): void {
    if (this.isEnded) return;
    this.counts.successes += 1;
    this.result({ type: "success", ticket });
  }

  private failed(error: unknown, ticket: Ticket): void {
    if (this.isEnded) return;
    if (!this.countsAsFailure(error)) {
      this.counts.cancelled += 1;
      return this.result({ type: "cancelled", ticket });
    }
    const reason = reasonOf(error);
    this.lastError = reason;
    this.counts.failures += 1;
    this.result({ type: "failure", ticket, reason });
  }

  private result(event: BreakerEvent): void {
    if (this.step(event).kind === "late") this.counts.late += 1;
  }

  private step(event: BreakerEvent): Answer {
    const before = this.breaker;
    const now = { nowMs: this.clock.nowMs(), wallMs: this.clock.wallMs() };
    const { breaker, answer } = stepBreaker(before, event, now, this.rules);
    this.breaker = breaker;
    if (breaker.epoch !== before.epoch) this.changed(breaker.epoch - before.epoch);
    return answer;
  }

  private changed(count: number): void {
    this.arm();
    const transitions = this.breaker.transitions.slice(-count);
    this.counts.opened += transitions.filter(({ to }) => to === "open").length;
    if (this.listeners.size === 0) return;
    const view = this.view();
    for (const transition of transitions) {
      for (const listener of this.listeners) listener(transition, view);
    }
  }

  /** One timer for the change that time alone brings, so that half-open is seen without a call. */
  private arm(): void {
    this.disarm();
    // A call that fails while everything stops must not keep the process for the rest of a wait.
    if (this.isEnded || this.breaker.state.kind !== "open") return;
    const dueMs = nextChangeMs(this.breaker, this.rules);
    if (dueMs === undefined) return;
    const waitMs = Math.max(0, dueMs - this.clock.nowMs());
    this.cancel = this.clock.after(waitMs, () => void this.step({ type: "tick" }));
  }

  private disarm(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private refusal(answer: Answer): ResilienceError {
    const refused = answer.kind === "refused" ? answer : { why: "refused", retryInMs: undefined };
    const kind = refused.retryInMs === undefined ? "permanent" : "transient";
    const last = this.lastError === undefined ? "" : `; last error: ${this.lastError}`;
    return new ResilienceError(
      "RESILIENCE_OPEN",
      kind,
      `${this.backend}: not called, ${refused.why}${last}`,
      refused.retryInMs === undefined ? {} : { retryAfterMs: refused.retryInMs },
    );
  }
}

function speaksAgainst(error: unknown): boolean {
  const kind = kindOf(error);
  return kind === "transient" || kind === "permanent";
}

function checkRules(rules: BreakerRules): void {
  for (const [name, value] of Object.entries(rules) as [string, number][]) {
    if (!(value >= 1)) throw new RangeError(`breaker: ${name} must be at least 1, got ${value}`);
  }
  if (rules.successesMin > rules.trialsMax) {
    throw new RangeError(
      `breaker: ${rules.trialsMax} trials can never give ${rules.successesMin} successes`,
    );
  }
}
