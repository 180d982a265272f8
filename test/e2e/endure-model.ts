/**
 * What the pure model says about needs after a time alone: the firmware's own mind, run in Node from the measured start for the measured
 * time. What a robot chooses is chance, and choices feed needs, so many runs give the least and the greatest of each.
 */
import { zeroPose } from "../../devs/body/pose.js";
import { Silence } from "../../devs/body/silence.js";
import { LivingMind } from "../../devs/character/living.js";
import { TRAITS } from "../../src/wire/trait-names.js";
import { newState } from "../../src/wire/state.js";
import { seededChance } from "../../src/time/chance.js";

export const NEEDS = ["stimulation", "social", "novelty", "energy", "safety"] as const;
export type Needs = Record<(typeof NEEDS)[number], number>;

const RUNS = 64;
const STEP_MS = 200;
const BODY = { baseDeg: 90, isTracking: false, isAnimating: false };

export interface Stretch {
  readonly traits: Readonly<Record<string, number>>;
  /** Uptime when `start` was measured. */
  readonly startUptimeS: number;
  readonly start: Needs;
  /** Then it was linked for so long, and then alone. */
  readonly hereS: number;
  readonly awayS: number;
}

export function expectedNeeds(stretch: Stretch): { least: Needs; greatest: Needs } {
  const ends = Array.from({ length: RUNS }, (_, run) => runOnce(stretch, run + 1));
  const of = (pick: (...values: number[]) => number): Needs =>
    Object.fromEntries(NEEDS.map((name) => [name, pick(...ends.map((end) => end[name]))])) as Needs;
  return { least: of(Math.min), greatest: of(Math.max) };
}

function runOnce({ traits, startUptimeS, start, hereS, awayS }: Stretch, seed: number): Needs {
  const saved = newState();
  TRAITS.forEach((name, i) => (saved.traits[i] = traits[name] ?? (saved.traits[i] as number)));
  const chance = seededChance(seed);
  const living = new LivingMind(saved, () => chance.next(), 0, zeroPose());
  const silence = new Silence(0);
  const startMs = startUptimeS * 1000;
  const goneMs = startMs + hereS * 1000;
  let isSet = false;
  for (let nowMs = STEP_MS; nowMs <= goneMs + awayS * 1000; nowMs += STEP_MS) {
    if (!isSet && nowMs >= startMs) {
      isSet = true;
      for (const name of NEEDS) living.mind[name] = start[name];
    }
    living.live(BODY, silence.step(nowMs < goneMs, nowMs).stage, nowMs);
    living.mind.motion = "";
  }
  return Object.fromEntries(NEEDS.map((name) => [name, living.mind[name]])) as Needs;
}
