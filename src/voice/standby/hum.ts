/**
 * The built-in renderer, for a machine without any voice program: a friendly hum, one tone a syllable, up at the end
 * of a question. No words can be understood, which is why they are shown as well; but the robot is heard, its mouth
 * moves, and the standby is real. The same text gives the same samples on every machine.
 */
import { RATE_HZ, SOUND_SAMPLES_MAX } from "../speech/pcm.js";

const SYLLABLE_S = 0.13;
const WORD_GAP_S = 0.045;
const PAUSE_S = 0.22;
const FADE_S = 0.02;
const LOUD = 7000;
/** Pitches of a pentatonic scale from D4, Hz: whatever follows whatever, it sounds well. */
const PITCHES_HZ = [293.7, 329.6, 370, 440, 493.9] as const;
const VOWELS = /[aeiouyäöüàáâãåèéêëìíîïòóôõùúûýœæ]+/giu;

interface Tone {
  readonly pitchHz: number;
  readonly endHz: number;
  readonly seconds: number;
}

/** Samples at `RATE_HZ`; at most a minute. */
export function hum(text: string): Int16Array {
  const tones = tonesOf(text);
  const lengths = tones.map((tone) => Math.round(tone.seconds * RATE_HZ));
  const total = Math.min(
    SOUND_SAMPLES_MAX,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  const out = new Int16Array(total);
  let at = 0;
  let phase = 0;
  for (const [index, tone] of tones.entries()) {
    const length = lengths[index] ?? 0;
    if (tone.pitchHz > 0) phase = sing(out.subarray(at, at + length), tone, phase);
    at += length;
    if (at >= total) break;
  }
  return out;
}

function tonesOf(text: string): Tone[] {
  const tones: Tone[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const syllables = Math.max(1, word.match(VOWELS)?.length ?? 1);
    for (let i = 0; i < syllables; i++) {
      const code = word.codePointAt(Math.floor((i * word.length) / syllables)) ?? 0;
      const pitchHz = PITCHES_HZ[(code + i * 2) % PITCHES_HZ.length] ?? PITCHES_HZ[0];
      const isLast = i === syllables - 1;
      const bend = isLast && word.endsWith("?") ? 1.35 : isLast && word.endsWith(".") ? 0.85 : 1;
      tones.push({ pitchHz, endHz: pitchHz * bend, seconds: SYLLABLE_S });
    }
    tones.push({ pitchHz: 0, endHz: 0, seconds: /[.!?;:,]$/.test(word) ? PAUSE_S : WORD_GAP_S });
  }
  return tones;
}

/** @returns the phase at the end, so that the next tone begins without a click. */
function sing(out: Int16Array, tone: Tone, startPhase: number): number {
  const fade = FADE_S * RATE_HZ;
  let phase = startPhase;
  for (let i = 0; i < out.length; i++) {
    const part = i / out.length;
    phase += (tone.pitchHz + (tone.endHz - tone.pitchHz) * part) / RATE_HZ;
    phase -= Math.floor(phase);
    const loud = Math.min(1, i / fade, (out.length - i) / fade);
    // A fundamental with two overtones from a triangle: rounder than a sine, and no table is needed.
    out[i] = Math.round(LOUD * loud * (triangle(phase) + 0.35 * triangle((2 * phase) % 1)));
  }
  return phase;
}

function triangle(phase: number): number {
  return 1 - 4 * Math.abs(phase - 0.5);
}
