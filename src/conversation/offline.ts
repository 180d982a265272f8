/**
 * Buddy without a model: what was said is understood by `safe-mode`, in the language it was said in; the persona's own lines
 * are taken where it has some for the same and speaks that language. Pure but for chance; a line is not used again while
 * others are left.
 */
import type { Chance } from "../time/chance.js";
import type { PersonaLines } from "./persona.js";
import {
  commonValues,
  MOVES,
  safeAnswer,
  type SafeAnswer,
  type SafeContext,
} from "./safe-answer.js";
import type { Intent, LineId, SafeLanguage } from "./safe-mode/language.js";
import type { FollowUps } from "./safe-mode/follow-up.js";
import { understand, type Understood } from "./safe-mode/understand.js";
import { strongestWish, type World } from "./world.js";

export interface OfflineContext extends SafeContext {
  readonly lines: PersonaLines;
  /** Date and time in words. */
  readonly time: string;
  /** What words stand for that mean nothing alone. */
  readonly follow: Pick<FollowUps, "wholeOf">;
}

export interface OfflineAnswer {
  /** With tags, as a model would write it. */
  readonly text: string;
  /** Whether it is in the character's own language. */
  readonly isOwnLanguage: boolean;
}

/** What a persona may have lines of its own for, by its names of them. */
const OWN_INTENTS: Partial<Record<Intent, string>> = {
  greeting: "greeting",
  how: "how",
  see: "see",
  who: "who",
  can: "can",
  alone: "alone",
  thanks: "thanks",
  bye: "bye",
  joke: "joke",
  dull: "bored",
  bored: "bored",
  sad: "sad",
  alive: "feeling",
};

const USED_MAX = 40;
/** Of one breath. */
const MOVES_MAX = 3;
/** Where one wish ends and the next begins. */
const CLAUSES =
  /[,;、。]\s*(?:(?:and then|and|then|but|und dann|und|dann|sondern|y luego|luego|sino|et puis|puis|et|mais|y)\s+)?|\s+(?:and then|and|then|but|und dann|und|dann|sondern|y luego|luego|sino|et puis|puis|et|mais|y)\s+|てから|(?<=て)(?=[右左上下首う])/iu;

export class OfflineCharacter {
  private readonly used: string[] = [];

  constructor(private readonly chance: Chance) {}

  answer(heard: string, context: OfflineContext): OfflineAnswer {
    const { lines, language: own, self, follow } = context;
    const said = follow.wholeOf(heard);
    const understood = understand(said, own, self);
    const { language, intent } = understood;
    const isOwnLanguage = own.toLowerCase().split("-")[0] === language.code;
    if (isOwnLanguage) {
      const id = intent === undefined ? undefined : OWN_INTENTS[intent];
      const replies =
        intent === undefined
          ? intentOf(said, lines)?.replies
          : lines.intents.find((one) => one.id === id)?.replies;
      if (replies !== undefined) {
        return { text: this.line(replies, context), isOwnLanguage };
      }
      if (intent === undefined) {
        const choices = understood.isQuestion ? lines.question : lines.statement;
        return { text: this.line(choices, context), isOwnLanguage };
      }
    }
    const answers = movesIn(said, understood, own, self).map((one) => safeAnswer(one, context));
    const text = answers.map((one) => this.safeText(one, language, context)).join(" ");
    return { text, isOwnLanguage };
  }

  /** What was said, by someone who may speak this character's language. */
  understood(heard: string, { language, self, follow }: OfflineContext): Understood {
    const said = follow.wholeOf(heard);
    const understood = understand(said, language, self);
    return movesIn(said, understood, language, self)[0] ?? understood;
  }

  /** A line of safe mode in the language of what was said. */
  inLanguageOf(
    said: string,
    line: LineId,
    values: Readonly<Record<string, string>>,
    context: OfflineContext,
  ): OfflineAnswer {
    const { language } = understand(context.follow.wholeOf(said), context.language, context.self);
    const isOwnLanguage = context.language.toLowerCase().split("-")[0] === language.code;
    return { text: this.safeText({ line, values }, language, context), isOwnLanguage };
  }

  private safeText(
    { line, values, then }: SafeAnswer,
    language: SafeLanguage,
    context: OfflineContext,
  ): string {
    const all: Record<string, string> = { ...commonValues(language, context), ...values };
    const lines = { ...language.lines, ...language.smallTalk.lines };
    const plural = new Intl.PluralRules(language.code);
    const text = this.pick(lines[line]).replace(
      /\{(\w+)(?:\|(.*?)\|(.*?))?\}/g,
      (whole, key: string, one?: string, many?: string) => {
        const value = all[key];
        if (value === undefined || one === undefined) return value ?? whole;
        return `${value} ${plural.select(Number(value)) === "one" ? one : (many ?? one)}`;
      },
    );
    return then === undefined ? text : `${text} ${this.safeText(then, language, context)}`;
  }

