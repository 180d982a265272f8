/**
 * One word for a face's expression, from the vocabulary that firmware, host and page share (`wire/vision.ts`, O-22),
 * and when it is believed. "happy" is a laugh with an open mouth, "smiling" one without. Pure.
 */
import type { Expression } from "../wire/index.js";
import type { SeenFace } from "./detector/sight.js";

/** Below this share no emotion is clear; what the mesh shows decides. */
const EMOTION_MIN = 0.5;
/** Shares of the face's height, as the old host's. Its eye and brow limits are for its own mesh indices. */
const MOUTH_OPEN = 0.08;
const EYE_CLOSED = 0.012;
const BROW_RAISED = 0.17;

/** An expression is stable when the last samples agree and all are fresh. */
const STABLE_SAMPLES = 3;
const STABLE_WINDOW_MS = 2000;

const WORDS: Readonly<Record<string, Expression>> = {
  surprise: "surprised",
  fear: "surprised",
  angry: "angry",
  disgust: "frowning",
  sad: "sad",
};

/** The expression of one picture. */
export function expressionOf(face: SeenFace): Expression {
  const clear = Object.entries(face.emotions).reduce<[string, number]>(
    (best, entry) => (entry[1] > best[1] ? [entry[0], entry[1]] : best),
    ["", EMOTION_MIN],
  )[0];
  if (clear === "happy") return face.mouthShare > MOUTH_OPEN ? "happy" : "smiling";
  const word = WORDS[clear];
  if (word) return word;
  if (face.mouthShare > MOUTH_OPEN && face.browShare > BROW_RAISED) return "surprised";
  if (face.eyeShare < EYE_CLOSED) return "squinting";
  if (face.browShare > BROW_RAISED) return "raised_brows";
  return "neutral";
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
