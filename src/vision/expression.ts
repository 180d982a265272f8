/**
 * One word for a face's expression, from the vocabulary that firmware, host and page share (`wire/vision.ts`, O-22),
 * and when it is believed. "happy" is a laugh with an open mouth, "smiling" one without. Pure.
 */
import type { Expression } from "../wire/index.js";
import type { SeenFace } from "./detector/sight.js";

/** Shares of the face's height. */
const MOUTH_OPEN = 0.08;
const MOUTH_WIDE_OPEN = 0.2;
const EYE_CLOSED = 0.025;
const BROW_RAISED = 0.17;
/** Shares of the mouth's width: its corners stand over its middle, or hang under it. */
const SMILE = 0.08;
const SAD = -0.08;

/** An expression is stable when the last samples agree and all are fresh. */
const STABLE_SAMPLES = 3;
const STABLE_WINDOW_MS = 2000;

/** The expression of one picture. The mesh shows no anger and no frown: these words are never said. */
export function expressionOf(face: SeenFace): Expression {
  const { mouthShare, eyeShare, browShare, smileShare } = face;
  const isOpen = mouthShare > MOUTH_OPEN;
  if (isOpen && browShare > BROW_RAISED) return "surprised";
  if (mouthShare > MOUTH_WIDE_OPEN && smileShare < SMILE) return "surprised";
  if (smileShare >= SMILE) return isOpen ? "happy" : "smiling";
  if (eyeShare < EYE_CLOSED) return "squinting";
  if (browShare > BROW_RAISED) return "raised_brows";
  return smileShare <= SAD ? "sad" : "neutral";
}

export interface ExpressionState {
  /** Newest last, at most `STABLE_SAMPLES`. */
  readonly samples: readonly { readonly word: Expression; readonly atMs: number }[];
  /** The last one that was stable. */
  readonly stable: Expression | undefined;
  /** When `stable` became what it is; undefined: never. */
  readonly changedAtMs: number | undefined;
}

export const NO_EXPRESSION: ExpressionState = {
  samples: [],
  stable: undefined,
  changedAtMs: undefined,
};

/** Samples closer than this are one: a burst of frames is no evidence of stability. */
const SAMPLE_GAP_MS = 150;

export function stepExpression(
  state: ExpressionState,
  word: Expression,
  nowMs: number,
): ExpressionState {
  const last = state.samples.at(-1);
  if (last && last.word === word && nowMs - last.atMs < SAMPLE_GAP_MS) return state;
  const samples = [...state.samples, { word, atMs: nowMs }].slice(-STABLE_SAMPLES);
  const isStable =
    samples.length === STABLE_SAMPLES &&
    samples.every((sample) => sample.word === word && nowMs - sample.atMs <= STABLE_WINDOW_MS);
  if (!isStable || state.stable === word) return { ...state, samples };
  return { samples, stable: word, changedAtMs: nowMs };
}
