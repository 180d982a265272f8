/**
 * How late the program is, and what it gives up for it, in one order for everybody: first the motion layer computes half
 * as often, then a quarter; then ambient motion goes, then the pushes to clients, then new clients are turned away.
 * Link, stop and faces are never given up. Pure; docs/architecture/budget.md.
 */

/** What is given up at each level, besides all of the levels below. */
export const LOAD_LEVELS = [
  "nothing",
  "half motion",
  "quarter motion",
  "ambient",
  "pushes",
  "clients",
] as const;
export const HALF_MOTION = 1;
export const QUARTER_MOTION = 2;
export const NO_AMBIENT = 3;
export const NO_PUSHES = 4;
export const NO_CLIENTS = 5;

/**
 * A wake this late is too late. The simulator looks at its fibers each 10 ms, a board's main loop ticks each 10 ms, and
 * the longest slice on the smallest chip takes 50: twice that and a tick.
 */
const LATE_MS = 110;
/** A wake counts as this late at most: one long pause, of a chip or of its simulator's machine, is no load. */
const LATE_MS_COUNTED_MAX = 330;
/** Share of a new wake in the mean lateness: some ten wakes, about a second at rest. */
const MEAN_SHARE = 0.1;
/** No level changes sooner than this after the last: one up ... */
const UP_MS = 400;
/** ... and one down, once the mean has been below half of what is too late. */
const DOWN_MS = 3000;

export class Load {
  /** 0 all is well; see `LOAD_LEVELS`. */
  level = 0;
  /** Mean of the last wakes, and the worst since boot: ms after they were due. */
  meanMs = 0;
  worstMs = 0;
  /** Times that something was given up, since boot. */
  reliefs = 0;
  private changedMs = 0;

  /** The program woke `lateMs` after it was due. */
  noteWake(nowMs: number, lateMs: number): void {
    const counted = Math.min(lateMs, LATE_MS_COUNTED_MAX);
    const meanMs = this.meanMs + (counted - this.meanMs) * MEAN_SHARE;
    this.meanMs = meanMs;
    if (lateMs > this.worstMs) this.worstMs = lateMs;
    if (meanMs > LATE_MS / 2 || this.level > 0) this.judge(nowMs);
  }

  private judge(nowMs: number): void {
    const sinceMs = nowMs - this.changedMs;
    if (this.meanMs > LATE_MS / 2) {
      if (this.level >= NO_CLIENTS || sinceMs < UP_MS) return;
      this.level++;
      this.reliefs++;
    } else {
      if (this.meanMs > LATE_MS / 4 || sinceMs < DOWN_MS) return;
      this.level--;
    }
    this.changedMs = nowMs;
  }
}
