/**
 * Which behaviour: each gets a score from urgency, suitability, payoff and cost, times its learned weight, less the
 * longer it has been running. Changes against the old robot: a behaviour without any urgency scores nothing
 * (it used to retreat from nobody because it was RETREAT's turn), running on counts by time and not by
 * evaluations, and the learned weights reach the choice.
 */
import { clampUnit } from "../../src/wire/clamp.js";
import { Act, BEHAVIOURS, Reason, Trait } from "./names.js";
import type { Mind, MindInputs } from "./mind.js";
import {
  imbalance,
  isThreatened,
  minutesSincePlay,
  needsCompany,
  needsRest,
  needsStimulation,
} from "./needs.js";
import { binOf, JUMP_CM } from "./space.js";
import { beginRun, endRun } from "./learning.js";

/** A choice is kept for this long, and then until another is better by the margin. */
const DWELL_MS = 10_000;
const MARGIN = 0.15;
/** Persistent characters stick to what they explore for up to a minute. */
const STICK_MS = 60_000;
/** A fright this urgent does not wait. */
const RETREAT_AT_ONCE = 0.55;
const SECOND_BEST_CHANCE = 0.1;
/** Running for another of these takes a fifth off a score, down to a fifth; calm behaviours last longer. */
const FATIGUE_MS = [45000, 20000, 15000, 45000, 8000, 300000, 12000, 20000];
const PAYOFF = [0.1, 0.6, 0.7, 0.8, 0.4, 0.5, 0.6, 0.4];
const COST = [0, 0.6, 0.5, 0.4, 0.3, -0.3, 0.7, 0.3];
/** The longest unused one gains this much, in full after five minutes. */
const TURN_MAX = 0.2;
const TURN_MINUTES = 5;
/** After the companion has been gone for long, resting is what it does most. */
const RESTING_BONUS = 0.25;

function trait(mind: Mind, index: Trait): number {
  return mind.traits[index] as number;
}

/** How urgent RETREAT is: something frightened it, or it is no good place here. */
function frightOf(mind: Mind): number {
  let fright = mind.jolt;
  if (isThreatened(mind)) fright += 0.3;
  if (mind.valence < -0.2 && mind.arousal > 0.6 && mind.safety < 0.6) fright += 0.3;
  return mind.retreatsInRow >= 2 ? fright / 2 : fright;
}

/** Share of `minutes` that have passed since a behaviour last ended: some are not worth repeating at once. */
function restOf(mind: Mind, act: Act, minutes: number): number {
  if (mind.act === act) return 1;
  return Math.min(1, (mind.nowMs - (mind.lastRunMs[act] as number)) / (60_000 * minutes));
}

/** Who rests goes on until it is rested; who does not, begins when it is tired. Fright after fright exhausts. */
function tiredness(mind: Mind): number {
  const exhaustion = mind.retreatsInRow > 2 ? 0.4 : 0;
  if (mind.act === Act.REST) return exhaustion + 1.2 * Math.max(0, 0.95 - mind.energy);
  return exhaustion + (needsRest(mind) ? 0.8 : 0.8 * Math.max(0, 0.5 - mind.energy));
}

/** Urgency of the behaviour that `weigh` was last asked about, and how well it suits. */
let urgency = 0;
let suitability = 0;

/** Weighs a behaviour: how urgent it is and how well it suits, into the two above. */
function weigh(mind: Mind, inputs: MindInputs, act: Act): void {
  const { energy, arousal, safety } = mind;
  const caution = trait(mind, Trait.CAUTION);
  const curiosity = trait(mind, Trait.CURIOSITY);
  const hasFace = inputs.hasFace;
  switch (act) {
    case Act.IDLE:
      urgency = 0.25;
      suitability = (1 - imbalance(mind)) * (1 - arousal);
      break;
    case Act.EXPLORE:
      urgency = needsStimulation(mind) ? mind.stimulation - 0.3 : 0;
      urgency += 0.25 * Math.max(0, mind.novelty - 0.4);
      suitability = curiosity * (1 - 0.4 * caution) * energy * (1 - 0.3 * caution);
      break;
    case Act.INVESTIGATE: {
      const bin = binOf(inputs.baseDeg);
      const here = mind.binNovelty[bin] as number;
      urgency = 0.7 * Math.max(here, mind.mostNovelty * 0.8);
      if ((mind.binChange[bin] as number) > JUMP_CM) urgency += 0.3;
      if (mind.hasVisionTarget) urgency += 0.35;
      suitability = curiosity * arousal * (0.7 + 0.3 * caution);
      break;
    }
    case Act.SOCIAL:
      urgency = needsCompany(mind) ? (mind.social - 0.4) * restOf(mind, Act.SOCIAL, 8) : 0;
      if (hasFace) urgency = 0.25 + 0.5 * mind.social;
      suitability = trait(mind, Trait.SOCIABILITY) * (0.7 + 0.3 * trait(mind, Trait.EXCITABILITY));
      suitability *= (hasFace ? 1 : 0.4) * (safety > 0.4 ? 1 : 0.3);
      break;
    case Act.RETREAT:
      urgency = frightOf(mind);
      suitability = caution;
      break;
    case Act.REST:
      urgency = tiredness(mind) + (inputs.companion === "resting" ? 0.4 : 0);
      suitability = (1 - energy) * (1 - arousal);
      if (mind.valence > 0.2 && arousal < 0.4) suitability += 0.3;
      break;
    case Act.PLAY:
      urgency = (hasFace ? 0.7 : 0.5) * Math.min(1, minutesSincePlay(mind) / 20);
      suitability = trait(mind, Trait.PLAYFULNESS) * energy * (mind.valence > 0.1 ? 1.5 : 0.5);
      break;
    case Act.VIGILANT:
      urgency = 0.5 * Math.max(0, 0.9 - safety) + 0.3 * mind.jolt;
      suitability = caution * (safety > 0.3 && safety < 0.75 ? 1 : 0.3);
      break;
  }
}

