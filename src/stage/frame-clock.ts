/**
 * When frames sound that follow each other without a gap. A process that is busy takes them late and in a burst, which moves
 * none of them; frames that never came leave all later ones behind, until a whole second has shown by how much. Pure; ms.
 */
const LOOK_MS = 1000;
/** Frames that are later than this were lost in between. */
const LATE_MS_MAX = 5000;
/** Below that it is how timers run, not a loss. */
const LOST_MS_MIN = 20;

export class FrameClock {
  private endMs = 0;
  /** How late the least late frame was since then; undefined before the first. */
  private look: { readonly sinceMs: number; leastLateMs: number } | undefined;

  /** @returns the end of a frame that is taken at `nowMs`. */
  take(lengthMs: number, nowMs: number): number {
    const isLost = nowMs - this.endMs > LATE_MS_MAX;
    this.endMs = isLost ? nowMs : Math.min(nowMs, this.endMs + lengthMs);
    const lateMs = nowMs - this.endMs;
    this.look ??= { sinceMs: nowMs, leastLateMs: lateMs };
    this.look.leastLateMs = Math.min(this.look.leastLateMs, lateMs);
    if (nowMs - this.look.sinceMs >= LOOK_MS) {
      if (this.look.leastLateMs > LOST_MS_MIN) this.endMs += this.look.leastLateMs;
      this.look = undefined;
    }
    return this.endMs;
  }
}
