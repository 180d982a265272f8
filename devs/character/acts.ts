/**
 * What a behaviour does while it runs: a few movements, each with its time and its effect on the needs. Ticked, so
 * that every phase runs to its end. While a face is tracked or somebody's gesture runs, the robot goes on
 * thinking and feeling and only the movement is left out.
 */
import { GESTURES } from "../body/port.js";
import type { MoveName } from "../body/port.js";
import { isOneOf } from "../../src/wire/verbs.js";
import { Act, Event, Reason, Trait } from "./names.js";
import type { Mind, MindInputs } from "./mind.js";
import { nudge } from "./emotion.js";
import { IDLE_MOTION_OFF } from "../../src/wire/state.js";
import { feed, makeSafer, spendEnergy } from "./needs.js";
import { binDeg, binOf, peopleBin, salientBin, stalestBin } from "./space.js";

const FRONT_DEG = 90;
const LEVEL_DEG = 115;
const ASLEEP_NOD_DEG = 140;
/** INVESTIGATE looks this long, then waits for somebody to describe what is there. */
const HOLD_MS = 3000;
const DESCRIPTION_MS_MAX = 8000;
const INVESTIGATE_TARGETS_MAX = 3;
const EXPLORE_LOOKS_MAX = 4;
const RECOVER_MS = 4000;
/** A vision target is worth a look for this long. */
export const TARGET_MS_MAX = 10_000;

/** A random number between `from` and `to`. */
function between(from: number, to: number, chance: () => number): number {
  return from + (to - from) * chance();
}

function again(mind: Mind, inMs: number): void {
  mind.actMoves++;
  mind.actDueMs = mind.nowMs + inMs;
}

/** Looks and postures yield to tracking and to gestures. */
function ask(mind: Mind, inputs: MindInputs, name: MoveName, reason: Reason): void {
  if (inputs.isTracking || inputs.isAnimating || inputs.isHeld) return;
  request(mind, name, 1, 0, reason);
}

/**
 * Asks for a movement, with its cause. Small gestures and expressions need not yield to tracking. With the owner's
 * switch off it wishes and does nothing.
 */
export function request(mind: Mind, name: MoveName, a: number, b: number, reason: Reason): void {
  if ((mind.saved.flags & IDLE_MOTION_OFF) !== 0) return;
  mind.motion = name;
  mind.motionA = a;
  mind.motionB = b;
  mind.motionMs = mind.nowMs;
  let event = Event.POSTURE;
  if (name === "look") event = Event.LOOKED;
  else if (isOneOf(GESTURES, name)) event = Event.GESTURE;
  mind.causes.noteCause(event, reason, mind.arousal, mind.nowMs);
}

function look(mind: Mind, inputs: MindInputs, base: number, nod: number, reason: Reason): void {
  if (inputs.isTracking || inputs.isAnimating || inputs.isHeld) return;
  request(mind, "look", Math.round(base), Math.round(nod), reason);
}

/** Lets the running behaviour do what is due. */
export function stepActs(mind: Mind, inputs: MindInputs, chance: () => number): void {
  if (mind.searchLeft > 0) {
    search(mind, inputs);
    return;
  }
  // One movement a step: what a sense asked for comes first.
  if (mind.actIsDone || mind.nowMs < mind.actDueMs || mind.motionMs === mind.nowMs) return;
  switch (mind.act) {
    case Act.IDLE:
      return idle(mind, inputs, chance);
    case Act.EXPLORE:
      return explore(mind, inputs, chance);
    case Act.INVESTIGATE:
      return investigate(mind, inputs);
    case Act.SOCIAL:
      return socialise(mind, inputs, chance);
    case Act.RETREAT:
      return retreat(mind, inputs);
    case Act.REST:
      return rest(mind, inputs, chance);
    case Act.PLAY:
      return play(mind, inputs, chance);
    case Act.VIGILANT:
      return watch(mind, inputs);
  }
}

function idle(mind: Mind, inputs: MindInputs, chance: () => number): void {
  if (mind.actMoves === 0) {
    look(mind, inputs, FRONT_DEG, LEVEL_DEG, Reason.NOTHING);
  } else {
    const base = FRONT_DEG + between(-15, 15, chance);
    look(mind, inputs, base, LEVEL_DEG + between(-7, 5, chance), Reason.WONDERING);
  }
  again(mind, between(12_000, 28_000, chance));
}

function explore(mind: Mind, inputs: MindInputs, chance: () => number): void {
  if (mind.actMoves > 0) {
    feed(mind, "stimulation", 0.025);
    feed(mind, "novelty", 0.02);
  }
  if (mind.actMoves >= EXPLORE_LOOKS_MAX) {
    mind.actIsDone = true;
    return;
  }
  const bin = stalestBin(mind, chance());
  mind.binSeenMs[bin] = mind.nowMs;
  spendEnergy(mind, 0.01);
  const reason = mind.stimulation > 0.5 ? Reason.STIMULATION : Reason.NOVELTY;
  const nod = between(98, 124, chance);
  look(mind, inputs, binDeg(bin) + between(-6, 6, chance), nod, reason);
  again(mind, between(3000, 6500, chance));
}

function investigate(mind: Mind, inputs: MindInputs): void {
  const phase = mind.actMoves % 3;
  if (phase === 0) {
    orient(mind, inputs);
    again(mind, HOLD_MS);
  } else if (phase === 1) {
    ask(mind, inputs, "physical_curious_tilt", Reason.SOMETHING_NEW);
    again(mind, DESCRIPTION_MS_MAX);
  } else {
    endTarget(mind);
    again(mind, 0);
    const isEnough = mind.actMoves >= 3 * INVESTIGATE_TARGETS_MAX || mind.mostNovelty < 0.1;
    mind.actIsDone = isEnough;
  }
}

