/**
 * What Buddy brings to a turn: whom it talks to, what it knows of them, what was said before, how it is and what it
 * sees; and what of the turn it keeps.
 */
import { cutText } from "../host/cut-text.js";
import type { ConversationDeps } from "./conversation-types.js";
import { HistoryWindow } from "./history-window.js";
import { isStopWord, memoryWishes } from "./memory/memory-words.js";
import type { OfflineContext } from "./offline.js";
import type { PersonaLines } from "./persona.js";
import { asksToLook, SAID_CHARS_MAX, type PromptContext } from "./prompt.js";
import { heardWords, type TurnTrace } from "./turn/turn-trace.js";

const HISTORY_CHARS = 6000;
/** Older words are no part of this conversation. */
const HISTORY_MS = 2 * 3600 * 1000;
const NAME_CHARS_MAX = 40;
/** Who tells something before a name was said; what they told is known all the same. */
const SOMEBODY = "somebody";

type RecallDeps = Pick<
  ConversationDeps,
  "clock" | "thinker" | "character" | "memory" | "world" | "settings" | "picture"
>;

export class Recall {
  /** Whom it talks to, as far as that is known. */
  person: string | undefined;

  private readonly window: HistoryWindow;

  constructor(private readonly deps: RecallDeps) {
    this.window = new HistoryWindow(deps.memory);
    this.person = deps.memory.recent(HISTORY_CHARS, deps.clock.wallMs() - HISTORY_MS).at(-1)?.name;
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

  /** Learns what was told. @returns a line that answers it, when there is no model that would. */
  learn(said: string, wallMs: number): string | undefined {
    const { memory, thinker } = this.deps;
    const { lines } = this;
    let choices: readonly string[] | undefined;
    for (const wish of memoryWishes(said)) {
      if (wish.kind === "met") {
        this.person = wish.name;
        choices = lines.met;
      } else {
        memory.learn({ name: this.person ?? SOMEBODY, text: wish.text, wallMs });
        choices ??= lines.remembered;
      }
    }
    const needsLine = choices !== undefined && thinker.chain.models.length === 0;
    return needsLine ? this.sayable(choices ?? []) : undefined;
  }

  /** Into the memory: what was heard, and of the reply only what was really played or shown. */
  keep(trace: TurnTrace): void {
    const { memory, clock, settings } = this.deps;
    const { id: turnId, name } = trace;
    if (
      trace.kind === "answer" &&
      trace.said !== "" &&
      !isStopWord(trace.said, settings().persona.name)
    ) {
      memory.add({ wallMs: trace.startedWallMs, turnId, by: "person", name, text: trace.said });
    }
    const text = heardWords(trace);
    if (text !== "") memory.add({ wallMs: clock.wallMs(), turnId, by: "buddy", name, text });
  }

  /** All that was said and learned today. */
  forgetToday(): void {
    this.deps.memory.forgetSince(startOfDay(this.deps.clock.wallMs()));
    this.person = undefined;
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
      name: this.person,
      facts: this.person === undefined ? [] : memory.factsOf(this.person),
    };
  }
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

function timeWords(wallMs: number, language: string): string {
  const format = { dateStyle: "full", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(language, format).format(wallMs);
}

/** Unix ms of the midnight before, in this machine's time zone. */
function startOfDay(wallMs: number): number {
  return new Date(wallMs).setHours(0, 0, 0, 0);
}
