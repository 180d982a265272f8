/** How often something may be done: so many at once after a rest, so many in a while for ever. Pure; the time is handed in. */

export interface Rate {
  /** At once after a rest. */
  readonly burst: number;
  /** For ever. */
  readonly perMinute: number;
}

export class TokenBucket {
  private tokens: number;
  private atMs: number | undefined;

  constructor(private readonly rate: Rate) {
    this.tokens = rate.burst;
  }

  /** Takes one. @returns 0 when it may be done, else the wait until it may, ms; nothing is taken then. */
  take(nowMs: number): number {
    const { burst, perMinute } = this.rate;
    const earned = ((nowMs - (this.atMs ?? nowMs)) * perMinute) / 60_000;
    this.atMs = nowMs;
    this.tokens = Math.min(burst, this.tokens + earned);
    // A wait that was served exactly must not fail by a rounding error.
    if (this.tokens < 1 - 1e-9) return Math.ceil(((1 - this.tokens) * 60_000) / perMinute);
    this.tokens -= 1;
    return 0;
  }
}