function orient(mind: Mind, inputs: MindInputs): void {
  spendEnergy(mind, 0.01);
  if (mind.hasVisionTarget) {
    mind.actBin = binOf(mind.targetBaseDeg);
    look(mind, inputs, mind.targetBaseDeg, mind.targetNodDeg, Reason.SOMETHING_NEW);
    return;
  }
  const bin = salientBin(mind, mind.traits[Trait.CURIOSITY] as number, -1);
  mind.actBin = bin < 0 ? binOf(inputs.baseDeg) : bin;
  look(mind, inputs, binDeg(mind.actBin), LEVEL_DEG - 5, Reason.SOMETHING_NEW);
}

/** Looked at long enough: it is not new any more. */
function endTarget(mind: Mind): void {
  mind.binNovelty[mind.actBin] = (mind.binNovelty[mind.actBin] as number) * 0.2;
  mind.hasVisionTarget = false;
  feed(mind, "novelty", 0.12);
  feed(mind, "stimulation", 0.08);
}

/** Somebody said what is there: the wait of INVESTIGATE ends at once. */
export function describeTarget(mind: Mind): void {
  if (mind.act === Act.INVESTIGATE && mind.actMoves % 3 !== 0) {
    mind.actMoves += 2 - (mind.actMoves % 3);
    mind.actDueMs = mind.nowMs;
  }
  mind.causes.noteCause(Event.FELT, Reason.DESCRIBED, mind.novelty, mind.nowMs);
}

function socialise(mind: Mind, inputs: MindInputs, chance: () => number): void {
  if (!inputs.hasFace) {
    seekPeople(mind, inputs);
    return;
  }
  feed(mind, "social", 0.02);
  const expressiveness = mind.traits[Trait.EXPRESSIVENESS] as number;
  // These two are small overlays that keep the gaze on the person.
  if (!inputs.isAnimating && chance() < expressiveness) {
    if (chance() < 0.5) {
      request(mind, "acknowledge", 1, 0, Reason.SOMEBODY);
    } else {
      const name = mind.valence > 0.2 ? "express_content" : "express_curious";
      request(mind, name, 0, 0, Reason.SOMEBODY);
    }
  }
  again(mind, between(7000, 15_000, chance));
}

/** Nobody in sight: it looks where people usually are, then gives up. */
function seekPeople(mind: Mind, inputs: MindInputs): void {
  if (mind.actMoves >= 3) {
    mind.actIsDone = true;
    return;
  }
  const bin = peopleBin(mind, mind.actMoves === 0 ? -1 : mind.actBin);
  mind.actBin = bin < 0 ? (mind.actMoves * 3 + 1) % 8 : bin;
  look(mind, inputs, binDeg(mind.actBin), LEVEL_DEG - 7, Reason.SEEKING);
  again(mind, 4000);
}

function retreat(mind: Mind, inputs: MindInputs): void {
  if (mind.actMoves === 0) {
    ask(mind, inputs, "physical_startled", Reason.THREAT);
    again(mind, RECOVER_MS);
  } else if (mind.jolt < 0.2 || mind.actMoves > 4) {
    makeSafer(mind, 0.15);
    look(mind, inputs, FRONT_DEG, LEVEL_DEG - 5, Reason.RECOVERING);
    mind.actIsDone = true;
  } else again(mind, 1500);
}

function rest(mind: Mind, inputs: MindInputs, chance: () => number): void {
  const reason = inputs.companion === "resting" ? Reason.COMPANION_LONG_GONE : Reason.TIRED;
  const nod = ASLEEP_NOD_DEG + between(-4, 4, chance);
  look(mind, inputs, FRONT_DEG + between(-8, 8, chance), nod, reason);
  again(mind, between(40_000, 90_000, chance));
}

function play(mind: Mind, inputs: MindInputs, chance: () => number): void {
  if (mind.actMoves >= 4) {
    mind.actIsDone = true;
    return;
  }
  spendEnergy(mind, 0.015);
  feed(mind, "stimulation", 0.025);
  nudge(mind, 0.1, 0.15, 0);
  const dice = chance();
  let name: MoveName = "celebrate";
  if (dice < 0.25) name = "nod";
  else if (dice < 0.5) name = "shake";
  else if (dice < 0.7) name = "physical_curious_tilt";
  ask(mind, inputs, name, Reason.PLAY);
  again(mind, between(2500, 4500, chance));
}

/** Watches: from one striking place to the other. */
function watch(mind: Mind, inputs: MindInputs): void {
  if (mind.actMoves >= 4) {
    makeSafer(mind, 0.06);
    mind.actIsDone = true;
    return;
  }
  const bin = salientBin(mind, 1, mind.actMoves === 0 ? -1 : mind.actBin);
  const sides = mind.actMoves % 2 === 0 ? 1 : 6;
  mind.actBin = bin < 0 ? sides : bin;
  look(mind, inputs, binDeg(mind.actBin), LEVEL_DEG - 7, Reason.UNSAFE);
  again(mind, 3000);
}

/** The companion has gone: it looks for it to both sides and lets its head sink. */
function search(mind: Mind, inputs: MindInputs): void {
  if (mind.nowMs < mind.searchDueMs) return;
  const reason = Reason.COMPANION_GONE;
  if (mind.searchLeft === 4) look(mind, inputs, 55, 105, reason);
  else if (mind.searchLeft === 3) look(mind, inputs, 125, 105, reason);
  else if (mind.searchLeft === 2) look(mind, inputs, FRONT_DEG, LEVEL_DEG, reason);
  else ask(mind, inputs, "physical_sigh", reason);
  mind.searchLeft--;
  mind.searchDueMs = mind.nowMs + 1800;
}
