/**
 * Five needs. Rates are per second of measured time (the old robot applied them to the wrong time base and ran
 * 100 times too slow), and every drift approaches its end instead of running into it. One polarity: hunger for
 * stimulation, company and novelty, levels for energy and safety.
 */
import { clamp, clampUnit } from "../../src/wire/clamp.js";
import { Act, Trait } from "./names.js";
import { aloneMs, toward } from "./mind.js";
import type { Mind, MindInputs } from "./mind.js";

/** One unit of satisfaction moves a need by this much. */
const SATISFACTION_GAIN = 1.8;
export const SAFETY_MIN = 0.15;
/** Hunger up to here is no discomfort; levels from here on neither. */
const HUNGER_FINE = 0.35;
const ENERGY_FINE = 0.6;
const SAFETY_FINE = 0.7;

const STIMULATION_PER_S = 0.0025;
const SOCIAL_PER_S = 0.00167;
/** Company satisfies at this rate, however many frames a second show it: a minute and a half is most of it. */
const COMPANY_PER_S = 0.012;
const NOVELTY_PER_S = 0.0025;
/** Energy, toward full (positive) or empty, per behaviour. Awake for about half an hour, rested in five minutes. */
const ENERGY_PER_S = [0.0002, -0.0011, -0.0008, -0.0006, -0.0009, 0.004, -0.0022, -0.0005];

/** Lets the needs drift for `dtS` seconds. */
export function driftNeeds(mind: Mind, inputs: MindInputs, dtS: number): void {
  driftHungers(mind, inputs, dtS);
  const rate = (ENERGY_PER_S[mind.act] as number) - (inputs.isTracking ? 0.0002 : 0);
  mind.energy = clampUnit(toward(mind.energy, rate > 0 ? 1 : 0, Math.abs(rate), dtS));
  // It feels safest with somebody there, and less so the longer it has been alone.
  const aloneH = Math.min(1, aloneMs(mind) / 3_600_000);
  const home = 0.82 + (inputs.hasFace ? 0.13 : -0.2 * aloneH);
  const perS = home > mind.safety ? 0.02 : 0.001;
  mind.safety = clamp(toward(mind.safety, home, perS, dtS), SAFETY_MIN, 1);
}

function driftHungers(mind: Mind, inputs: MindInputs, dtS: number): void {
  const curiosity = mind.traits[Trait.CURIOSITY] as number;
  const sociability = mind.traits[Trait.SOCIABILITY] as number;
  if (mind.dynamism < 0.2) {
    // Who sleeps misses little.
    const awake = mind.act === Act.REST ? 0.3 : 1;
    mind.stimulation = toward(mind.stimulation, 1, STIMULATION_PER_S * curiosity * awake, dtS);
  } else {
    mind.stimulation = toward(mind.stimulation, 0, 0.005 * mind.dynamism, dtS);
  }
  // Who is tired wants no excitement.
  if (mind.energy < 0.3) mind.stimulation = toward(mind.stimulation, 0.3, 0.02, dtS);
  mind.stimulation = clampUnit(mind.stimulation);
  if (inputs.hasFace) mind.social = toward(mind.social, 0, COMPANY_PER_S, dtS);
  else mind.social = toward(mind.social, 1, SOCIAL_PER_S * sociability, dtS);
  // Who is afraid wants company.
  if (mind.safety < 0.3 && !inputs.hasFace) mind.social = toward(mind.social, 1, 0.01, dtS);
  mind.social = clampUnit(mind.social);
  const around = mind.mostNovelty;
  const goal = around < 0.1 ? 1 : 0;
  const perS = around < 0.1 ? NOVELTY_PER_S : 0.02 * around;
  mind.novelty = clampUnit(toward(mind.novelty, goal, perS, dtS));
}

/** Satisfies a hunger by `amount` (0..1, before the gain); returns its new level. */
export function feed(
  mind: Mind,
  need: "social" | "stimulation" | "novelty",
  amount: number,
): number {
  const gain = SATISFACTION_GAIN * clampUnit(amount);
  if (need === "social") {
    mind.social = clampUnit(mind.social - gain);
    makeSafer(mind, 0.15 * clampUnit(amount));
    return mind.social;
  }
  if (need === "stimulation") {
    mind.stimulation = clampUnit(mind.stimulation - gain);
    return mind.stimulation;
  }
  mind.novelty = clampUnit(mind.novelty - gain);
  mind.stimulation = clampUnit(mind.stimulation - 0.3 * clampUnit(amount));
  return mind.novelty;
}

export function makeSafer(mind: Mind, amount: number): void {
  mind.safety = clamp(mind.safety + amount, SAFETY_MIN, 1);
}

export function spendEnergy(mind: Mind, amount: number): void {
  mind.energy = clampUnit(mind.energy - amount);
}

/** Mean discomfort of stimulation, company, energy and safety, 0 (all is well) to about 0.6. */
export function imbalance(mind: Mind): number {
  const stimulation = Math.max(0, mind.stimulation - HUNGER_FINE);
  const social = Math.max(0, mind.social - HUNGER_FINE);
  const energy = Math.max(0, ENERGY_FINE - mind.energy);
  const safety = Math.max(0, SAFETY_FINE - mind.safety);
  return (stimulation + social + energy + safety) / 4;
}

export function needsStimulation(mind: Mind): boolean {
  return mind.stimulation > 0.5;
}

export function needsCompany(mind: Mind): boolean {
  return mind.social > 0.6;
}

export function needsRest(mind: Mind): boolean {
  return mind.energy < 0.3;
}

export function isThreatened(mind: Mind): boolean {
  return mind.safety < 0.4;
}

/** Minutes since the last PLAY: stands for the old robot's sixth need, which only PLAY used. */
export function minutesSincePlay(mind: Mind): number {
  return (mind.nowMs - (mind.lastRunMs[Act.PLAY] as number)) / 60_000;
}
