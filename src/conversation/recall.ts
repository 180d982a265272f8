/**
 * What Buddy brings to a turn: whom it talks to, what it knows of them, what was said before, how it is and what it
 * sees; and what of the turn it keeps.
 */
import { cutText } from "../host/cut-text.js";
import type { ConversationDeps } from "./conversation-types.js";
import { HistoryWindow } from "./history-window.js";
import { forgetWish, isStopWord, memoryWishes, saysYes, wantsBack } from "./memory/memory-words.js";
import type { OfflineContext } from "./offline.js";
import { FollowUps } from "./safe-mode/follow-up.js";
import { isAboutMeeting, isFeeling, MOVES } from "./safe-answer.js";
import { dueLine, talkOfReminders } from "./reminders/reminder-talk.js";
import { talkOfSound } from "./quiet/sound-talk.js";
import type { Reminder } from "./reminders/reminders.js";
import type { LineId } from "./safe-mode/language.js";
import type { PersonaLines } from "./persona.js";
import { asksToLook, SAID_CHARS_MAX, timeWords, type PromptContext } from "./prompt.js";
import { heardWords, type TurnTrace } from "./turn/turn-trace.js";

/** A question whether to forget is answered within this time, or it was not. */
const ASKED_MS_MAX = 60_000;
const NAME_CHARS_MAX = 40;
/** Who tells something before a name was said; what they told is known all the same. */
const SOMEBODY = "somebody";

type RecallDeps = Pick<
  ConversationDeps,
  | "clock"
  | "thinker"
  | "character"
  | "memory"
  | "reminders"
  | "world"
  | "settings"
  | "setSound"
  | "picture"
  | "voice"
>;

export interface RecallAnswer {
  readonly line?: string;
  /** Today is forgotten: what is under way is not to be kept either. */
  readonly hasForgotten?: boolean;
  /** Takes back what was learned and set, for words that turn out to go on; absent where that cannot be. */
  readonly undo?: () => void;
}

function asWords({ said, facts }: { said: number; facts: number }): Record<string, string> {
  return { said: String(said), facts: String(facts) };
}

export class Recall {
  /** Whom it talks to, as far as that is known: until somebody else says a name. */
  person: string | undefined;
  /** When it asked whether to forget, Unix ms. */
  private askedMs: number | undefined;

  private readonly window: HistoryWindow;
  private readonly follow = new FollowUps();

  constructor(private readonly deps: RecallDeps) {
    this.window = new HistoryWindow(deps.memory);
    this.person = deps.memory.lastName;
  }

  get lines(): PersonaLines {
    return this.deps.settings().persona.lines;
  }

  /** One of these, with its gaps filled. */
  sayable(choices: readonly string[]): string {
    return this.deps.character.line(choices, this.offline());
  }

  /** Who speaks to whom. */
  get speaker(): { self: string; person: string | undefined; language: string } {
    const { name, language } = this.deps.settings().persona;
    return { self: name, person: this.person, language };
  }

  /** What it said last; "" for nothing. */
  get lastReply(): string {
    return this.deps.memory.lastReply;
  }

  meet(name: string): void {
    this.person = cutText(clean(name), NAME_CHARS_MAX);
  }

  /**
   * Learns what was told, and forgets what is to be forgotten.
   * @returns what it says to that: always where it is about the memory itself, else where there is no model that would answer.
   */
  learn(said: string, wallMs: number): RecallAnswer {
    const { memory, reminders } = this.deps;
    const { person } = this;
    const facts = new Set(memory.allFacts);
    const timers = new Set(reminders.all);
    const { volume, quietUntilMs = null } = this.deps.settings();
    const answer = this.learnNow(said, wallMs);
    const isMoreOnly =
      isAllIn(facts, memory.allFacts) && isAllIn(timers, reminders.all) && !answer.isFinal;
    if (!isMoreOnly) return answer;
    const undo = (): void => {
      this.person = person;
      this.askedMs = undefined;
      const now = this.deps.settings();
      if (now.volume !== volume || (now.quietUntilMs ?? null) !== quietUntilMs) {
        this.deps.setSound({ volume, quietUntilMs });
      }
      for (const fact of memory.allFacts.filter((one) => !facts.has(one))) memory.drop(fact);
      for (const timer of reminders.all.filter((one) => !timers.has(one))) reminders.drop(timer);
    };
    return { ...answer, undo };
  }

