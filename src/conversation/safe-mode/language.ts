/**
 * What safe mode needs of a language. Two files per language hold nothing but this: what is understood in `xx.ts`, what is said in
 * `xx-phrases.ts`; a new language is two new files, a table in `small-talk.ts` and its name in `understand.ts`. Patterns see what was said in lower case, with one kind of apostrophe and without marks at its ends.
 */

import type { Emotion } from "../../wire/verbs.js";
import type { Spellings } from "./spellings.js";

/** What somebody may want of a robot that has no language model. */
export type Intent =
  /** It moves. */
  | "nod"
  | "shake"
  | "turn"
  | "center"
  | "dance"
  | "gesture"
  /** It makes a face. */
  | "face"
  /** It shows what it can do. */
  | "tour"
  /** It knows. */
  | "time"
  | "date"
  | "day"
  | "math"
  | "name"
  | "who"
  | "age"
  | "maker"
  | "can"
  | "where"
  | "how"
  | "see"
  | "hear"
  | "alone"
  | "me"
  | "recall"
  | "bored"
  | "want"
  | "alive"
  | "languages"
  /** People. */
  | "greeting"
  | "bye"
  | "thanks"
  | "praise"
  | "love"
  | "insult"
  | "sorry"
  | "yes"
  | "no"
  | "joke"
  | "sad"
  | "tired"
  | "happy"
  | "angry"
  | "afraid"
  | "sick"
  | "lonely"
  | "dull"
  /** It cannot, and says so. */
  | "weather"
  | "news"
  | "music"
  | "home"
  | "timer"
  | "volume"
  | "search"
  | "story"
  | "walk"
  | "translate"
  | "call"
  | "hold"
  | "stare"
  /** To be quiet, or to speak again; by `quiet` below. */
  | "quiet"
  /** Small talk, by `small-talk.ts`. */
  | "count"
  | "coin"
  | "die"
  | "spell"
  | "leave"
  | "misheard"
  | "aboutMe";

export type Direction = "left" | "right" | "up" | "down";

/** What is said; an intent's own lines and these. */
export type LineId =
  | Exclude<Intent, "recall" | "day" | "quiet">
  /** A movement that was asked not to be made. */
  | "wont"
  /** The body is away. */
  | "bodyAway"
  /** A movement was asked for and begun, and the robot did not make it. */
  | "unmoved"
  /** It looks elsewhere now, and at the face that it followed again soon. */
  | "eyesBack"
  /** Of timers and reminders: `{when}`, `{what}` after a colon or "", `{list}`, `{at}`. */
  | "timerSet"
  | "timerDue"
  | "timerLate"
  | "timerList"
  | "timerNone"
  | "timerCancelled"
  | "timerFull"
  /** Of being quiet and of the volume: `{at}` is when it ends, `{n}` percent. */
  | "quietBegun"
  | "quietOver"
  | "volumeNow"
  /** There is no voice that could be louder. */
  | "volumeKept"
  | "volumeMost"
  | "volumeLeast"
  /** More than it can: `{max}`. */
  | "tooMany"
  | "tooFar"
  | "dayIs"
  | "noDay"
  | "noMath"
  /** What it was told: `{list}`; `{topic}` when it was not. */
  | "told"
  | "notTold"
  | "nobodyKnown"
  | "known"
  | "knownMore"
  /** Of the memory: `{who}`, and how much of it, `{said|one|many}` and `{facts|one|many}`. */
  | "met"
  | "remembered"
  | "forgot"
  | "forgotForGood"
  | "askForget"
  | "kept"
  /** More than today is not forgotten by word. */
  | "forgetOnPage"
  | "tookBack"
  | "nothingBack"
  /** What it does not understand. */
  | "question"
  | "statement";

