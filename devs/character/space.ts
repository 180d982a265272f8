/**
 * What it knows of the space around it: eight bins of 20° over everything the head can reach (10..170), so that
 * every bin can really be looked at. Bin 0 is far right, bin 7 far left, the front lies between 3 and 4.
 * Per bin: mean distance, how much it changes, how new it is, how often somebody is there.
 */
import { clampUnit } from "../../src/wire/clamp.js";
import { BASE_DEG_MIN } from "../../src/wire/limits.js";
import { MEAN_CM_MAX } from "../../src/wire/state.js";
import { toward } from "./mind.js";
import type { Mind } from "./mind.js";

const BIN_DEG = 20;
/** A jump of the distance by this much is an event. */
export const JUMP_CM = 20;
/** Novelty fades within a quarter of a minute; the share of time somebody is there within hours. */
const NOVELTY_PER_S = 0.1;
const PRESENCE_UP_PER_S = 0.01;
const PRESENCE_DOWN_PER_S = 1 / 21_600;
const JOLT_PER_S = 0.5;
const DYNAMISM_PER_S = 0.08;

/** The bin that a wire angle of the base points at. */
export function binOf(baseDeg: number): number {
  const bin = Math.floor((baseDeg - BASE_DEG_MIN) / BIN_DEG);
  if (bin >= 0) return bin <= 7 ? bin : 7;
  return 0;
}

/** The middle of a bin in wire degrees. */
export function binDeg(bin: number): number {
  return BASE_DEG_MIN + BIN_DEG * bin + BIN_DEG / 2;
}

/** A distance was measured in a bin. Returns the change against what was known, cm. */
export function noteDistance(mind: Mind, bin: number, cm: number, nowMs: number): number {
  if (!(cm > 0 && cm <= MEAN_CM_MAX)) return 0;
  const known = mind.meanCm[bin] as number;
  mind.binSeenMs[bin] = nowMs;
  if (known === 0) {
    mind.meanCm[bin] = Math.round(cm);
    return 0;
  }
  const change = Math.abs(cm - known);
  mind.meanCm[bin] = Math.round(known + (cm - known) * 0.1);
  mind.binChange[bin] = (mind.binChange[bin] as number) * 0.8 + change * 0.2;
  if (change > JUMP_CM) addNovelty(mind, bin, 0.1);
  return change;
}

export function addNovelty(mind: Mind, bin: number, amount: number): void {
  setNovelty(mind, bin, (mind.binNovelty[bin] as number) + amount);
}

function setNovelty(mind: Mind, bin: number, novelty: number): void {
  const known = clampUnit(novelty);
  mind.binNovelty[bin] = known;
  if (known > mind.mostNovelty) mind.mostNovelty = known;
}

/** A picture differed by `novelty` (0..1) while the head pointed there: quick to rise, slower to fall. */
export function seeNovelty(mind: Mind, bin: number, novelty: number, nowMs: number): void {
  const known = mind.binNovelty[bin] as number;
  setNovelty(mind, bin, known * 0.3 + novelty * 0.7);
  mind.binSeenMs[bin] = nowMs;
}

/** Time passes: novelty and jolts fade, presence follows where somebody is (`bin`, -1 nobody). */
export function fadeSpace(mind: Mind, bin: number, dtS: number): void {
  const { binNovelty, binChange, presence } = mind;
  const fading = Math.exp(-NOVELTY_PER_S * dtS);
  let most = 0;
  const leaving = 1 - PRESENCE_DOWN_PER_S * dtS;
  for (let i = 0; i < binNovelty.length; i++) {
    // What is nearly nothing becomes nothing: it is saved in steps of 1/250.
    let novelty = (binNovelty[i] as number) * fading;
    if (novelty < 0.002) novelty = 0;
    else if (novelty > most) most = novelty;
    binNovelty[i] = novelty;
    binChange[i] = (binChange[i] as number) * fading;
    if (i !== bin) presence[i] = (presence[i] as number) * leaving;
  }
  mind.mostNovelty = most;
  if (bin >= 0) presence[bin] = toward(presence[bin] as number, 1, PRESENCE_UP_PER_S, dtS);
  mind.jolt = toward(mind.jolt, 0, JOLT_PER_S, dtS);
  mind.dynamism = toward(mind.dynamism, 0, DYNAMISM_PER_S, dtS);
}

/** The bin that is most worth a look: new, changing, or where somebody usually is. */
export function salientBin(mind: Mind, curiosity: number, except: number): number {
  let best = -1;
  let most = 0;
  for (let i = 0; i < mind.binNovelty.length; i++) {
    const salience =
      0.6 * (mind.binNovelty[i] as number) * curiosity +
      0.2 * Math.min(1, (mind.binChange[i] as number) / 50) +
      0.05 * (mind.presence[i] as number);
    if (i !== except && salience > most) {
      best = i;
      most = salience;
    }
  }
  return best;
}

/** The bin looked at longest ago, among equals the one where people usually are. */
export function stalestBin(mind: Mind, chance: number): number {
  let best = 0;
  let most = -1;
  const count = mind.binSeenMs.length;
  const start = Math.floor(chance * count);
  for (let k = 0; k < count; k++) {
    const i = (start + k) % count;
    const ageS = Math.min(600, (mind.nowMs - (mind.binSeenMs[i] as number)) / 1000);
    const worth = ageS + 120 * (mind.presence[i] as number);
    if (worth > most) {
      best = i;
      most = worth;
    }
  }
  return best;
}

/** The bin where somebody is most often, or -1 when nobody ever was. */
export function peopleBin(mind: Mind, except: number): number {
  let best = -1;
  let most = 0.02;
  for (let i = 0; i < mind.presence.length; i++) {
    const presence = mind.presence[i] as number;
    if (i !== except && presence > most) {
      best = i;
      most = presence;
    }
  }
  return best;
}
