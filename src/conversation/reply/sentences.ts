/** Where a sentence of a reply ends, and how it sounds. */
import { cutText } from "../../host/cut-text.js";

/** A sentence that does not end is cut at the last space before this. */
export const SENTENCE_CHARS_MAX = 240;
/** Shorter sentences are joined with the next, so that "No. 5" and "Hm." do not stumble. */
const SENTENCE_CHARS_MIN = 4;
/** Titles and the like, whose dot does not end a sentence; nor does that of "am 3. Oktober". */
const ABBREVIATION =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|etc|approx|inc|jr|sr|sra|mme|mlle|bzw|ca|nr|usw|vgl|e\.g|i\.e|z\.b|[a-z]|\d{1,2})\.$/i;

/**
 * Index after the first complete sentence, or −1. The sign of its end must have been followed by something: "3." may become
 * 3.5, and "www." an address.
 */
export function sentenceEnd(text: string, isEnd: boolean): number {
  const pattern = /[.!?…]+["'”’)\]]*(?=\s)|[。！？؟۔।]|\n/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const end = match.index + match[0].length;
    const sentence = text.slice(0, end);
    if (/[\n。！？؟۔।]/.test(match[0])) return end;
    if (sentence.trim().length < SENTENCE_CHARS_MIN || ABBREVIATION.test(sentence)) continue;
    return end;
  }
  if (isEnd || text.length <= SENTENCE_CHARS_MAX) return -1;
  const comma = text.lastIndexOf(", ", SENTENCE_CHARS_MAX);
  const space = text.lastIndexOf(" ", SENTENCE_CHARS_MAX);
  if (comma > SENTENCE_CHARS_MAX / 2) return comma + 1;
  return space > 0 ? space : cutText(text, SENTENCE_CHARS_MAX).length;
}

/** Words as they are said: no markup, no emoji, no control characters; "" when no word is left. */
export function speakable(text: string): string {
  const words = text
    .replace(/(\d)\s*\*\s*(?=\d)/g, "$1 × ")
    .replace(/^\s{0,3}(?:#{1,6}|[-*+]|\d{1,2}\.)\s+/gm, "")
    .replace(/(?<![\p{L}\p{N}])[*_`~|\\]+|[*_`~|\\]+(?![\p{L}\p{N}])/gu, "")
    .replace(
      /\p{Extended_Pictographic}(?:\ufe0f|\u200d\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}])*|[\u{1f1e6}-\u{1f1ff}]{2}|\ufe0f/gu,
      " ",
    )
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^["”’)\]]\s+/, "")
    .replace(/\s+([.,!?;:])/g, "$1")
    .trim();
  return /[\p{L}\p{N}]/u.test(words) ? words : "";
}
