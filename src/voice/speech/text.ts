/** What is spoken of a text: without what only the eye can use, in pieces that a voice can say at one go. */

/** Longest piece given to a voice at once, characters; about 25 s of speech. */
export const PIECE_CHARS_MAX = 400;
/** Of one sentence nothing beyond this is spoken; the whole of it is shown. */
export const SENTENCE_CHARS_MAX = 4000;

const URLS = /\bhttps?:\/\/\S+/g;
const PICTURES =
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3/gu;
const MARKS = /[*_`#~|<>[\]{}\\]/g;
// eslint-disable-next-line no-control-regex -- control characters are exactly what is removed
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\ufeff]/g;

/** The text as it is to be heard; empty when there is nothing to say in it. */
export function speakable(text: string): string {
  const clean = text
    .slice(0, SENTENCE_CHARS_MAX)
    .replace(URLS, "link")
    .replace(CONTROLS, " ")
    .replace(PICTURES, " ")
    .replace(MARKS, " ")
    .replace(/\s+/g, " ")
    .trim();
  return /[\p{L}\p{N}]/u.test(clean) ? clean : "";
}

/** Cuts between words, after punctuation where there is some in the second half; a word that is too long is cut anywhere. */
export function pieces(text: string, charsMax = PIECE_CHARS_MAX): string[] {
  const out: string[] = [];
  let rest = text;
  while (rest.length > charsMax) {
    const head = rest.slice(0, charsMax);
    const stop = Math.max(...[". ", "! ", "? ", "; ", ", ", ": "].map((s) => head.lastIndexOf(s)));
    const space = head.lastIndexOf(" ");
    const cut = stop > charsMax / 2 ? stop + 1 : space > 0 ? space : wholeCharacters(head);
    out.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  if (rest !== "") out.push(rest);
  return out;
}

/** A cut must not go through a pair of surrogates. */
function wholeCharacters(head: string): number {
  const last = head.charCodeAt(head.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? head.length - 1 : head.length;
}

/**
 * The words that were not heard yet.
 * @param share how much was heard, 0..1; the word that was being said is said again.
 */
export function restOf(text: string, share: number): string {
  if (share <= 0) return text;
  if (share >= 1) return "";
  const at = Math.floor(text.length * share);
  if (at === 0) return text;
  return text.slice(text.lastIndexOf(" ", at - 1) + 1);
}
