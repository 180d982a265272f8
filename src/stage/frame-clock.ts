/**
 * When frames of several voices sound, each following the one before it without a gap. A process that is busy takes them late and
 * in a burst, which moves none of them; frames that never came leave all later ones behind, until a whole second has shown by
 * how much. That second is the same for all voices: what moves them by mistake moves them alike, and none over another. Pure; ms.
 */
const LOOK_MS = 1000;
/** Frames that are later than this were lost in between. */
const LATE_MS_MAX = 5000;
/** Below that it is how timers run, not a loss. */
const LOST_MS_MIN = 20;

interface Times {
  endMs: number;
  /** How late the least late frame was since the last look; undefined before the first. */
  leastLateMs: number | undefined;
}

export class FrameClock {
  private readonly voices = new Map<symbol, Times>();
  private lookedMs: number | undefined;

  /** @returns the end of a frame of that voice that is taken at `nowMs`. */
  take(voice: symbol, lengthMs: number, nowMs: number): number {
    const times = this.voices.get(voice) ?? { endMs: 0, leastLateMs: undefined };
    this.voices.set(voice, times);
    const isLost = nowMs - times.endMs > LATE_MS_MAX;
    times.endMs = isLost ? nowMs : Math.min(nowMs, times.endMs + lengthMs);
    const lateMs = nowMs - times.endMs;
    times.leastLateMs = Math.min(times.leastLateMs ?? lateMs, lateMs);
    this.lookedMs ??= nowMs;
    if (nowMs - this.lookedMs >= LOOK_MS) {
      this.look();
      this.lookedMs = undefined;
    }
    return times.endMs;
  }

  private look(): void {
    for (const times of this.voices.values()) {
      const { leastLateMs = 0 } = times;
      if (leastLateMs > LOST_MS_MIN) times.endMs += leastLateMs;
      times.leastLateMs = undefined;
    }
  }
}
