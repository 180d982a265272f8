/**
 * How often a scope may use each kind of tool: one bucket a kind, shared by all sessions of the scope, so that more
 * sessions buy nothing. Pure but for the clock that is handed in.
 */
import type { Clock } from "../time/clock.js";
import { TokenBucket, type Rate } from "../time/token-bucket.js";

export type RateKind = "move" | "say" | "photo" | "read";

export class Rates {
  private readonly buckets = new Map<RateKind, TokenBucket>();

  constructor(
    private readonly clock: Clock,
    private readonly rules: Readonly<Record<RateKind, Rate>>,
  ) {}

  /** Takes one call. @returns 0 when it may be made, else the wait until one may, ms; nothing is taken then. */
  take(kind: RateKind): number {
    let bucket = this.buckets.get(kind);
    if (bucket === undefined) this.buckets.set(kind, (bucket = new TokenBucket(this.rules[kind])));
    return bucket.take(this.clock.nowMs());
  }
}
