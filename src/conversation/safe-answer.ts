/**
 * What a robot without a language model answers: what it can do, know and say honestly. Words and deeds agree: it moves only
 * where the body can, and says nothing of a movement that it does not make. Pure but for the choice of a line.
 */
import { spanIn } from "./reminders/reminder-words.js";
import { strongestWish, type World } from "./world.js";
import type { Intent, LineId, SafeLanguage } from "./safe-mode/language.js";
import {
  amountOf,
  countOf,
  daysOf,
  directionOf,
  faceOf,
  spelledOf,
  sumOf,
  topicOf,
  type Understood,
} from "./safe-mode/understand.js";

export interface SafeContext {
  readonly world: World;
  /** What the robot is called. */
  readonly self: string;
  /** BCP 47, the character's own. */
  readonly language: string;
  /** Unix ms. */
  readonly wallMs: number;
  readonly name: string | undefined;
  /** What they told, in their words. */
  readonly facts: readonly string[];
  /** Since somebody last talked to it; undefined for never. */
  readonly sinceMs: number | undefined;
}

/** A line of the language, and what stands in its gaps. */
export interface SafeAnswer {
  readonly line: LineId;
  readonly values: Readonly<Record<string, string>>;
  /** After it, in the same breath. */
  readonly then?: SafeAnswer;
}

const GESTURES_MAX = 3;
/** Of a turn to one side: the head's range, less a margin. */
const TURN_DEG_MAX = 60;
const AHEAD_DEG = 90;
const LEVEL_DEG = 108;
const DAY_MS = 24 * 3600 * 1000;
const FACTS_TOLD_MAX = 3;
/** More than that nobody listens to. */
const COUNTED_MAX = 20;
export const MOVES: ReadonlySet<Intent> = new Set([
  "nod",
  "shake",
  "turn",
  "center",
  "dance",
  "gesture",
  "face",
  "tour",
]);

const FEELINGS: ReadonlySet<Intent> = new Set([
  "sad",
  "tired",
  "happy",
  "angry",
  "afraid",
  "sick",
  "lonely",
]);

/** What "nice to meet you" answers as well. */
const ABOUT_MEETING: ReadonlySet<Intent> = new Set([
  "greeting",
  "name",
  "who",
  "me",
  "how",
  "recall",
  "thanks",
  "yes",
  "no",
]);

export function isAboutMeeting(intent: Intent | undefined): boolean {
  return intent === undefined || ABOUT_MEETING.has(intent);
}

export function isFeeling(intent: Intent | undefined): boolean {
  return intent !== undefined && FEELINGS.has(intent);
}

export function safeAnswer(understood: Understood, context: SafeContext): SafeAnswer {
  const { intent, isQuestion, isNegated } = understood;
  if (intent === undefined) return said(isQuestion ? "question" : "statement");
  if (MOVES.has(intent)) {
    if (isNegated) return said("wont");
    if (!context.world.isLinked) return said("bodyAway");
    const done = movement(intent, understood, context);
    // The gaze lets go of a face for it, and no longer.
    const turnsAway = done.line === "turn" && context.world.isTracking;
    return turnsAway ? { ...done, then: said("eyesBack") } : done;
  }
  switch (intent) {
    case "time": {
      // "What time is it in two hours?"
      const { ms } = spanIn(understood.words, understood.language);
      const later = { ...context, wallMs: context.wallMs + ms };
      if (ms > 0) return said("dayIs", { date: timeIn(understood.language, later) });
      return said("time", { time: timeIn(understood.language, context) });
    }
    // "Tomorrow, what day is that?" comes in any order.
    case "date":
    case "day": {
      const days = daysOf(understood);
      if (days === undefined) {
        return said("date", { date: dateIn(understood.language, context, 0) });
      }
      return said("dayIs", { date: dateIn(understood.language, context, days) });
    }
    case "math": {
      const sum = sumOf(understood);
      return sum === undefined
        ? said("noMath")
        : said("math", { n: numberIn(understood.language, sum) });
    }
    case "count": {
      const upTo = countOf(understood);
      if (upTo === undefined) return said("question");
      const list = Array.from({ length: Math.min(upTo, COUNTED_MAX) }, (_, i) => i + 1).join(", ");
      return said("count", { list: upTo > COUNTED_MAX ? `${list}, …` : list });
    }
    case "spell": {
      const word = spelledOf(understood);
      if (word === undefined) return said("question");
      return said("spell", { letters: [...word.toUpperCase()].join(" ") });
    }
    case "me":
      return person(context);
    // Done and answered before, with every model (quiet/sound-talk.ts).
    case "quiet":
      return said("yes");
    case "recall":
      return recalled(understood, context);
    default:
      return said(intent);
  }
}

