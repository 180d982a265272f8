/**
 * Who answers what was said on a stage. Pure, and the same in every robot: all of them read the same event and the same
 * members, so they come to the same order; the floor's queue is there for when they do not.
 *
 * | what was said                        | who answers                                                              |
 * | ------------------------------------ | ------------------------------------------------------------------------ |
 * | by a person, to the robot before it  | that robot, by its own conversation; others only if they are named       |
 * | by a robot, and it names others      | the first of those named; the next one if that one does not begin        |
 * | by a robot, a question to everybody  | who has not spoken for the longest; the next one if that one does not begin |
 * | by a robot, a statement              | nobody: that is how a conversation ends                                  |
 * | TURNS_MAX turns after a person spoke | nobody, until a person speaks                                            |
 * | the stage is paused, or nobody listens | nobody, but to a person                                                |
 */
import { byQuiet, type Member, type StageMode } from "../director/director-core.js";
import { URGENCY, type Urgency } from "../floor/floor-core.js";

/** Turns of robots after a person spoke. */
export const TURNS_MAX = 6;
/** Between one's last word and another's first, as people leave it. */
const PAUSE_MS = 500;
/** Who is next in the order waits this much longer for the one before it. */
const NEXT_MS = 4000;

export interface Utterance {
  readonly by: "person" | "robot";
  /** The robot that spoke, or that the person spoke to. */
  readonly robot: string;
  readonly text: string;
}

export interface TalkView {
  readonly self: string;
  /** Who is on the stage, this robot among them. */
  readonly members: readonly Member[];
  readonly mode: StageMode;
  /** Turns of robots since a person spoke, this utterance included. */
  readonly turns: number;
  /** Somebody would hear an answer of this robot. */
  readonly isHeard: boolean;
}

export type Answering =
  | { readonly answers: false; readonly why: string }
  | {
      readonly answers: true;
      readonly urgency: Urgency;
      /** It begins after this, if nobody else has begun. */
      readonly waitMs: number;
      readonly why: string;
    };

export function whoAnswers(utterance: Utterance, view: TalkView): Answering {
  const { by, robot, text } = utterance;
  const others = view.members.filter(({ id }) => id !== robot);
  const named = namedIn(text, others);
  if (!view.isHeard) return no("nobody listens");
  if (robot === view.self) return no("it was this robot's own turn");
  if (by === "person") {
    return inOrder(named, view.self, URGENCY.person, "a person named it") ?? no("not spoken to");
  }
  if (view.mode !== "running") return no(`the stage is ${view.mode}`);
  if (view.turns >= TURNS_MAX) return no(`${view.turns} turns since a person spoke`);
  const isAsked = named.length === 0 && /[?？]/.test(text);
  const asked = isAsked ? byQuiet(others) : named;
  const why = isAsked ? "a question to everybody" : "a robot named it";
  return inOrder(asked, view.self, URGENCY.answer, why) ?? no("not spoken to");
}

function inOrder(
  order: readonly Member[],
  self: string,
  urgency: Urgency,
  why: string,
): Answering | undefined {
  const rank = order.findIndex(({ id }) => id === self);
  return rank < 0 ? undefined : { answers: true, urgency, waitMs: PAUSE_MS + rank * NEXT_MS, why };
}

function no(why: string): Answering {
  return { answers: false, why };
}

/** Whom a text names, in the order in which it does. */
export function namedIn(text: string, members: readonly Member[]): Member[] {
  return members
    .map((member) => ({ member, at: text.search(nameIn(member.name)) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ member }) => member);
}

/** As a word of its own; scripts without spaces may go on right after it. */
function nameIn(name: string): RegExp {
  const exact = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = String.raw`[\p{Script=Latin}\p{N}]`;
  return new RegExp(`(?<!${word})${exact}(?!${word})`, "iu");
}

/** By the first two letters of a language; `NAME` is put in. */
const HAND_OVERS: Readonly<Record<string, string>> = {
  en: "NAME, what do you think?",
  de: "NAME, was meinst du?",
  es: "NAME, ¿qué piensas tú?",
  fr: "NAME, qu'en penses-tu ?",
  ja: "NAMEはどう思う？",
};

/**
 * What a robot adds to its answer so that the conversation goes on: it hands over to who has not spoken for the longest.
 * Undefined where the conversation ends, or where its own words hand over already.
 */
export function handOver(reply: string, language: string, view: TalkView): string | undefined {
  const others = view.members.filter(({ id }) => id !== view.self);
  const [next] = byQuiet(others);
  // This turn is one more, and somebody must be left to answer.
  if (next === undefined || view.turns + 1 >= TURNS_MAX) return undefined;
  if (view.mode !== "running" || !view.isHeard || namedIn(reply, others).length > 0) {
    return undefined;
  }
  const line = HAND_OVERS[language.slice(0, 2).toLowerCase()] ?? HAND_OVERS["en"];
  return line?.replace("NAME", next.name);
}
