/**
 * Plain counters per operation. `ops` turns them into Prometheus text; nothing here knows of it.
 */

/** Upper edges of the latency buckets, ms; above the last is the bucket without an edge. */
export const LATENCY_EDGES_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000,
] as const;

export interface OperationCounts {
  readonly calls: number;
  readonly successes: number;
  readonly failures: number;
  readonly cancelled: number;
  /** Calls that really went out, retries included. */
  readonly attempts: number;
  readonly retries: number;
  /** Time spent waiting before retries. */
  readonly retryWaitMs: number;
  readonly deadlines: number;
  /** Refused by an open breaker. */
  readonly refusedOpen: number;
  /** Refused by a full bulkhead. */
  readonly refusedFull: number;
  readonly fallbacks: number;
}

export interface OperationView extends OperationCounts {
  readonly operation: string;
  readonly backend: string;
  readonly inFlight: number;
  readonly queued: number;
  readonly latencySumMs: number;
  /** Finished calls per bucket, not cumulative; one more entry than there are edges. */
  readonly latencyCounts: readonly number[];
  /** The last error that a caller got or that a fallback covered. */
  readonly lastError: string | undefined;
}

export class OperationMetrics {
  readonly counts: { -readonly [name in keyof OperationCounts]: number } = {
    calls: 0,
    successes: 0,
    failures: 0,
    cancelled: 0,
    attempts: 0,
    retries: 0,
    retryWaitMs: 0,
    deadlines: 0,
    refusedOpen: 0,
    refusedFull: 0,
    fallbacks: 0,
  };
  lastError: string | undefined;
  inFlight = 0;
  private latencySumMs = 0;
  private readonly latencyCounts: number[] = new Array<number>(LATENCY_EDGES_MS.length + 1).fill(0);

  /** A call has ended, well or not, after `ms`. */
  latency(ms: number): void {
    this.latencySumMs += ms;
    const index = LATENCY_EDGES_MS.findIndex((edgeMs) => ms <= edgeMs);
    const bucket = index === -1 ? LATENCY_EDGES_MS.length : index;
    this.latencyCounts[bucket] = (this.latencyCounts[bucket] ?? 0) + 1;
  }

  view(operation: string, backend: string, queued: number): OperationView {
    return {
      ...this.counts,
      operation,
      backend,
      inFlight: this.inFlight,
      queued,
      latencySumMs: this.latencySumMs,
      latencyCounts: [...this.latencyCounts],
      lastError: this.lastError,
    };
  }
}
