/**
 * How often a scope may use each kind of tool: one bucket a kind, shared by all sessions of the scope, so that more
 * sessions buy nothing. Pure but for the clock that is handed in.
 */
import type { Clock } from "../time/clock.js";

export type RateKind = "move" | "say" | "photo" | "read";

export interface Rate {
  /** Calls at once after a rest. */
  readonly burst: number;
  /** Calls a minute for ever. */
  readonly perMinute: number;
}

export class Rates {
  private readonly left = new Map<RateKind, { tokens: number; atMs: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly rules: Readonly<Record<RateKind, Rate>>,
  ) {}

  /** Takes one call. @returns 0 when it may be made, else the wait until one may, ms; nothing is taken then. */
  take(kind: RateKind): number {
    const { burst, perMinute } = this.rules[kind];
    const nowMs = this.clock.nowMs();
    const before = this.left.get(kind) ?? { tokens: burst, atMs: nowMs };
    const earned = ((nowMs - before.atMs) * perMinute) / 60_000;
    const tokens = Math.min(burst, before.tokens + earned);
    // A wait that was served exactly must not fail by a rounding error.
    if (tokens < 1 - 1e-9) {
      this.left.set(kind, { tokens, atMs: nowMs });
      return Math.ceil(((1 - tokens) * 60_000) / perMinute);
    }
    this.left.set(kind, { tokens: tokens - 1, atMs: nowMs });
    return 0;
  }
}
