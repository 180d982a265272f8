/**
 * Signs of life on top of whatever the head does: breathing, shifts of weight, glances, little moves and one of
 * four quirks. All of it is an offset computed from time, never added up, so the head stays where the books
 * say it is and everything fades to zero when a face is tracked, a gesture runs, or the owner switches it off.
 */
import { sineOfTurns } from "../body/sine.js";
import type { Pose } from "../body/pose.js";
import { IDLE_MOTION_OFF } from "../../src/wire/state.js";
import { Act, Event, Reason, Trait } from "./names.js";
import { toward } from "./mind.js";
import type { Mind, MindInputs } from "./mind.js";

/** The gain goes from nothing to full in about a second. */
const GAIN_PER_S = 3;
const SHIFT_MS = 1600;
const SHIFT_DEG_MAX = 5;
const GLANCE_DEG_MAX = 10;
const MICRO_MS = 8000;

/** Keeps breath, gain and due times; call it with the engine's fast loop. */
export function stepAmbient(
  mind: Mind,
  inputs: MindInputs,
  dtS: number,
  chance: () => number,
): void {
  settle(mind, mind.nowMs);
  const period = 7 - 3 * mind.arousal;
  mind.breathPerS = (mind.act === Act.REST ? 0.7 : 1) / period;
  const isFree =
    (mind.saved.flags & IDLE_MOTION_OFF) === 0 &&
    !inputs.isTracking &&
    !inputs.isAnimating &&
    !inputs.isStill;
  mind.ambientGoal = isFree ? 1 : 0;
  if (!isFree || dtS <= 0) return;
  if (mind.nowMs >= mind.shiftDueMs) shift(mind, chance);
  if (isPulsing(mind)) return;
  if (mind.nowMs >= mind.glanceDueMs) glance(mind, chance);
  else if (mind.nowMs >= mind.quirkDueMs) quirk(mind, chance);
  else if (mind.nowMs >= mind.microDueMs) micro(mind, chance);
}

/** Brings phase and gain up to `nowMs`. */
function settle(mind: Mind, nowMs: number): void {
  const dtS = (nowMs - mind.ambientMs) / 1000;
  mind.breathPhase = phaseAt(mind, nowMs);
  mind.ambientGain = gainAt(mind, dtS);
  mind.ambientMs = nowMs;
}

function phaseAt(mind: Mind, nowMs: number): number {
  const phase = mind.breathPhase + (mind.breathPerS * (nowMs - mind.ambientMs)) / 1000;
  return phase - Math.floor(phase);
}

function gainAt(mind: Mind, dtS: number): number {
  const gain = toward(mind.ambientGain, mind.ambientGoal, GAIN_PER_S, dtS);
  return gain < 0.001 ? 0 : gain;
}

function isPulsing(mind: Mind): boolean {
  const pulse = mind.pulse;
  return mind.nowMs < pulse.startMs + pulse.riseMs + pulse.holdMs + pulse.fallMs;
}

/** A new lean, either side; further when it has little to do. */
function shift(mind: Mind, chance: () => number): void {
  mind.shiftFromDeg = mind.shiftToDeg;
  mind.shiftToDeg = (chance() * 2 - 1) * SHIFT_DEG_MAX;
  mind.shiftMs = mind.nowMs;
  const waitS = Math.max(8, 30 - 20 * Math.abs(mind.stimulation - 0.35));
  mind.shiftDueMs = mind.nowMs + waitS * 1000 * (0.7 + 0.6 * chance());
  note(mind);
}

/** A look out of the corner of the eye. */
function glance(mind: Mind, chance: () => number): void {
  const side = chance() < 0.5 ? -1 : 1;
  const size = GLANCE_DEG_MAX * (0.5 + 0.5 * chance());
  pulse(mind, side * size * 0.5, -1, side * size, 350, 900 + 900 * chance(), 600);
  const curiosity = mind.traits[Trait.CURIOSITY] as number;
  const waitS = Math.max(5, 45 - 20 * mind.novelty - 10 * curiosity);
  mind.glanceDueMs = mind.nowMs + waitS * 1000 * (0.7 + 0.6 * chance());
}