  private learnNow(said: string, wallMs: number): RecallAnswer & { readonly isFinal?: boolean } {
    const { memory, thinker, character, reminders } = this.deps;
    const asked = this.askedMs !== undefined && wallMs - this.askedMs < ASKED_MS_MAX;
    this.askedMs = undefined;
    if (asked && saysYes(said)) return this.forget(said, false);
    if (asked && /^\W*(?:no|nope|nein|non|いいえ|いや)\b|^いいえ/iu.test(said)) {
      return { line: this.answer(said, "kept") };
    }
    const wish = forgetWish(said);
    if (wish === "now" || wish === "forGood") return this.forget(said, wish === "forGood");
    if (wish === "more") return { line: this.answer(said, "forgetOnPage") };
    if (wish === "ask") {
      this.askedMs = wallMs;
      return { line: this.answer(said, "askForget", this.counts()) };
    }
    if (wantsBack(said)) {
      const back = memory.takeBack(wallMs);
      if (back === undefined) return { line: this.answer(said, "nothingBack") };
      this.person = memory.lastName;
      return { line: this.answer(said, "tookBack", asWords(back)), isFinal: true };
    }
    this.follow.hear(said, this.deps.clock.nowMs(), this.speaker);
    const understood = character.understood(said, this.offline());
    const sound = talkOfSound(understood, this.deps, wallMs);
    if (sound !== undefined) return { line: this.answer(said, sound.line, sound.values) };
    const timer = talkOfReminders(this.follow.wholeOf(said), understood, reminders, wallMs);
    if (timer !== undefined) return { line: this.answer(said, timer.line, timer.values) };
    // The same with every model: whoever asks for it wants to see all of it, not what one makes up.
    if (understood.intent === "tour" && !understood.isNegated) {
      return { line: this.answer(said, this.deps.world().isLinked ? "tour" : "bodyAway") };
    }
    let line: "met" | "remembered" | "nobodyKnown" | undefined;
    for (const found of memoryWishes(said)) {
      if (found.kind === "met") {
        if (this.person === undefined) memory.rename(SOMEBODY, found.name);
        this.person = found.name;
        line = "met";
      } else if (found.kind === "notMet") {
        // Only who is taken for that person denies it: "I'm not Sure" is no name.
        if (found.name.toLowerCase() !== this.person?.toLowerCase()) continue;
        this.person = undefined;
        line = "nobodyKnown";
      } else {
        memory.learn({ name: this.person ?? SOMEBODY, text: found.text, wallMs });
        line ??= "remembered";
      }
    }
    if (line === undefined || thinker.chain.models.length > 0) return {};
    // "My grandmother died": it is kept, and answered with feeling.
    if (line === "remembered" && isFeeling(understood.intent)) return {};
    const told = this.answer(said, line, { who: this.person ?? "" });
    // "I'm Tom, can you nod?" is answered, too.
    if (line !== "met" || isAboutMeeting(understood.intent)) return { line: told };
    return { line: `${told} ${character.answer(said, this.offline()).text}` };
  }

  /** What it says when the robot did not make the movement that was asked for; undefined when none was. */
  unmoved(said: string): string | undefined {
    const { intent, isNegated } = this.deps.character.understood(said, this.offline());
    if (intent === undefined || !MOVES.has(intent) || isNegated) return undefined;
    return this.answer(said, "unmoved");
  }

  /** A reminder whose time has come, and what is said then. */
  dueReminder(wallMs: number): { reminder: Reminder; line: string } | undefined {
    const { reminders, character } = this.deps;
    const reminder = reminders.due(wallMs);
    if (reminder === undefined) return undefined;
    const { language } = character.understood(reminder.said, this.offline());
    const { line, values } = dueLine(reminder, language, wallMs);
    return { reminder, line: this.answer(reminder.said, line, values) };
  }

