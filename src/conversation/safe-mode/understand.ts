/** What was said to a robot without a language model: in which language, and what is meant. Pure. */
import type { Emotion } from "../../wire/verbs.js";
import { latinLanguage } from "../reply/language-guess.js";
import { spokenLanguage } from "../reply/spoken-language.js";
import { DE } from "./de.js";
import { EN } from "./en.js";
import { ES } from "./es.js";
import { FR } from "./fr.js";
import { JA } from "./ja.js";
import type { Direction, Intent, SafeLanguage } from "./language.js";

/** In the order in which they are asked when the words tell too little. */
export const SAFE_LANGUAGES: readonly SafeLanguage[] = [
  EN,
  DE,
  fromWordStarts(ES),
  fromWordStarts(FR),
  JA,
];

/** "Tell me what forty five by six is, please." */
const SUM_WORDS_MAX = 10;

export interface Understood {
  readonly language: SafeLanguage;
  /** undefined: nothing that safe mode knows. */
  readonly intent: Intent | undefined;
  readonly isQuestion: boolean;
  readonly isNegated: boolean;
  /** As the patterns see it. */
  readonly words: string;
}

/** @param own BCP 47, the character's language: it decides where the words do not. */
export function understand(said: string, own: string, name: string): Understood {
  const isAsked = /[?？]\s*$/.test(said);
  const words = wordsOf(said, name);
  // One small word is enough here: a language that knows nothing of the words is passed over.
  const script = spokenLanguage(said, own);
  const guess = (script === own ? latinLanguage(said, own, 1) : script).toLowerCase().split("-")[0];
  const first = SAFE_LANGUAGES.find(({ code }) => code === guess);
  const ownFirst = SAFE_LANGUAGES.find(({ code }) => own.toLowerCase().startsWith(code));
  const order = [first, ownFirst, ...SAFE_LANGUAGES].filter((one) => one !== undefined);
  for (const language of order) {
    for (const text of new Set([words, spelledOut(words, language)])) {
      const intent = intentIn(language, text);
      // "Plus" and "minus" are words of other languages, too: numbers decide.
      const isNoSum = intent === "math" && !hasNumber(text, language);
      // Whom somebody counts on is no number, either.
      const isNoCount = intent === "count" && countOf({ language, words: text }) === undefined;
      if (intent !== undefined && !isNoSum && !isNoCount)
        return heard(language, intent, text, isAsked);
    }
    // "Eight by six": nothing but a sum.
    if (isSumOnly(words, language)) return heard(language, "math", words, isAsked);
  }
  const [language = EN] = order;
  const text = spelledOut(words, language);
  const last = language.smallTalk.last.find(([, pattern]) => pattern.test(text))?.[0];
  return heard(language, last, text, isAsked);
}

/** In the form that the language's patterns expect; words in lower case. */
export function spelledOut(words: string, { spelled }: SafeLanguage): string {
  let text = words;
  for (const [pattern, form] of spelled) text = text.replace(pattern, form);
  return text.replace(/\s+/g, " ").trim();
}

function hasNumber(words: string, { numbers }: SafeLanguage): boolean {
  return /\d/.test(words) || numbers.some(([pattern]) => pattern.test(words));
}

/** A sum, and at most a few words around it. */
function isSumOnly(words: string, language: SafeLanguage): boolean {
  const around = words.split(" ").length;
  return around <= SUM_WORDS_MAX && sumOf({ language, words }) !== undefined;
}

/** With patterns that begin where a word does: nobody says "dame" (give me) in "recuérdame" (remind me). */
function fromWordStarts(language: SafeLanguage): SafeLanguage {
  const intents = language.intents.map(
    ([intent, pattern]) => [intent, new RegExp(`(?<!\\p{L})(?:${pattern.source})`, "u")] as const,
  );
  return { ...language, intents };
}

function intentIn({ intents, quiet, smallTalk }: SafeLanguage, words: string): Intent | undefined {
  if (quiet.begin.test(words) || quiet.over.test(words)) return "quiet";
  // The party next door is too loud, not the robot.
  const isOfOthers = smallTalk.others.test(words);
  const isElsewhere = quiet.elsewhere.test(words);
  return [...smallTalk.first, ...intents].find(
    ([intent, pattern]) =>
      pattern.test(words) &&
      !(intent === "volume" && isElsewhere) &&
      !(isOfOthers && (intent === "nod" || intent === "shake" || intent === "dance")),
  )?.[0];
}

function heard(
  language: SafeLanguage,
  intent: Intent | undefined,
  words: string,
  isAsked: boolean,
): Understood {
  return {
    language,
    intent,
    words,
    isQuestion: isAsked || language.question.test(words),
    isNegated: language.negation.test(words),
  };
}