function micro(mind: Mind, chance: () => number): void {
  mind.microDueMs = mind.nowMs + MICRO_MS;
  let likely = 0.1;
  if (mind.act === Act.IDLE) likely = 0.3;
  else if (mind.act === Act.VIGILANT || mind.act === Act.INVESTIGATE) likely = 0.5;
  if (chance() >= likely) return;
  pulse(mind, 3 * chance() - 1.5, 2 * chance() - 1, 0, 200, 300 + 500 * chance(), 300);
}

/** Everybody has a habit: which one shows most depends on the traits. */
function quirk(mind: Mind, chance: () => number): void {
  mind.quirkDueMs = mind.nowMs + 15_000 + 10_000 * chance();
  if (mind.act !== Act.IDLE && mind.act !== Act.VIGILANT) return;
  const curiosity = mind.traits[Trait.CURIOSITY] as number;
  const caution = mind.traits[Trait.CAUTION] as number;
  const playfulness = mind.traits[Trait.PLAYFULNESS] as number;
  const persistence = mind.traits[Trait.PERSISTENCE] as number;
  const dice = chance() * (curiosity + caution + playfulness + persistence);
  // Stargazer, watcher, wobbler, thinker.
  if (dice < curiosity) pulse(mind, 2, -8, 2, 900, 2200, 1100);
  else if (dice < curiosity + caution) pulse(mind, chance() < 0.5 ? -8 : 8, 0, 0, 500, 1200, 600);
  else if (dice < curiosity + caution + playfulness) pulse(mind, 0, 2, 7, 300, 200, 900);
  else pulse(mind, 0, -4, 8, 700, 2000, 900);
}

function pulse(
  mind: Mind,
  pan: number,
  nod: number,
  tilt: number,
  riseMs: number,
  holdMs: number,
  fallMs: number,
): void {
  const p = mind.pulse;
  p.pan = pan;
  p.nod = nod;
  p.tilt = tilt;
  p.startMs = mind.nowMs;
  p.riseMs = riseMs;
  p.holdMs = holdMs;
  p.fallMs = fallMs;
  note(mind);
}

function note(mind: Mind): void {
  mind.causes.noteCause(Event.AMBIENT, Reason.AMBIENT, mind.arousal, mind.nowMs);
}

/** 0 to 1 without a corner at either end. */
function ease(share: number): number {
  const s = share < 0 ? 0 : share > 1 ? 1 : share;
  return s * s * (3 - 2 * s);
}

function envelope(mind: Mind, nowMs: number): number {
  const p = mind.pulse;
  const t = nowMs - p.startMs;
  if (t < p.riseMs) return ease(t / p.riseMs);
  const falling = t - p.riseMs - p.holdMs;
  if (falling <= 0) return 1;
  return falling < p.fallMs ? 1 - ease(falling / p.fallMs) : 0;
}

/** The offset of now in degrees, into `out`. Cheap enough for the 50 Hz of the motion layer; changes nothing. */
export function ambientOffset(mind: Mind, nowMs: number, out: Pose): void {
  const gain = gainAt(mind, (nowMs - mind.ambientMs) / 1000);
  if (gain === 0) {
    out.pan = 0;
    out.nod = 0;
    out.tilt = 0;
    return;
  }
  const breath = (1.3 + 1.2 * mind.arousal) * sineOfTurns(phaseAt(mind, nowMs));
  const lean = ease((nowMs - mind.shiftMs) / SHIFT_MS);
  const shiftDeg = mind.shiftFromDeg + (mind.shiftToDeg - mind.shiftFromDeg) * lean;
  const beat = envelope(mind, nowMs);
  out.pan = gain * (shiftDeg + mind.pulse.pan * beat);
  out.nod = gain * (breath + mind.pulse.nod * beat + droop(mind));
  out.tilt = gain * (0.3 * shiftDeg + mind.pulse.tilt * beat);
}

/** A tired head hangs, smoothly as energy goes. */
function droop(mind: Mind): number {
  return mind.energy < 0.3 ? 10 * (0.3 - mind.energy) : 0;
}