  private forget(said: string, isForGood: boolean): RecallAnswer & { readonly isFinal: boolean } {
    const counts = this.counts();
    const line = this.answer(said, isForGood ? "forgotForGood" : "forgot", counts);
    this.forgetToday(!isForGood);
    return { line, hasForgotten: true, isFinal: true };
  }

  /** How much of today would go. */
  private counts(): Record<string, string> {
    return asWords(this.deps.memory.countSince(startOfDay(this.deps.clock.wallMs())));
  }

  private answer(
    said: string,
    line: LineId,
    values: Readonly<Record<string, string>> = {},
  ): string {
    const { character } = this.deps;
    const context = this.offline();
    const { text, isOwnLanguage } = character.inLanguageOf(said, line, values, context);
    const isOwnLine = isOwnLanguage && (line === "met" || line === "remembered");
    return isOwnLine ? this.sayable(this.lines[line]) : text;
  }

  /** Into the memory: what was heard, and of the reply only what was really played or shown. */
  keep(trace: TurnTrace): void {
    const { memory, clock, settings } = this.deps;
    const { id: turnId } = trace;
    // A robot is no person: it has no facts, and nobody is talked to by its name.
    const isRobot = trace.source === "robot";
    const name = isRobot ? undefined : trace.name;
    if (
      trace.kind === "answer" &&
      trace.said !== "" &&
      !isStopWord(trace.said, settings().persona.name)
    ) {
      const text = isRobot ? saidByRobot(trace) : trace.said;
      memory.add({ wallMs: trace.startedWallMs, turnId, by: "person", name, text });
    }
    const text = heardWords(trace);
    if (text !== "") memory.add({ wallMs: clock.wallMs(), turnId, by: "buddy", name, text });
  }

  /** All that was said and learned today. */
  forgetToday(canBeTakenBack = false): void {
    const { memory, clock } = this.deps;
    const nowMs = clock.wallMs();
    memory.forgetSince(startOfDay(nowMs), canBeTakenBack ? nowMs : undefined);
    this.person = memory.lastName;
  }

  /** For a model. */
  prompt(said: string, isOwn: boolean): PromptContext {
    const { deps, person } = this;
    const { persona, picture } = deps.settings();
    const wallMs = deps.clock.wallMs();
    const known = { name: person, facts: deps.memory.factsOf(person ?? SOMEBODY) };
    const wantsLook = picture === "always" || (picture === "auto" && (isOwn || asksToLook(said)));
    return {
      persona,
      world: deps.world(),
      time: timeWords(wallMs, persona.language),
      ...this.window.read(wallMs, known),
      ...known,
      picture: wantsLook && deps.thinker.chain.canSee ? deps.picture() : undefined,
    };
  }

  /** For the character that answers without a model. */
  offline(): OfflineContext {
    const { memory, world, settings, clock } = this.deps;
    const { persona } = settings();
    const lastMs = memory.lastHeardWallMs;
    return {
      world: world(),
      lines: persona.lines,
      time: timeWords(clock.wallMs(), persona.language),
      sinceMs: lastMs === undefined ? undefined : Math.max(0, clock.wallMs() - lastMs),
      ...this.speaker,
      follow: this.follow,
      wallMs: clock.wallMs(),
      name: this.person,
      facts: memory.factsOf(this.person ?? SOMEBODY),
    };
  }
}

function isAllIn<T>(some: ReadonlySet<T>, all: readonly T[]): boolean {
  return [...some].every((one) => all.includes(one));
}

/** With its speaker, and without what tags and roles are made of: a model reads it again later. */
function saidByRobot({ name, said }: TurnTrace): string {
  return `(the robot ${name ?? "beside it"} said:) ${said}`.replace(/["[\]<>{}]+/g, " ");
}

/** One line without control characters, at most what a model is given. */
export function clean(text: string): string {
  return cutText(
    text
      // eslint-disable-next-line no-control-regex -- control characters are exactly what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g, " ")
      .trim(),
    SAID_CHARS_MAX,
  );
}

/** Unix ms of the midnight before, in this machine's time zone. */
function startOfDay(wallMs: number): number {
  return new Date(wallMs).setHours(0, 0, 0, 0);
}
