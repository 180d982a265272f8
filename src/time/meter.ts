/** Rates and percentiles of what happened lately, in bounded memory. Pure but for its own samples. */

/** Events a second over the last `windowMs`. */
export class RateMeter {
  private readonly times: number[] = [];

  constructor(private readonly windowMs = 2000) {}

  add(nowMs: number): void {
    this.times.push(nowMs);
    this.prune(nowMs);
  }

  perSecond(nowMs: number): number {
    this.prune(nowMs);
    return (this.times.length * 1000) / this.windowMs;
  }

  private prune(nowMs: number): void {
    while (this.times.length > 0 && nowMs - (this.times[0] as number) > this.windowMs) {
      this.times.shift();
    }
  }
}

/** The last `max` values; the oldest makes room. */
export class Recent {
  private readonly values: number[] = [];
  /** The values in their order; undefined: not asked for since the last one came. */
  private sorted: readonly number[] | undefined;

  constructor(private readonly max: number) {}

  add(value: number): void {
    this.sorted = undefined;
    this.values.push(value);
    if (this.values.length > this.max) this.values.shift();
  }

  /** The value that `share` (0..1) of all are not above; 0 when there is none. */
  percentile(share: number): number {
    this.sorted ??= inOrder(this.values);
    return this.sorted.length === 0 ? 0 : ranked(this.sorted, share);
  }
}

/** Nearest-rank percentile. @param share 0..1. NaN for no values. */
export function percentile(values: readonly number[], share: number): number {
  return ranked(inOrder(values), share);
}

function inOrder(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

function ranked(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
