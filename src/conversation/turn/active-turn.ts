/** What runs for the present turn besides the machine, and how glad its end makes the robot. */
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
