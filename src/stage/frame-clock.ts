/**
 * When frames of a voice sounded. They sound one after the other without a gap, but a process that is busy takes them late and in
 * a burst. So a frame is dated when it is taken, and moved to an earlier time as long as later frames show that it was late:
 * whatever was taken so much sooner after it than it takes to sound. Frames that never came move nothing. Pure; ms.
 */

/** A frame's time is settled after so long: what a process took later than that is dated late. */
export const SETTLED_MS = 5000;

export interface DatedFrame {
  /** May still become earlier until it is settled. */
  endMs: number;
}

interface Taken {
  readonly frame: DatedFrame;
  readonly takenMs: number;
  /** Sound of the voice until its end. */
  readonly soundMs: number;
}

interface Voice {
  soundMs: number;
  readonly recent: Taken[];
}

export class FrameClock {
  /** How late a frame was taken at most, of those that are settled. */
  lateMsMax = 0;
  private readonly voices = new Map<symbol, Voice>();

  /** A frame of that voice is taken at `nowMs`. */
  take(voice: symbol, lengthMs: number, nowMs: number): DatedFrame {
    const times = this.voices.get(voice) ?? { soundMs: 0, recent: [] };
    this.voices.set(voice, times);
    times.soundMs += lengthMs;
    const { soundMs, recent } = times;
    for (let i = recent.length - 1; i >= 0; i--) {
      const before = recent[i] as Taken;
      const latestMs = nowMs - (soundMs - before.soundMs);
      // What was before that is early enough, too.
      if (before.frame.endMs <= latestMs) break;
      before.frame.endMs = latestMs;
    }
    while (recent[0] !== undefined && soundMs - recent[0].soundMs > SETTLED_MS) {
      const { frame, takenMs } = recent.shift() as Taken;
      this.lateMsMax = Math.max(this.lateMsMax, takenMs - frame.endMs);
    }
    const frame = { endMs: nowMs };
    recent.push({ frame, takenMs: nowMs, soundMs });
    return frame;
  }
}
