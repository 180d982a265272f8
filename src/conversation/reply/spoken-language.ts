/**
 * The language a sentence is spoken in. A model answers in the language it is spoken to in, and an English voice names
 * Chinese letters instead of reading them: where the script says that it cannot be the character's language, it
 * chooses the voice; within the Latin script its small words do (`language-guess.ts`).
 */
import { latinLanguage } from "./language-guess.js";

/** Scripts, each with the languages written in it; the first is taken where the character speaks none of them. */
const SCRIPTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\p{Script=Hangul}/gu, ["ko"]],
  [/\p{Script=Han}/gu, ["zh", "yue", "cmn", "ja", "ko"]],
  [/\p{Script=Cyrillic}/gu, ["ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tt"]],
  [/\p{Script=Greek}/gu, ["el"]],
  [/\p{Script=Arabic}/gu, ["ar", "fa", "ur", "ps", "ku"]],
  [/\p{Script=Hebrew}/gu, ["he", "yi"]],
  [/\p{Script=Devanagari}/gu, ["hi", "mr", "ne", "sa"]],
  [/\p{Script=Thai}/gu, ["th"]],
];
/**
 * Languages that show themselves by their letters within one script: theirs, what none of their words has, and the
 * languages that share the letters, which a character that speaks one of them keeps.
 */
const OWN_LETTERS: readonly {
  language: string;
  has: RegExp;
  lacks: RegExp;
  shared: readonly string[];
}[] = [
  { language: "uk", has: /[іїєґ]/i, lacks: /[ыэёўәңғүұқөһ]/i, shared: ["be", "kk"] },
  { language: "be", has: /ў/i, lacks: /[їєґщ]/i, shared: [] },
  { language: "sr", has: /[ђћљњџ]/i, lacks: /[ыэѓќѕ]/i, shared: ["mk"] },
  // Before Persian: Urdu has all of its letters, and these besides.
  { language: "ur", has: /[ٹڈڑےںہ]/, lacks: /[ټډړڼېۆێڵ]/, shared: ["ps", "ku"] },
  { language: "fa", has: /[پچژگکی]/, lacks: /[ةيىكټډړڼېۆێڵڕە]/, shared: ["ur", "ps", "ku"] },
];
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu;
/** Share of the letters that decides; names and quotations in another script do not. Japanese mixes its scripts. */
const SHARE_MIN = 0.3;

/** @param own BCP 47, what the character speaks. */
export function spokenLanguage(text: string, own: string): string {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  // One kana among Chinese characters makes them Japanese.
  const mixed = KANA.test(text) ? (text.match(JAPANESE)?.length ?? 0) : 0;
  if (mixed > letters * SHARE_MIN) return own.toLowerCase().startsWith("ja") ? own : "ja";
  for (const [letter, languages] of SCRIPTS) {
    if ((text.match(letter)?.length ?? 0) <= letters * SHARE_MIN) continue;
    const [base = own] = own.toLowerCase().split("-");
    const shown = OWN_LETTERS.find(
      ({ language, has, lacks }) =>
        languages.includes(language) && has.test(text) && !lacks.test(text),
    );
    if (shown && base !== shown.language && !shown.shared.includes(base)) return shown.language;
    return languages.includes(base) ? own : (languages[0] as string);
  }
  return latinLanguage(text, own);
}
