/**
 * How the companion calls anything outside: `resilience.policy({...}).run(op, signal)`. From the outside in:
 *
 *   fallback ▸ whole deadline ▸ retry ▸ bulkhead ▸ breaker ▸ deadline of the attempt ▸ the operation
 *
 * The retry is outside the breaker, so that each attempt counts there and an opening breaker ends the retries. The
 * bulkhead is outside too: being refused a place says nothing about the backend. The layers are ours, and not those of
 * cockatiel: its breaker has one trial where E1 wants three, its retry knows no 20 % jitter or Retry-After, its timeout
 * aborts what has already returned, its bulkhead keeps aborted callers waiting, and all of them read the clock themselves.
 */
import { reasonOf } from "../host/reason.js";
import type { Chance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import type { CircuitBreaker } from "./breaker.js";
import { Bulkhead, type BulkheadRules } from "./bulkhead.js";
import { withDeadline, type Attempt, type DeadlineOptions } from "./deadline.js";
import { cancelledError, isResilienceError, kindOf } from "./errors.js";
import { OperationMetrics, type OperationView } from "./metrics.js";
import { afterFailure, RETRIES, type RetryName, type RetryRules } from "./retry.js";

export interface PolicyOptions {
  /** Name in metrics and errors, for people: "ollama chat". */
  readonly operation: string;
  /** Longest single attempt; every outside call has one. */
  readonly attemptMs: number;
  /** Longest call with all its retries and waits; without it the attempts and the retry table bound it. */
  readonly totalMs?: number;
  /** A row of E2's table or rules of one's own. */
  readonly retry: RetryName | RetryRules;
  readonly breaker?: CircuitBreaker;
  readonly bulkhead?: BulkheadRules;
}

/** What an operation is given: `policy.run(({ signal }) => fetch(url, { signal }))`. */
export interface Call {
  /** Aborted at the deadline and when the caller aborts. */
  readonly signal: AbortSignal;
  /** From 0. */
  readonly attempt: number;
}

export type Operation<T> = (call: Call) => T | PromiseLike<T>;

/** A lesser answer instead of the error. Not asked for calls that were cancelled, nor for bugs. */
export type Fallback<T> = (error: unknown) => T | PromiseLike<T>;

/** What a layer adds for those inside it. */
interface LayerContext {
  readonly signal?: AbortSignal | undefined;
  readonly attempt?: number;
}

type Inner<T> = (context: LayerContext) => T | PromiseLike<T>;

/** One rule round all that is inside it. */
interface Layer {
  execute<T>(inner: Inner<T>, signal: AbortSignal | undefined): Promise<T>;
}

export class Policy {
  private readonly metrics = new OperationMetrics();
  private readonly bulkhead: Bulkhead | undefined;
  /** From the outside in. */
  private readonly layers: readonly Layer[];
  private readonly deadlines = (): void => void (this.metrics.counts.deadlines += 1);

  constructor(
    private readonly options: PolicyOptions,
    private readonly clock: Clock,
    chance: Chance,
  ) {
    const { operation, totalMs, breaker } = options;
    const retry = typeof options.retry === "string" ? RETRIES[options.retry] : options.retry;
    checkOptions(options, retry);
    this.bulkhead = options.bulkhead && new Bulkhead(operation, options.bulkhead);
    const layers: Layer[] = [];
    if (totalMs !== undefined) {
      layers.push(new DeadlineLayer({ clock, operation, ms: totalMs, onDeadline: this.deadlines }));
    }
    layers.push(new RetryLayer(clock, chance, operation, retry, this.metrics));
    if (this.bulkhead !== undefined) layers.push(new BulkheadLayer(this.bulkhead));
    if (breaker !== undefined) layers.push(new BreakerLayer(breaker));
    this.layers = layers;
  }

  /**
   * Makes the call under all the rules.
   * @param signal the caller's; its abort ends the call at once.
   * @throws the last error: the operation's own, or a ResilienceError.
   */
  async run<T>(op: Operation<T>, signal?: AbortSignal, fallback?: Fallback<T>): Promise<T> {
    const { metrics } = this;
    const startMs = this.clock.nowMs();
    metrics.counts.calls += 1;
    metrics.inFlight += 1;
    try {
      const value = await this.through(0, op, { signal });
      metrics.counts.successes += 1;
      return value;
    } catch (error) {
      return await this.failed(error, fallback);
    } finally {
      metrics.inFlight -= 1;
      metrics.latency(this.clock.nowMs() - startMs);
    }
  }

  /** What a layer adds holds for all inside it. */
  private through<T>(index: number, op: Operation<T>, context: LayerContext): Promise<T> {
    const layer = this.layers[index];
    if (layer === undefined) return this.attempt(op, context);
    return layer.execute(
      (added) => this.through(index + 1, op, { ...context, ...added }),
      context.signal,
    );
  }

  /** The innermost layer, which the operation meets itself: a deadline of its own for each attempt. */
  private attempt<T>(op: Operation<T>, context: LayerContext): Promise<T> {
    this.metrics.counts.attempts += 1;
    const { clock, deadlines } = this;
    const { operation, attemptMs } = this.options;
    return withDeadline(
      (own) => op(new OwnCall(own, context.attempt ?? 0)),
      { clock, operation, ms: attemptMs, onDeadline: deadlines },
      context.signal,
    );
  }

  view(): OperationView {
    const backend = this.options.breaker?.backend ?? this.options.operation;
    return this.metrics.view(this.options.operation, backend, this.bulkhead?.view().queued ?? 0);
  }

  private async failed<T>(error: unknown, fallback: Fallback<T> | undefined): Promise<T> {
    const { counts } = this.metrics;
    const kind = kindOf(error);
    if (kind === "cancelled") {
      counts.cancelled += 1;
      throw error;
    }
    counts.failures += 1;
    this.metrics.lastError = reasonOf(error);
    if (isResilienceError(error, "RESILIENCE_OPEN")) counts.refusedOpen += 1;
    if (isResilienceError(error, "RESILIENCE_FULL")) counts.refusedFull += 1;
    if (fallback === undefined || kind === "bug") throw error;
    counts.fallbacks += 1;
    return fallback(error);
  }
}

class OwnCall implements Call {
  constructor(
    private readonly own: Attempt,
    readonly attempt: number,
  ) {}

  get signal(): AbortSignal {
    return this.own.signal;
  }
}

class DeadlineLayer implements Layer {
  constructor(private readonly options: DeadlineOptions) {}

  execute<T>(inner: Inner<T>, signal: AbortSignal | undefined): Promise<T> {
    return withDeadline((own) => inner({ signal: own.signal }), this.options, signal);
  }
}

class RetryLayer implements Layer {
  constructor(
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly operation: string,
    private readonly rules: RetryRules,
    private readonly metrics: OperationMetrics,
  ) {}

  async execute<T>(inner: Inner<T>, signal: AbortSignal | undefined): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await inner({ attempt });
      } catch (error) {
        // Whoever aborted is told by the layer that listens to it.
        if (signal?.aborted === true) throw error;
        const next = afterFailure(attempt, error, this.rules, this.chance);
        if (next.kind === "giveUp") throw error;
        this.metrics.counts.retries += 1;
        this.metrics.counts.retryWaitMs += next.ms;
        await this.wait(next.ms, signal);
      }
    }
  }

  private async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.clock.sleep(ms, signal);
    } catch (reason) {
      // `sleep` rejects only when the signal was aborted.
      throw cancelledError(signal?.reason ?? reason, this.operation);
    }
  }
}

class BulkheadLayer implements Layer {
  constructor(private readonly bulkhead: Bulkhead) {}

  execute<T>(inner: Inner<T>, signal: AbortSignal | undefined): Promise<T> {
    return this.bulkhead.execute(() => inner({}), signal);
  }
}

class BreakerLayer implements Layer {
  constructor(private readonly breaker: CircuitBreaker) {}

  execute<T>(inner: Inner<T>): Promise<T> {
    return this.breaker.execute(() => inner({}));
  }
}

function checkOptions(options: PolicyOptions, retry: RetryRules): void {
  const figures = { attemptMs: options.attemptMs, totalMs: options.totalMs ?? 1, ...retry };
  for (const [name, value] of Object.entries(figures)) {
    if (!(value > 0))
      throw new RangeError(`${options.operation}: ${name} must be > 0, got ${value}`);
  }
}
