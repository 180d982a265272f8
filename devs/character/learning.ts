/**
 * Learning: a behaviour that helped is chosen more, one that did not less. An outcome is 0.5 when a behaviour did
 * what such behaviours usually do; a weight moves by .05 of the rest and leaks back toward 1, so that
 * it follows experience both ways and never sticks at a limit. Traits follow the weights over days.
 */
import { clamp } from "../../src/wire/clamp.js";
import { Act, Trait } from "./names.js";
import type { Mind } from "./mind.js";
import {
  BIRTH_TRAITS,
  TRAIT_MAX,
  TRAIT_MIN,
  WEIGHT_MAX,
  WEIGHT_MIN,
} from "../../src/wire/state.js";

const RATE = 0.05;
/** Back toward 1 with each run: an outcome of 0.9 for ever ends at 1.5, one of 0.1 at 0.5, after some 25 runs. */
const LEAK = 0.8;
/** Relief that a run of each behaviour usually brings. */
const EXPECTED = [0.01, 0.15, 0.15, 0.1, 0.08, 0.3, 0.15, 0.04];
/** A trait goes this share of the way to where its evidence points, each 30 s: a day and more. */
const TRAIT_RATE = 0.0003;
const TRAIT_REACH = 0.2;

/** Remembers at the start of a run how things stand. */
export function beginRun(mind: Mind): void {
  mind.begunComfort = comfortOf(mind);
  mind.begunValence = mind.valence;
}

/** How well the run that ends now went, 0..1. */
export function outcomeOf(mind: Mind): number {
  const relief = comfortOf(mind) - mind.begunComfort - (EXPECTED[mind.act] as number);
  const pleasure = 0.5 * (mind.valence - mind.begunValence);
  return 0.5 + clamp(1.5 * relief, -0.3, 0.3) + clamp(pleasure, -0.2, 0.2);
}

/** Level of what the running behaviour is for: more of it is its success. */
export function comfortOf(mind: Mind): number {
  switch (mind.act) {
    case Act.IDLE:
      return mind.energy + 0.2 * mind.safety;
    case Act.INVESTIGATE:
      return -0.5 * (mind.stimulation + mind.novelty);
    case Act.SOCIAL:
      return -mind.social;
    case Act.REST:
      return mind.energy;
    case Act.RETREAT:
    case Act.VIGILANT:
      return mind.safety;
    default:
      return -mind.stimulation;
  }
}

/** The lesson of the run that ends now. */
export function endRun(mind: Mind): void {
  const weight = mind.weights[mind.act] as number;
  const lesson = RATE * (outcomeOf(mind) - 0.5) + LEAK * RATE * (1 - weight);
  mind.weights[mind.act] = clamp(weight + lesson, WEIGHT_MIN, WEIGHT_MAX);
  mind.isChanged = true;
}

/** Each 30 s: character follows what it learned, slowly, and stays recognisable. */
export function driftTraits(mind: Mind): void {
  const explore = lessonOf(mind, Act.EXPLORE);
  const fear = lessonOf(mind, Act.RETREAT) + lessonOf(mind, Act.VIGILANT);
  driftTrait(mind, Trait.CURIOSITY, (explore + lessonOf(mind, Act.INVESTIGATE)) / 2);
  driftTrait(mind, Trait.CAUTION, (fear - 0.5 * explore) / 2);
  driftTrait(mind, Trait.SOCIABILITY, lessonOf(mind, Act.SOCIAL));
  driftTrait(mind, Trait.PLAYFULNESS, lessonOf(mind, Act.PLAY));
}

/** What experience says about a behaviour, 0 nothing. */
function lessonOf(mind: Mind, act: Act): number {
  return (mind.weights[act] as number) - 1;
}

function driftTrait(mind: Mind, index: Trait, evidence: number): void {
  const goal = (BIRTH_TRAITS[index] as number) + TRAIT_REACH * evidence;
  const value = mind.traits[index] as number;
  mind.traits[index] = clamp(value + (goal - value) * TRAIT_RATE, TRAIT_MIN, TRAIT_MAX);
}
