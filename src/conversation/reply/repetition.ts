/**
 * Recognises a model that has got stuck and says the same for ever. Pure and bounded: looks at the tail of the reply only.
 */

/** Length of the tail that is looked at, characters. */
export const TAIL_CHARS = 240;
/** Times a pattern must stand in a row. Three "ha ha ha" are laughter; this is no more. */
const REPEATS_MIN = 4;
/** The repeated part covers at least this much: a short "no no no no" is fine. */
const COVER_CHARS_MIN = 60;

/** Whether the end of `text` is one pattern again and again. */
export function isRepeating(text: string): boolean {
  const tail = text.slice(-TAIL_CHARS);
  for (let period = 1; period * REPEATS_MIN <= tail.length; period++) {
    const repeats = Math.max(REPEATS_MIN, Math.ceil(COVER_CHARS_MIN / period));
    if (period * repeats > tail.length) continue;
    if (hasPeriod(tail, period, period * repeats)) return true;
  }
  return false;
}

function hasPeriod(tail: string, period: number, length: number): boolean {
  const start = tail.length - length;
  for (let i = tail.length - 1; i >= start + period; i--) {
    if (tail.charCodeAt(i) !== tail.charCodeAt(i - period)) return false;
  }
  return true;
}
