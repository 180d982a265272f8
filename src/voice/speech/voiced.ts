/** How much of a recording is loud enough to be speech: servers write "Thank you." for a quiet room. Pure. */

const FRAME_MS = 20;
/** Speech stands out of the room's own noise by this factor, and is never quieter than the least. */
const ABOVE_NOISE = 2.5;
const LEVEL_MIN = 130;
/** Somebody who talks without a pause leaves no quiet to measure the room by. */
const LEVEL_MAX = 1500;
/** Share of the frames that is quieter than any speech. */
const NOISE_SHARE = 0.05;
/** Nobody speaks faster: ms for a letter, and for a sign of a script that writes syllables. */
const LETTER_MS_MIN = 20;
const SYLLABLE_MS_MIN = 50;

/** ms of sound that stands out of the noise. @param samples 16 bits */
export function voicedMs(samples: Int16Array, rateHz: number): number {
  const size = Math.max(1, Math.round((rateHz * FRAME_MS) / 1000));
  const levels: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    let sum = 0;
    for (let i = at; i < at + size; i++) sum += (samples[i] as number) ** 2;
    levels.push(Math.sqrt(sum / size));
  }
  const quiet = [...levels].sort((a, b) => a - b)[Math.floor(levels.length * NOISE_SHARE)] ?? 0;
  const least = Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, quiet * ABOVE_NOISE));
  return levels.filter((level) => level >= least).length * FRAME_MS;
}

/** Whether these words can have been said in so much sound. */
export function canBeSaid(words: string, ms: number): boolean {
  const syllables = words.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu) ?? [];
  const letters = words.match(/\p{L}/gu) ?? [];
  const rest = letters.length - syllables.length;
  return ms > 0 && ms >= rest * LETTER_MS_MIN + syllables.length * SYLLABLE_MS_MIN;
}