/** What is said. */
export interface Phrases {
  readonly moods: Readonly<Record<string, string>>;
  readonly wishes: Readonly<Record<string, string>>;
  readonly sees: {
    readonly off: string;
    readonly blind: string;
    readonly nobody: string;
    readonly one: string;
    readonly many: string;
  };
  readonly since: {
    readonly never: string;
    readonly moments: string;
    readonly minutes: string;
    readonly hours: string;
  };
  readonly lines: Readonly<Record<Exclude<LineId, SmallTalkLine>, readonly string[]>>;
}

type SmallTalkLine = "face" | "count" | "coin" | "die" | "spell" | "leave" | "misheard" | "aboutMe";

/** How people try a robot. */
export interface SmallTalk {
  /** Before all other intents; and where no language knows better, in the language that it is taken for. */
  readonly first: readonly (readonly [Intent, RegExp])[];
  readonly last: readonly (readonly [Intent, RegExp])[];
  readonly faces: readonly (readonly [Emotion, RegExp])[];
  /** Somebody else does it: no wish that the robot does. */
  readonly others: RegExp;
  /** How far is counted, in the first group. */
  readonly counts: RegExp;
  /** What is spelled, in the first group that is there. */
  readonly spells: RegExp;
  readonly lines: Readonly<Record<SmallTalkLine, readonly string[]>>;
}

export interface SafeLanguage extends Phrases {
  readonly smallTalk: SmallTalk;
  /** Two letters. */
  readonly code: string;
  /** How people say otherwise what the patterns expect. */
  readonly spelled: Spellings;
  /** In order of priority: the first that fits is meant. */
  readonly intents: readonly (readonly [Intent, RegExp])[];
  /** Turns an order to move into its opposite. */
  readonly negation: RegExp;
  readonly question: RegExp;
  readonly directions: readonly (readonly [Direction, RegExp])[];
  readonly numbers: readonly (readonly [RegExp, number])[];
  /** Days from today. */
  readonly days: readonly (readonly [RegExp, number])[];
  /** "in 3 days", with the number in its first group. */
  readonly inDays: RegExp;
  /** Words of sums as signs. */
  readonly sums: readonly (readonly [RegExp, string])[];
  /** What is asked for of what was told, in its first group. */
  readonly topics: readonly RegExp[];
  /** Of timers and reminders; these patterns see the words as they were said. */
  readonly timers: {
    readonly list: RegExp;
    readonly cancel: RegExp;
    readonly all: RegExp;
    /** An amount in its first group, and how many ms one of it is. */
    readonly units: readonly (readonly [RegExp, number])[];
    /** "Two and a half minutes" as whole ones. */
    readonly halves: readonly (readonly [RegExp, string])[];
    /** Amounts without a number, ms. */
    readonly spans: readonly (readonly [RegExp, number])[];
    /** A time of day: groups h, m, am, pm, half (past h); those that the language does not have are never there. */
    readonly at: RegExp;
    /** "seven" may be in the morning or in the evening. */
    readonly isTwelveHours: boolean;
    /** What it is about, in the first group; the time is taken out before. */
    readonly about: readonly RegExp[];
    /** "in 10 minutes" and "at 7:30", with {in} and {at}. */
    readonly inWords: string;
    readonly atWords: string;
  };
  /** What is said after something else, and stands for a whole: see `follow-up.ts`. Patterns see all that was said. */
  readonly followUps: {
    readonly again: RegExp;
    readonly other: RegExp;
    /** "Cancel it", after a timer. */
    readonly cancel: RegExp;
    /** What it stands for. */
    readonly cancelTimer: string;
    /** Opposite directions. */
    readonly sides: readonly (readonly [string, string])[];
  };
  /** Of being quiet and of the volume; as the intents see the words. */
  readonly quiet: {
    /** What else is too loud: no wish about the robot's volume. */
    readonly elsewhere: RegExp;
    readonly begin: RegExp;
    readonly over: RegExp;
    readonly louder: RegExp;
    readonly softer: RegExp;
  };
}
