/** When a person in a room begins to speak and has finished, by how loud it is. Pure; one for each person. */

/** 16,000 samples a second, one channel: what ears take. */
export const EAR_RATE_HZ = 16_000;
/** Root mean square of samples of 16 bits; a quiet room has about 50. */
const LOUD = 400;
/** Loud for so long in all is no click. Robots go on for so long, and for as long as sound is under way, when a person speaks. */
const SPEECH_MS_MIN = 80;
/** Silence that ends an utterance. */
const END_MS = 800;
const UTTERANCE_MS_MAX = 30_000;
/** Kept from before it was loud enough: words begin softly. */
const BEFORE_MS = 200;

export interface Utterance {
  readonly frames: readonly Int16Array[];
  readonly loudMs: number;
  /** Since it was loud. */
  readonly quietMs: number;
  readonly isSpeaking: boolean;
}

export const NO_UTTERANCE: Utterance = { frames: [], loudMs: 0, quietMs: 0, isSpeaking: false };

export type Step =
  | { readonly kind: "nothing" | "begins"; readonly state: Utterance }
  | { readonly kind: "ended"; readonly state: Utterance; readonly samples: Int16Array };

export function hearFrame(before: Utterance, frame: Int16Array): Step {
  const ms = (frame.length / EAR_RATE_HZ) * 1000;
  const isLoud = loudness(frame) >= LOUD;
  const quietMs = isLoud ? 0 : before.quietMs + ms;
  const frames = [...before.frames, frame];
  if (!before.isSpeaking) {
    const loudMs = isLoud ? before.loudMs + ms : quietMs > BEFORE_MS ? 0 : before.loudMs;
    const kept = loudMs > 0 ? frames : frames.slice(-Math.ceil(BEFORE_MS / ms));
    const isSpeaking = loudMs >= SPEECH_MS_MIN;
    const state = { frames: kept, loudMs, quietMs, isSpeaking };
    return { kind: isSpeaking ? "begins" : "nothing", state };
  }
  const isEnd = quietMs >= END_MS || frames.length * ms >= UTTERANCE_MS_MAX;
  if (!isEnd) return { kind: "nothing", state: { ...before, frames, quietMs } };
  const samples = new Int16Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of frames) {
    samples.set(one, at);
    at += one.length;
  }
  return { kind: "ended", state: NO_UTTERANCE, samples };
}

/** Root mean square of samples of 16 bits. */
export function loudness(frame: Int16Array): number {
  const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, frame.length);
  return Math.sqrt(power);
}