function movement(intent: Intent, understood: Understood, { world }: SafeContext): SafeAnswer {
  const amount = amountOf(understood);
  switch (intent) {
    case "nod":
    case "shake": {
      const count = amount === undefined || amount < 1 ? 2 : Math.min(amount, GESTURES_MAX);
      const done = said(intent, { n: String(count) });
      const isTooMany = amount !== undefined && amount > GESTURES_MAX;
      return isTooMany ? { ...done, then: said("tooMany", { max: String(GESTURES_MAX) }) } : done;
    }
    case "turn": {
      const direction = directionOf(understood);
      if (direction === undefined) return said("gesture");
      const isSide = direction === "left" || direction === "right";
      if (amount === undefined || amount < 2 || !isSide) {
        return said("turn", { move: `attention:${direction}` });
      }
      if (amount > TURN_DEG_MAX) return said("tooFar", { max: String(TURN_DEG_MAX) });
      const baseDeg = AHEAD_DEG + (direction === "left" ? amount : -amount);
      return said("turn", { move: `look:${baseDeg},${LEVEL_DEG}` });
    }
    case "face": {
      const face = faceOf(understood);
      return face === undefined ? said("gesture") : said("face", { face });
    }
    case "center":
      return world.isTracking ? said("hear") : said("center");
    default:
      return said(intent as LineId);
  }
}

function person({ name, facts }: SafeContext): SafeAnswer {
  if (name === undefined) {
    const told = said("told", { list: listOf(facts) });
    return facts.length === 0 ? said("nobodyKnown") : { ...said("nobodyKnown"), then: told };
  }
  if (facts.length === 0) return said("known", { who: name });
  return said("knownMore", { who: name, list: listOf(facts) });
}

function recalled(understood: Understood, { facts }: SafeContext): SafeAnswer {
  const topic = topicOf(understood).toLowerCase();
  const isLatin = /\p{Script=Latin}/u.test(topic);
  const words = isLatin ? topic.split(/\s+/).filter((word) => word.length > 2) : [topic];
  const found = facts.filter((fact) =>
    words.some((word) => word !== "" && fact.toLowerCase().includes(word)),
  );
  return found.length === 0 ? said("notTold") : said("told", { list: listOf(found) });
}

function listOf(facts: readonly string[]): string {
  return facts.slice(-FACTS_TOLD_MAX).join("; ");
}

function said(line: LineId, values: SafeAnswer["values"] = {}): SafeAnswer {
  return { line, values };
}

function numberIn({ code }: SafeLanguage, value: number): string {
  return new Intl.NumberFormat(code, { useGrouping: false, maximumFractionDigits: 3 }).format(
    value,
  );
}

function timeIn({ code }: SafeLanguage, { wallMs }: SafeContext): string {
  return new Intl.DateTimeFormat(code, { timeStyle: "short" }).format(wallMs);
}

function dateIn({ code }: SafeLanguage, { wallMs }: SafeContext, days: number): string {
  const noon = new Date(wallMs).setHours(12, 0, 0, 0);
  return new Intl.DateTimeFormat(code, { dateStyle: "full" }).format(noon + days * DAY_MS);
}

/** What may stand in any line. */
export function commonValues(
  { code, moods, wishes, sees, since }: SafeLanguage,
  { world, self, name, sinceMs }: SafeContext,
): Record<string, string> {
  const sight =
    world.camera !== "sees"
      ? sees[world.camera]
      : world.faces === 0
        ? sees.nobody
        : world.faces === 1
          ? sees.one
          : sees.many.replace("{faces}", String(world.faces));
  const mood = moods[world.emotion] ?? moods["NEUTRAL"] ?? "";
  return {
    self,
    mood,
    Mood: mood.charAt(0).toUpperCase() + mood.slice(1),
    wish: wishes[strongestWish(world)] ?? "",
    sees: sight,
    since: sinceWords(since, sinceMs),
    person: name === undefined ? "" : code === "ja" ? `、${name}さん` : `, ${name}`,
  };
}

function sinceWords(words: SafeLanguage["since"], sinceMs: number | undefined): string {
  if (sinceMs === undefined) return words.never;
  const minutes = Math.round(sinceMs / 60_000);
  if (minutes < 2) return words.moments;
  if (minutes < 120) return words.minutes.replace("{n}", String(minutes));
  return words.hours.replace("{n}", String(Math.round(minutes / 60)));
}
