/** What runs for the present turn besides the machine, and how glad its end makes the robot. */
import { cutText } from "../../host/cut-text.js";
import type { TurnReport, TurnTrace } from "./turn-trace.js";
import type { TurnOutcome } from "./turn-types.js";

export interface ActiveTurn {
  trace: TurnTrace;
  readonly startMs: number;
  /** Answers it when there is no model that would. */
  readonly line: string | undefined;
  /** Takes back what came of its words; undefined where that cannot be. */
  readonly undo: (() => void) | undefined;
  /** False for the words that asked to forget, and for those that were still being talked about then. */
  isKept: boolean;
  readonly think: AbortController;
  /** Ends what the voice was given; a new one after words that were cut or taken back. */
  speech: AbortController;
  settle: (report: TurnReport) => void;
}

export function newActiveTurn(base: Omit<ActiveTurn, "think" | "speech">): ActiveTurn {
  return { ...base, think: new AbortController(), speech: new AbortController() };
}

/** As much as one utterance may be. */
const JOINED_CHARS_MAX = 2000;
/** Somebody who goes on speaking within this time after their words were taken has only paused. */
const PAUSE_MS_MAX = 600;

/**
 * Whether speech that began at `beganMs` belongs to what was said before: what is not answered yet always does, and after a
 * mere pause also what Buddy would answer, or answers already, by itself. What was typed joins nothing, and nothing joins
 * words that brought about what cannot be taken back.
 */
export function goesOn(before: ActiveTurn, beganMs: number, isThinking: boolean): boolean {
  const { trace, line, undo, startMs } = before;
  if (trace.kind !== "answer" || trace.source !== "voice" || undo === undefined) return false;
  return beganMs - startMs < PAUSE_MS_MAX || (isThinking && line === undefined);
}

/** The words of both; `before` is not kept by itself, nor what came of its words. */
export function joinedWords(before: ActiveTurn, said: string): string {
  before.isKept = false;
  before.undo?.();
  return cutText(`${before.trace.said} ${said}`, JOINED_CHARS_MAX);
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