function wordsOf(said: string, name: string): string {
  const called = name.toLowerCase().replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const text = said
    .toLowerCase()
    .normalize("NFC")
    .replace(/[’‘`´]/g, "'")
    // Called by its name before or after what is meant.
    .replace(
      new RegExp(
        `^(?:(?:hey|ok|okay|oye|dis|ねえ)[\\s,]*)?(?:${called}|buddy)[\\s,:!、]+(?=\\S)`,
        "u",
      ),
      "",
    )
    .replace(new RegExp(`(?<=\\S)[\\s,、]+(?:${called}|buddy)[\\s.!?！？]*$`, "u"), "")
    .replace(/[.!?,;…¡¿"“”。！？、「」]+/g, " ")
    .replace(/(\d) (?=\d)/g, "$1.")
    .replace(/\s+/g, " ")
    .trim();
  return text === "" ? called : text;
}

export function directionOf({ language, words }: Understood): Direction | undefined {
  return language.directions.find(([, pattern]) => pattern.test(words))?.[0];
}

/** The amount that was named; undefined for none. */
export function amountOf({ language, words }: Understood): number | undefined {
  const digits = /\d{1,4}/.exec(words)?.[0];
  if (digits !== undefined) return Number(digits);
  return language.numbers.find(([pattern]) => pattern.test(words))?.[1];
}

/** Days from today that were asked about; undefined for none that is understood. */
export function daysOf(understood: Understood): number | undefined {
  const { language, words } = understood;
  const counted = language.inDays.exec(words);
  if (counted !== null) {
    const count = numberOf(counted[1] ?? "", language);
    if (count === undefined) return undefined;
    return count * (/^(?:week|woche|semana|semaine|週)/.test(counted[2] ?? "") ? 7 : 1);
  }
  return language.days.find(([pattern]) => pattern.test(words))?.[1];
}

/** The face that was named; undefined for none that it has. */
export function faceOf({ language, words }: Understood): Emotion | undefined {
  return language.smallTalk.faces.find(([, pattern]) => pattern.test(words))?.[0];
}

/** How far is to be counted; undefined for no number. */
export function countOf({
  language,
  words,
}: Pick<Understood, "language" | "words">): number | undefined {
  const upTo = language.smallTalk.counts.exec(words)?.[1] ?? words;
  const sum = /\d{1,4}/.exec(upTo)?.[0];
  return sum === undefined ? numberOf(upTo.trim(), language) : Number(sum);
}

/** The word that is to be spelled. */
export function spelledOf({ language, words }: Understood): string | undefined {
  return language.smallTalk.spells
    .exec(words)
    ?.slice(1)
    .find((word) => word !== undefined);
}

function numberOf(word: string, language: SafeLanguage): number | undefined {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  if (/^an?$/.test(word)) return 1;
  return language.numbers.find(([pattern]) => pattern.test(word))?.[1];
}

/** @returns the sum's value; undefined when it is none that is understood. */
export function sumOf({
  language,
  words,
}: Pick<Understood, "language" | "words">): number | undefined {
  let text = words;
  for (const [pattern, sign] of language.sums) text = text.replace(pattern, ` ${sign} `);
  text = text.replace(/[×x](?=\s*\d)/g, "*").replace(/[÷:](?=\s*\d)/g, "/");
  for (const [pattern, value] of language.numbers) {
    text = text.replace(new RegExp(pattern.source, "gu"), String(value));
  }
  const sum = /-?\d+(?:\.\d+)?(?:\s*[-+*/]+\s*(?:\d+(?:\.\d+)?|\*?0\.01\s*\*\s*\d+))+/.exec(
    text,
  )?.[0];
  return sum === undefined ? undefined : valueOf(sum.replace(/\s+/g, "").replace(/\*{2,}/g, "*"));
}

/** Times and over before plus and minus, as at school. */
function valueOf(sum: string): number | undefined {
  const terms = sum.match(/[-+]?[^-+]+/g) ?? [];
  let total = 0;
  for (const term of terms) {
    const factors = term.match(/[*/]?[-+]?\d+(?:\.\d+)?/g) ?? [];
    let product = 1;
    for (const factor of factors) {
      const value = Number(factor.replace(/^[*/]/, ""));
      product = factor.startsWith("/") ? product / value : product * value;
    }
    total += product;
  }
  return Number.isFinite(total) ? Math.round(total * 1000) / 1000 : undefined;
}

/** What is asked for of what was told, as words to look for. */
export function topicOf({ language, words }: Understood): string {
  for (const pattern of language.topics) {
    const found = pattern.exec(words)?.[1]?.trim();
    if (found !== undefined && found !== "") return found;
  }
  return "";
}