  /** What it says by itself, by the robot's reason to speak. */
  own(trigger: string, context: OfflineContext): string {
    const { own } = context.lines;
    const choices = own[trigger] ?? own["commentary"] ?? context.lines.statement;
    return this.line(choices, context);
  }

  /** One of the lines for a situation, filled in. One with a name is for people who have said theirs. */
  line(choices: readonly string[], context: OfflineContext): string {
    const nameless = choices.filter((choice) => !/\{name\}/i.test(choice));
    const isKnown = context.name !== undefined || nameless.length === 0;
    return this.fill(this.pick(isKnown ? choices : nameless), context);
  }

  private pick(choices: readonly string[]): string {
    const fresh = choices.filter((choice) => !this.used.includes(choice));
    const from = fresh.length > 0 ? fresh : choices;
    const chosen = from[Math.floor(this.chance.next() * from.length)] ?? "";
    this.used.push(chosen);
    if (this.used.length > USED_MAX) this.used.shift();
    return chosen;
  }

  private fill(text: string, context: OfflineContext): string {
    const { world, lines } = context;
    const of = (table: Readonly<Record<string, readonly string[]>>, key: string): string =>
      this.pick(table[key] ?? Object.values(table)[0] ?? [""]);
    const values: Record<string, () => string> = {
      mood: () => of(lines.moods, world.emotion),
      wish: () => of(lines.wishes, strongestWish(world)),
      sees: () => this.pick(lines.sees[sight(world)]).replace("{faces}", String(world.faces)),
      time: () => context.time,
      since: () => since(context),
      facts: () => facts(context),
      name: () => context.name ?? "",
      person: () => (context.name === undefined ? "" : `, ${context.name}`),
    };
    return text.replace(/\{(\w+)\}/g, (whole, key: string) => {
      const value = values[key.toLowerCase()]?.();
      if (value === undefined) return whole;
      return key.charAt(0) === key.charAt(0).toUpperCase() ? capital(value) : value;
    });
  }
}

function sight({ camera, faces }: World): keyof PersonaLines["sees"] {
  if (camera !== "sees") return camera;
  return faces === 0 ? "nobody" : faces === 1 ? "one" : "many";
}

function since({ sinceMs, lines }: OfflineContext): string {
  if (sinceMs === undefined) return lines.since.never;
  const minutes = Math.round(sinceMs / 60_000);
  if (minutes < 2) return lines.since.moments;
  if (minutes < 120) return lines.since.minutes.replace("{n}", String(minutes));
  return lines.since.hours.replace("{n}", String(Math.round(minutes / 60)));
}

function facts({ name, facts: known, lines }: OfflineContext): string {
  if (name === undefined) return lines.facts.none;
  const form = known.length === 0 ? lines.facts.name : lines.facts.more;
  return form.replace("{name}", name).replace("{list}", known.slice(0, 3).join("; "));
}

/** Movements that were asked for in one breath, without those that were asked not to be made; else what was understood. */
function movesIn(said: string, whole: Understood, own: string, self: string): Understood[] {
  if (whole.intent === undefined || !MOVES.has(whole.intent)) return [whole];
  // "Look down, then up, and then ahead again": the verb is said once.
  let verb = "";
  const moves = said
    .split(CLAUSES)
    .map((clause) => {
      const understood = understand(clause, own, self);
      if (understood.intent !== undefined) {
        [verb = ""] = clause.trim().split(" ");
        return understood;
      }
      const completed = understand(`${verb} ${clause}`, own, self);
      const isTurn = completed.intent === "turn" || completed.intent === "center";
      return isTurn ? completed : understood;
    })
    .filter(
      ({ intent, language }) =>
        intent !== undefined && MOVES.has(intent) && language === whole.language,
    );
  const wanted = moves.filter(({ isNegated }) => !isNegated);
  // "Nod, please" is one clause that moves.
  return moves.length > 1 && wanted.length > 0 ? wanted.slice(0, MOVES_MAX) : [whole];
}

/** The intent with the longest phrase that stands in what was said, as whole words. */
function intentOf(said: string, lines: PersonaLines): PersonaLines["intents"][number] | undefined {
  const text = ` ${plain(said)} `;
  let best: PersonaLines["intents"][number] | undefined;
  let length = 0;
  for (const intent of lines.intents) {
    for (const phrase of intent.words) {
      if (phrase.length > length && text.includes(` ${plain(phrase)} `)) {
        best = intent;
        length = phrase.length;
      }
    }
  }
  return best;
}

/** Lower case, letters and digits with single spaces. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
