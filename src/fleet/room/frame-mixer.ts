/** What stands on a time line of sound, as the frames that a room takes: 10 ms at 48,000 samples a second. Pure. */
import type { LineSound } from "../../voice/headless-page.js";
import { RATE_HZ } from "../../voice/speech/pcm.js";

export const ROOM_RATE_HZ = 48_000;
export const FRAME_MS = 10;
export const FRAME_SAMPLES = (ROOM_RATE_HZ * FRAME_MS) / 1000;

export class FrameMixer {
  private sounds: LineSound[] = [];

  put(sound: LineSound): void {
    this.sounds.push(sound);
  }

  /** Something of it is still to come. */
  hasMore(fromMs: number): boolean {
    // What was cut before it began has no length.
    return this.sounds.some(({ startMs, endMs }) => endMs > Math.max(startMs, fromMs));
  }

  /** The frame that begins then; frames are asked for in order. */
  frame(fromMs: number): Int16Array {
    this.sounds = this.sounds.filter(({ endMs }) => endMs > fromMs);
    const frame = new Int16Array(FRAME_SAMPLES);
    for (const { startMs, endMs, samples } of this.sounds) {
      for (let i = 0; i < FRAME_SAMPLES; i++) {
        const atMs = fromMs + (i * 1000) / ROOM_RATE_HZ;
        if (atMs < startMs || atMs >= endMs) continue;
        frame[i] = Math.round(sampleAt(samples, ((atMs - startMs) * RATE_HZ) / 1000) * 32_767);
      }
    }
    return frame;
  }
}

/** By a straight line between samples, as everywhere (`speech/pcm.ts`). */
function sampleAt(samples: Float32Array, at: number): number {
  const before = Math.floor(at);
  const a = samples[before] ?? 0;
  return a + ((samples[before + 1] ?? a) - a) * (at - before);
}
