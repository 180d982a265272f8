/**
 * The behaviour engine's step. Called some five times a second: emotion each half second, needs and urges once a second, a
 * choice each five, traits each thirty, all with the time measured since their last turn. It always thinks,
 * also while a face is tracked; movements it asks for stand in `mind.motion`, ambient ones in `ambientOffset`.
 */
import type { SavedState } from "../../src/wire/state.js";
import { stepActs } from "./acts.js";
import { stepAmbient } from "./ambient.js";
import { choose } from "./behaviour.js";
import { stepEmotion } from "./emotion.js";
import { stepInner } from "./inner.js";
import { beginRun, driftTraits } from "./learning.js";
import { Mind } from "./mind.js";
import type { MindInputs } from "./mind.js";
import { driftNeeds } from "./needs.js";
import { ageVision, senseCompanion, senseFaces, senseSelf } from "./senses.js";
import { binOf, fadeSpace } from "./space.js";
import { stepUrge } from "./urge.js";

const FAST_MS = 400;
const SLOW_MS = 1000;
const CHOOSE_MS = 5000;
const DRIFT_MS = 30_000;
/** A pause longer than this (a stalled machine) counts as this much. */
const FAST_S_MAX = 5;
const SLOW_S_MAX = 120;

/** A mind with the traits, weights and memories of `saved`, which it goes on changing. Its life begins at `nowMs`. */
export function newMind(saved: SavedState, nowMs: number): Mind {
  const mind = new Mind(saved, nowMs);
  beginRun(mind);
  return mind;
}

/** One step at `nowMs` (uptime). Deterministic in mind, inputs, time and chance. */
export function step(mind: Mind, inputs: MindInputs, nowMs: number, chance: () => number): void {
  mind.nowMs = nowMs;
  senseSelf(mind, inputs);
  senseFaces(mind, inputs);
  senseCompanion(mind, inputs);
  if (nowMs - mind.slowMs >= SLOW_MS) {
    const dtS = Math.min(SLOW_S_MAX, (nowMs - mind.slowMs) / 1000);
    mind.slowMs = nowMs;
    driftNeeds(mind, inputs, dtS);
    fadeSpace(mind, inputs.hasFace ? binOf(inputs.faceBaseDeg) : -1, dtS);
    stepInner(mind, dtS, chance());
    stepUrge(mind, inputs, dtS);
    ageVision(mind);
  }
  if (nowMs - mind.fastMs >= FAST_MS) {
    const dtS = Math.min(FAST_S_MAX, (nowMs - mind.fastMs) / 1000);
    mind.fastMs = nowMs;
    stepEmotion(mind, inputs, dtS);
  }
  stepAmbient(mind, inputs, chance);
  if (nowMs - mind.chooseMs >= CHOOSE_MS) {
    mind.chooseMs = nowMs;
    choose(mind, inputs, chance());
  }
  if (nowMs - mind.driftMs >= DRIFT_MS) {
    mind.driftMs = nowMs;
    driftTraits(mind);
  }
  stepActs(mind, inputs, chance);
}