/** Score of each behaviour, into `mind.scores`. */
function scoreAll(mind: Mind, inputs: MindInputs): void {
  for (let act = 0; act < BEHAVIOURS.length; act++) {
    mind.scores[act] = scoreOf(mind, inputs, act);
  }
}

function scoreOf(mind: Mind, inputs: MindInputs, act: Act): number {
  weigh(mind, inputs, act);
  const press = clampUnit(urgency);
  // What is not urgent at all gains nothing from suiting well or paying off.
  const meant = Math.min(1, press * 4);
  const worth =
    0.3 * clampUnit(suitability) + 0.2 * (PAYOFF[act] as number) - 0.1 * (COST[act] as number);
  let score = clampUnit(0.4 * press + worth * meant) * (mind.weights[act] as number);
  if (act === mind.act) {
    const periods = (mind.nowMs - mind.actSinceMs) / (FATIGUE_MS[act] as number);
    score = score * Math.max(0.2, 1 - 0.2 * periods);
  } else {
    const minutes = (mind.nowMs - (mind.lastRunMs[act] as number)) / 60_000;
    score += Math.min(1, minutes / TURN_MINUTES) * TURN_MAX * meant;
  }
  if (act === Act.REST && inputs.companion === "resting") score += RESTING_BONUS;
  return score;
}

/** Evaluates and perhaps changes the behaviour. `dice` 0..1 decides about the second best. */
export function choose(mind: Mind, inputs: MindInputs, dice: number): void {
  scoreAll(mind, inputs);
  // What has done all it does is over, however well it suits.
  if (mind.actIsDone) mind.scores[mind.act] = 0;
  const best = bestExcept(mind, -1);
  const fright = frightOf(mind);
  if (fright > RETREAT_AT_ONCE && mind.act !== Act.RETREAT) {
    switchTo(mind, Act.RETREAT, Reason.THREAT, fright);
    return;
  }
  const ranMs = mind.nowMs - mind.actSinceMs;
  if (best === mind.act || (ranMs < DWELL_MS && !mind.actIsDone)) return;
  const needed = (mind.scores[mind.act] as number) + marginOf(mind, ranMs);
  if (!((mind.scores[best] as number) > needed)) return;
  const second = bestExcept(mind, best);
  const isSecond =
    dice < SECOND_BEST_CHANCE && second !== mind.act && (mind.scores[second] as number) > needed;
  const chosen: Act = isSecond ? second : best;
  const reason = isSecond ? Reason.SECOND_BEST : reasonOf(mind, inputs, chosen);
  switchTo(mind, chosen, reason, mind.scores[chosen] as number);
}

/** How much better another one must be. */
function marginOf(mind: Mind, ranMs: number): number {
  if (mind.actIsDone) return 0;
  const isGoal = mind.act === Act.EXPLORE || mind.act === Act.INVESTIGATE;
  if (!isGoal || ranMs > STICK_MS) return MARGIN;
  return MARGIN + 0.2 * (trait(mind, Trait.PERSISTENCE) - 0.5);
}

function bestExcept(mind: Mind, except: number): Act {
  let best = except === 0 ? 1 : 0;
  for (let i = 0; i < mind.scores.length; i++) {
    if (i !== except && (mind.scores[i] as number) > (mind.scores[best] as number)) best = i;
  }
  return best;
}

/** Ends the running behaviour, with its lesson, and begins another. */
export function switchTo(mind: Mind, act: Act, reason: Reason, figure: number): void {
  endRun(mind);
  mind.lastRunMs[mind.act] = mind.nowMs;
  if (act === Act.RETREAT) mind.retreatsInRow++;
  else if (act !== Act.VIGILANT) mind.retreatsInRow = 0;
  mind.act = act;
  mind.behavior = BEHAVIOURS[act] as string;
  mind.actSinceMs = mind.nowMs;
  mind.actMoves = 0;
  mind.actDueMs = mind.nowMs;
  mind.actIsDone = false;
  mind.causes.noteCause(act, reason, figure, mind.nowMs);
  beginRun(mind);
}

/** Reasons of the behaviours, in their order, where nothing else is known. */
const USUAL_REASONS = [0, 1, 3, 4, 6, 7, 8, 9];

/** The strongest part of what made a behaviour win. */
function reasonOf(mind: Mind, inputs: MindInputs, act: Act): Reason {
  if (act === Act.EXPLORE && !needsStimulation(mind)) return Reason.NOVELTY;
  if (act === Act.SOCIAL && inputs.hasFace) return Reason.SOMEBODY;
  if (act === Act.REST) {
    if (inputs.companion === "resting") return Reason.COMPANION_LONG_GONE;
    if (mind.energy >= 0.5) return Reason.TURN;
  }
  return USUAL_REASONS[act] as Reason;
}
