/**
 * How much work is still all right before the next yield. A fiber may run 131,072 steps and is ended with the whole program
 * at one more, uncatchably; and while it runs no socket is read, so 12,000 (50 ms on the smallest chip) are the bar. The
 * machine does not tell how many were used: whoever has work to choose from says what it costs, and asks before the next.
 */

/** A piece of work may be begun while anything of this is left, so the dearest piece has to fit behind it. */
export const SLICE_STEPS = 5000;

/** One for the whole program. */
export class Slice {
  private atMs = -1;
  private left = SLICE_STEPS;

  /** Whether more may be begun in the slice that runs at `nowMs`; the clock stands still within one. */
  hasSteps(nowMs: number): boolean {
    return nowMs !== this.atMs || this.left > 0;
  }

  /** Something costs about so many steps of the slice that runs at `nowMs`. */
  spend(nowMs: number, steps: number): void {
    if (nowMs === this.atMs) this.left -= steps;
    else {
      this.atMs = nowMs;
      this.left = SLICE_STEPS - steps;
    }
  }
}
