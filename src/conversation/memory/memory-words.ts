/**
 * What a person tells about themselves and about the memory, recognised in code so that it works with every model and
 * without one. English; other languages reach it through their models only.
 */
import { cutText } from "../../host/cut-text.js";

export type MemoryWish =
  | { readonly kind: "met"; readonly name: string }
  | { readonly kind: "fact"; readonly text: string };

const FACT_CHARS_MAX = 160;
/**
 * An order at the beginning of a sentence, since it cannot be taken back: "don't forget today", "I'll never forget what we
 * said" and "forget about today's meeting" are none.
 */
const FORGET =
  /^(?:\p{L}+,\s*|(?:hey|ok|okay|please|buddy|now|just|and|(?:can|could|would|will) you|i want you to)\s+)*(?:forget|delete|erase)\b[^.?!]{0,30}\b(?:today\b(?!['’]s\s+(?!memor|conversation|talk|words|chat))|what (?:i|we) (?:just )?said\b)/iu;
const NAME = /\b(?:my name is|i am called|call me|my name's)\s+([\p{Lu}\p{Lo}][\p{L}'-]{0,30})/iu;
const FACT = /\b(?:remember (?:that|this:?)|don't forget that|note that)\s+(.{3,})/i;
const OWN =
  /\bi (?:really )?((?:like|love|hate|prefer|live in|work (?:as|at|in)|play|have a|am allergic to|come from)\s+[^.?!]{2,80})/i;
/** Words that are no names however they are written. */
const NO_NAME = new Set([
  "a",
  "the",
  "not",
  "so",
  "very",
  "just",
  "back",
  "here",
  "sorry",
  "it",
  "me",
  ..."again an at by if in later maybe now of on or soon spelled that to tomorrow tonight what when whenever".split(
    " ",
  ),
]);

/** Whether somebody asks to forget what was said today. */
export function wantsToForget(said: string): boolean {
  return said.split(/[.!?]+\s*/).some((sentence) => FORGET.test(sentence.trim()));
}

/** Everything found; a question is never taken for a fact. */
export function memoryWishes(said: string): MemoryWish[] {
  const text = said.replace(/\s+/g, " ").trim();
  const wishes: MemoryWish[] = [];
  const name = NAME.exec(text)?.[1];
  if (name !== undefined && !NO_NAME.has(name.toLowerCase())) {
    wishes.push({ kind: "met", name: name.charAt(0).toUpperCase() + name.slice(1) });
  }
  const fact = FACT.exec(text)?.[1];
  if (fact !== undefined) wishes.push({ kind: "fact", text: clean(fact) });
  else if (!text.endsWith("?")) {
    const own = OWN.exec(text)?.[1];
    if (own !== undefined) wishes.push({ kind: "fact", text: clean(own) });
  }
  return wishes;
}

/** Facts go into prompts: one line, no brackets that could look like a tag. */
function clean(text: string): string {
  return cutText(text.replace(/[[\]<>{}"]/g, "").replace(/[.!\s]+$/, ""), FACT_CHARS_MAX);
}

const STOP_WORDS = new Set([
  "stop",
  "stop it",
  "stop talking",
  "be quiet",
  "quiet",
  "shut up",
  "silence",
  "enough",
  "halt",
  "hush",
  "stopp",
  "ruhe",
  "sei still",
  "arrete",
  "arrête",
  "tais-toi",
  "alto",
  "basta",
]);

/** May stand around a stop word without making it a question. */
const AROUND_STOP = new Set(["please", "ok", "okay", "hey", "now", "no", "just", "buddy"]);

/**
 * Whether somebody wants silence and nothing else, once or "stop, stop, stop".
 * @param name what the robot is called, too.
 */
export function isStopWord(said: string, name = ""): boolean {
  const called = name.toLowerCase();
  const words = said
    .toLowerCase()
    .replace(/[.!¡,…]/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "" && word !== called && !AROUND_STOP.has(word))
    .join(" ");
  return STOP_WORDS.has(words.replace(/^(.+?)(?: \1)+$/, "$1"));
}
