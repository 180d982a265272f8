/**
 * What a small model is told: at most `SHORT_TOKENS_MAX` tokens of character, people and examples. A head of half a billion
 * weights reads rules and forgets them, but goes on as it sees others go on. So there are examples in place of rules, one language
 * at a time, facts as sentences, and a note of the clock or the senses only beside a question for them: nearly every
 * request then begins with all of the one before. Pure.
 */
import type { ModelMessage } from "ai";
import type { Said } from "../memory/memory.js";
import type { ModelPrompt } from "../models/model-calls.js";
import { understand } from "../safe-mode/understand.js";

/** What of the whole prompt's context it needs. */
export interface ShortContext {
  readonly persona: {
    readonly name: string;
    readonly language: string;
    readonly prompt: string;
    readonly tokensMax: number;
  };
  readonly world: {
    readonly emotion: string;
    readonly camera: "off" | "blind" | "sees";
    readonly faces: number;
    readonly faceName: string | undefined;
  };
  readonly time: string;
  /** What was known of the person when the conversation began, and still is. */
  readonly begun: { readonly name: string | undefined; readonly facts: readonly string[] };
  readonly name: string | undefined;
  /** What is known of who talks now. */
  readonly facts: readonly string[];
  readonly history: readonly Said[];
  readonly picture: Uint8Array | undefined;
}

/** Of all that stands before the first words of the person. */
export const SHORT_TOKENS_MAX = 350;
const CHARACTER_CHARS_MAX = 330;
const FACTS_MAX = 5;
const FACT_CHARS_MAX = 80;
/** Of what was learned since the conversation began, beside a question for it. */
const LEARNED_MAX = 3;
/** Of what was said; when it is more, half of it leaves at once. */
const HISTORY_CHARS_MAX = 2400;
const REPLY_TOKENS_MAX = 90;
const CLEAR_WORDS_MIN = 3;

interface Speech {
  /** Its own name, for the model. */
  readonly name: string;
  readonly examples: readonly (readonly [said: string, reply: string])[];
}

const SPEECH: Readonly<Record<string, Speech>> = {
  en: {
    name: "English",
    examples: [
      ["Hi!", "[nod] Hi there. Nice that you are here."],
      ["Are you a robot?", "Yes, a small one on your desk. [curious_tilt] And what are you doing?"],
      ["Who won the game last night?", "I don't know, I only sit here. [shake] Tell me!"],
    ],
  },
  de: {
    name: "German",
    examples: [
      ["Hallo!", "[nod] Hallo. Schön, dass du da bist."],
      [
        "Bist du ein Roboter?",
        "Ja, ein kleiner auf deinem Tisch. [curious_tilt] Und was machst du?",
      ],
      ["Wer hat gestern gewonnen?", "Das weiß ich nicht, ich sitze nur hier. [shake] Erzähl!"],
    ],
  },
  es: {
    name: "Spanish",
    examples: [
      ["¡Hola!", "[nod] Hola. Qué bien que estés aquí."],
      ["¿Eres un robot?", "Sí, uno pequeño en tu mesa. [curious_tilt] ¿Y tú qué haces?"],
      ["¿Quién ganó ayer?", "No lo sé, solo estoy aquí. [shake] ¡Cuéntame!"],
    ],
  },
  fr: {
    name: "French",
    examples: [
      ["Salut !", "[nod] Salut. C'est bien que tu sois là."],
      ["Tu es un robot ?", "Oui, un petit sur ton bureau. [curious_tilt] Et toi, que fais-tu ?"],
      ["Qui a gagné hier ?", "Je ne sais pas, je reste ici. [shake] Raconte !"],
    ],
  },
  ja: {
    name: "Japanese",
    examples: [
      ["こんにちは！", "[nod] こんにちは。来てくれてうれしいです。"],
      ["ロボットなの？", "はい、机の上の小さなロボットです。[curious_tilt] 何をしているの？"],
      ["昨日は誰が勝った？", "わかりません。[shake] 教えて！"],
    ],
  },
};

/**
 * @param said the newest words, or what stands for them.
 * @param isOwn nobody said anything: `said` is its own reason to speak.
 */
export function shortPrompt(
  said: string,
  context: ShortContext,
  isOwn: boolean,
): Omit<ModelPrompt, "short"> {
  const { persona, history } = context;
  const { name, examples } = SPEECH[languageOf(isOwn ? "" : said, context)] as Speech;
  const shown = examples.flatMap(([person, reply]): ModelMessage[] => [
    { role: "user", content: person },
    { role: "assistant", content: reply },
  ]);
  const note = isOwn ? "" : noteFor(said, context);
  const system = [
    `You are ${bare(persona.name)}. ${beginning(persona.prompt, persona.name)}`,
    `You speak ${name}: one or two short sentences, no lists.`,
    known(context),
  ];
  return {
    system: system.filter((line) => line !== "").join("\n"),
    messages: [
      ...shown,
      ...asMessages(recent(history)),
      { role: "user", content: note === "" ? said : `${said}\n(${note})` },
    ],
    tokensMax: Math.min(persona.tokensMax, REPLY_TOKENS_MAX),
  };
}

