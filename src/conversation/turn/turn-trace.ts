/**
 * One turn as people and programs see it: what was said, what was answered, when each step came, what the robot did and
 * why it is so. Times are ms after the utterance.
 */
import { cutText } from "../../host/cut-text.js";
import type { TurnCode, TurnKind, TurnOutcome } from "./turn-types.js";
import type { Spoken } from "../../voice/speech/speech.js";

export type Source = "page" | "api" | "voice" | "mcp" | "own" | "robot";

export interface TraceSentence {
  /** For the eye, and what is remembered; "" for what was taken back. */
  readonly text: string;
  /** What the voice is given; "" for a gesture, or for what can only be shown. */
  readonly speech: string;
  /** waiting: not yet over; else how the voice ended it. */
  readonly outcome: "waiting" | "played" | "shown" | "stopped";
  /** What spoke it. */
  readonly by: string;
  /** Of one that was cut: how much of it was heard, 0..1. */
  readonly heardShare?: number;
}

export interface TurnTrace {
  readonly id: string;
  readonly kind: TurnKind;
  readonly source: Source;
  /** What was heard; for an own turn the robot's reason. */
  readonly said: string;
  readonly name: string | undefined;
  /** Unix ms. */
  readonly startedWallMs: number;
  readonly phase: "thinking" | "speaking" | "over";
  /** First command to the robot answered: the body shows that it has heard. */
  readonly bodyMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly firstSentenceMs: number | undefined;
  readonly fillerMs: number | undefined;
  readonly firstSoundMs: number | undefined;
  readonly doneMs: number | undefined;
  readonly outcome: TurnOutcome | undefined;
  readonly code: TurnCode | undefined;
  /** `provider/model` or "offline"; undefined before one was asked. */
  readonly model: string | undefined;
  readonly isSafeMode: boolean;
  /** Why it is not the preferred model's whole reply, or why the turn ended early. */
  readonly why: string | undefined;
  readonly hasPicture: boolean;
  /** What the model's service counted, as far as it tells; cached: not read anew. */
  readonly promptTokens: number | undefined;
  readonly cachedTokens: number | undefined;
  readonly sentences: readonly TraceSentence[];
  /** Robot commands of the reply, each with what the robot said. */
  readonly moves: readonly string[];
  /** Wishes of the reply that were not granted. */
  readonly refusedMoves: number;
  /** Said after the end: why there is no more. */
  readonly notice: string | undefined;
}

/** What `say` resolves with. */
export interface TurnReport {
  readonly turn: string;
  readonly outcome: TurnOutcome;
  readonly code?: TurnCode | undefined;
  /** The words that were really played or shown. */
  readonly reply: string;
  readonly model: string;
  readonly safeMode: boolean;
  readonly why?: string | undefined;
  readonly ms: number;
}

export function newTrace(
  begun: Pick<TurnTrace, "id" | "kind" | "source" | "said" | "name" | "startedWallMs">,
): TurnTrace {
  return {
    ...begun,
    phase: "thinking",
    bodyMs: undefined,
    firstTokenMs: undefined,
    firstSentenceMs: undefined,
    fillerMs: undefined,
    firstSoundMs: undefined,
    doneMs: undefined,
    outcome: undefined,
    code: undefined,
    model: undefined,
    isSafeMode: false,
    why: undefined,
    hasPicture: false,
    promptTokens: undefined,
    cachedTokens: undefined,
    sentences: [],
    moves: [],
    refusedMoves: 0,
    notice: undefined,
  };
}

/** A sentence has left the voice. @param calledMs when the voice was asked for it. */
export function spokenTrace(
  trace: TurnTrace,
  index: number,
  { outcome, by, firstSoundMs: soundMs }: Spoken,
  calledMs: number,
): TurnTrace {
  const sentences = trace.sentences.map((sentence, at) =>
    at === index ? { ...sentence, outcome, by } : sentence,
  );
  const firstSoundMs =
    trace.firstSoundMs ?? (soundMs === undefined ? undefined : calledMs + soundMs);
  return { ...trace, sentences, firstSoundMs };
}

export function overTrace(
  trace: TurnTrace,
  outcome: TurnOutcome,
  code: TurnCode | undefined,
  doneMs: number,
): TurnTrace {
  // A sentence that was cut has not come back yet, and never counts.
  const sentences = trace.sentences.map((sentence) =>
    sentence.outcome === "waiting" ? { ...sentence, outcome: "stopped" as const } : sentence,
  );
  return { ...trace, phase: "over", outcome, code, doneMs, sentences };
}

/** The words of a turn that were really played or shown; of a sentence that was cut, those that were heard. */
export function heardWords(trace: TurnTrace): string {
  const words = trace.sentences.map(({ text, speech, outcome, heardShare = 0 }) => {
    if (outcome === "played" || outcome === "shown") return text;
    // What was taken back was never meant to be said.
    return text === "" ? "" : wordsHeard(speech, heardShare);
  });
  if (trace.notice !== undefined) words.push(trace.notice);
  return words.filter((word) => word !== "").join(" ");
}

const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The words up to there, with the mark of a cut; the one that was being said does not count. "" for none. */
export function wordsHeard(speech: string, share: number): string {
  const at = Math.floor(speech.length * share);
  if (at >= speech.length) return speech;
  // A script without spaces is cut between characters.
  const isAnywhere = NO_SPACES.test(speech) || /\s/.test(speech.charAt(at));
  const end = isAnywhere ? at : speech.lastIndexOf(" ", at);
  const heard = cutText(speech, Math.max(0, end)).replace(/[\s,;:.!?…]+$/u, "");
  return heard === "" ? "" : `${heard}…`;
}

export function reportOf(trace: TurnTrace): TurnReport {
  return {
    turn: trace.id,
    outcome: trace.outcome ?? "failed",
    code: trace.code,
    reply: heardWords(trace),
    model: trace.model ?? "none",
    safeMode: trace.isSafeMode,
    why: trace.why,
    ms: Math.round(trace.doneMs ?? 0),
  };
}
