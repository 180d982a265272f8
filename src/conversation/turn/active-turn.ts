/** What runs for the present turn besides the machine, and how glad its end makes the robot. */
import { cutText } from "../../host/cut-text.js";
import type { TurnReport, TurnTrace } from "./turn-trace.js";
import type { TurnOutcome } from "./turn-types.js";

export interface ActiveTurn {
  trace: TurnTrace;
  readonly startMs: number;
  /** Answers it when there is no model that would. */
  readonly line: string | undefined;
  /** False for the words that asked to forget, and for those that were still being talked about then. */
  isKept: boolean;
  readonly think: AbortController;
  /** Ends what the voice was given; a new one after words that were taken back. */
  speech: AbortController;
  settle: (report: TurnReport) => void;
}

export function newActiveTurn(base: Omit<ActiveTurn, "think" | "speech">): ActiveTurn {
  return { ...base, think: new AbortController(), speech: new AbortController() };
}

/** As much as one utterance may be. */
const JOINED_CHARS_MAX = 2000;

/**
 * Speech while Buddy thinks belongs to what was said and is not answered yet: `next` then takes the place of `before`, and
 * its words are those of both. What was typed, or is answered by a line of its own, joins nothing.
 */
export function join(before: ActiveTurn, next: ActiveTurn): boolean {
  const isSpeech = [before, next].every(
    ({ trace, line }) => trace.source === "voice" && line === undefined,
  );
  if (!isSpeech) return false;
  const said = cutText(`${before.trace.said} ${next.trace.said}`, JOINED_CHARS_MAX);
  next.trace = { ...next.trace, said };
  before.isKept = false;
  return true;
}

const GLAD_VALENCE = 0.4;
/** Celebrations at the end of a glad turn are rarer than good moods. */
const GLAD_GAP_MS = 60_000;

export class Gladness {
  private lastMs = Number.NEGATIVE_INFINITY;

  /** Whether the end of this turn is celebrated. */
  celebrates(outcome: TurnOutcome, valence: number, nowMs: number): boolean {
    const isGlad = outcome === "done" && valence > GLAD_VALENCE;
    if (!isGlad || nowMs - this.lastMs < GLAD_GAP_MS) return false;
    this.lastMs = nowMs;
    return true;
  }
}