/** The language of the newest words that show one; else the character's, if it is one of the five. */
function languageOf(said: string, { persona, history }: ShortContext): string {
  const own = persona.language.toLowerCase().slice(0, 2);
  const heard = history.filter(({ by }) => by === "person").map(({ text }) => text);
  for (const text of [...heard, said].toReversed()) {
    const isClear =
      text.split(/\s+/).length >= CLEAR_WORDS_MIN || /[^\p{Script=Latin}\P{L}]/u.test(text);
    if (isClear) return understand(text, persona.language, persona.name).language.code;
  }
  return own in SPEECH ? own : "en";
}

/** The first sentences of the character, without the one that repeats its name. */
function beginning(prompt: string, name: string): string {
  const sentences = prompt.replace(/\s+/g, " ").split(/(?<=[.!?])\s+/);
  let text = "";
  for (const sentence of sentences) {
    const own = sentence.replace(new RegExp(`^You are ${escaped(name)}, `), "You are ");
    if (text.length + own.length > CHARACTER_CHARS_MAX) break;
    text += text === "" ? own : ` ${own}`;
  }
  return text;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** "You talk to Tom. Tom likes sailing." What was learned since stands beside a question for it. */
function known({ begun: { name, facts } }: ShortContext): string {
  const who = name === undefined ? "The person" : bare(name);
  const told = facts.slice(-FACTS_MAX).map((fact) => factSentence(who, bare(fact)));
  const talk = name === undefined ? "" : `You talk to ${who}.`;
  return [talk, ...told].filter((line) => line !== "").join(" ");
}

/** A fact as it was told ("like sailing", "my dog is called Rex"), as a sentence about them. */
export function factSentence(who: string, fact: string): string {
  const text = fact.slice(0, FACT_CHARS_MAX);
  const [verb = "", ...rest] = text.split(" ");
  const third = THIRD[verb.toLowerCase()];
  if (third !== undefined) return `${who} ${[third, ...rest].join(" ")}.`;
  if (/^my\b/i.test(text)) return `${who}'s ${text.slice(2).trim()}.`;
  return `${who} told you: ${text}.`;
}

const THIRD: Readonly<Record<string, string>> = {
  am: "is",
  have: "has",
  study: "studies",
  was: "was",
  ...Object.fromEntries(
    "like love hate prefer live work play come speak collect"
      .split(" ")
      .map((verb) => [verb, `${verb}s`]),
  ),
};

/** What only its clock, its senses and its memory can answer. */
function noteFor(said: string, context: ShortContext): string {
  const { persona, world, time, name, facts, begun: before, picture } = context;
  const { intent } = understand(said, persona.language, persona.name);
  const parts: string[] = [];
  if (name !== before.name && name !== undefined) parts.push(`It is ${bare(name)} who talks.`);
  if (intent === "me" || intent === "recall") {
    const who = name === undefined ? "The person" : bare(name);
    const told = new Set(name === before.name ? before.facts : []);
    const learned = facts.filter((fact) => !told.has(fact)).slice(-LEARNED_MAX);
    parts.push(...learned.map((fact) => factSentence(who, bare(fact))));
  }
  if (intent === "time" || intent === "date" || intent === "day") parts.push(`Now it is ${time}.`);
  if (intent === "how" || intent === "bored" || intent === "want") {
    parts.push(`You feel ${world.emotion.toLowerCase()}.`);
  }
  if (intent === "see" || intent === "alone" || intent === "me" || picture !== undefined) {
    parts.push(sight(context));
  }
  return parts.join(" ");
}

function sight({ world }: ShortContext): string {
  if (world.camera === "off") return "You have no camera.";
  if (world.camera === "blind") return "Your camera gives no picture now.";
  if (world.faces === 0) return "You see nobody.";
  const who = world.faceName === undefined ? "" : `: ${bare(world.faceName)}`;
  return `You see ${world.faces === 1 ? "one face" : `${world.faces} faces`}${who}.`;
}

/** The newest part of what was said. Its beginning moves in steps of half its length, so that requests go on alike. */
function recent(history: readonly Said[]): readonly Said[] {
  const step = HISTORY_CHARS_MAX / 2;
  const total = history.reduce((sum, { text }) => sum + text.length, 0);
  const over = Math.max(0, total - HISTORY_CHARS_MAX);
  const dropped = Math.ceil(over / step) * step;
  let chars = 0;
  const first = history.findIndex(({ by, text }) => {
    chars += text.length;
    return by === "person" && chars - text.length >= dropped;
  });
  return first < 0 ? [] : history.slice(first);
}

function asMessages(history: readonly Said[]): ModelMessage[] {
  const joined: { role: "user" | "assistant"; content: string }[] = [];
  for (const { by, text } of history) {
    const role = by === "person" ? "user" : "assistant";
    const last = joined.at(-1);
    if (last?.role === role) last.content += `\n${text}`;
    else joined.push({ role, content: text });
  }
  return joined;
}

/** Text from outside: one line without brackets. */
function bare(text: string): string {
  return text
    .replace(/[\s"[\]<>{}()]+/g, " ")
    .trim()
    .replace(/[.!]+$/, "");
}
