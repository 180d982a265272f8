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

/** Keeps breath, gain and due times; call it with each step of the engine. */
export function stepAmbient(mind: Mind, inputs: MindInputs, chance: () => number): void {
  settle(mind, mind.nowMs);
  const period = 7 - 3 * mind.arousal;
  mind.breathPerS = (mind.act === Act.REST ? 0.7 : 1) / period;
  const isFree =
    (mind.saved.flags & IDLE_MOTION_OFF) === 0 &&
    !inputs.isTracking &&
    !inputs.isAnimating &&
    !inputs.isStill;
  mind.ambientGoal = isFree ? 1 : 0;
  if (!isFree) return;
  if (mind.nowMs >= mind.shiftDueMs) shift(mind, chance);
  if (isPulsing(mind)) return;
  if (mind.nowMs >= mind.glanceDueMs) glance(mind, chance);
  else if (mind.nowMs >= mind.quirkDueMs) quirk(mind, chance);
  else if (mind.nowMs >= mind.microDueMs) micro(mind, chance);
}

/** Brings phase and gain up to `nowMs`. */
function settle(mind: Mind, nowMs: number): void {
  const dtS = (nowMs - mind.ambientMs) / 1000;
  if (dtS <= 0) return;
  mind.ambientMs = nowMs;
  const phase = mind.breathPhase + mind.breathPerS * dtS;
  mind.breathPhase = phase - Math.floor(phase);
  const { ambientGain, ambientGoal } = mind;
  if (ambientGain === ambientGoal) return;
  const gain = toward(ambientGain, ambientGoal, GAIN_PER_S, dtS);
  const left = gain - ambientGoal;
  mind.ambientGain = left < 0.01 && left > -0.01 ? ambientGoal : gain;
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
  const falling = t - p.riseMs - p.holdMs;
  if (falling >= p.fallMs) return 0;
  if (t < p.riseMs) return ease(t / p.riseMs);
  return falling <= 0 ? 1 : 1 - ease(falling / p.fallMs);
}

/** How soon an offset is out of date, ms: while something glides, while there is only breath. */
const GLIDE_MS = 40;
const BREATH_MS = 100;

/**
 * The offset of now in degrees, into `out`. Returns after how many ms it is worth looking again; 0: it is nothing and
 * stays so. Not allowed, it fades away.
 */
export function ambientOffset(mind: Mind, nowMs: number, isAllowed: boolean, out: Pose): number {
  if (!isAllowed) mind.ambientGoal = 0;
  // While it rests only the engine keeps the breath going.
  if (mind.ambientGain !== 0 || mind.ambientGoal !== 0) settle(mind, nowMs);
  const gain = mind.ambientGain;
  if (gain === 0) {
    out.pan = 0;
    out.nod = 0;
    out.tilt = 0;
    return mind.ambientGoal > 0 ? GLIDE_MS : 0;
  }
  const { pulse } = mind;
  const breath = (1.3 + 1.2 * mind.arousal) * sineOfTurns(mind.breathPhase);
  const isLeaning = nowMs - mind.shiftMs < SHIFT_MS;
  let leanDeg = mind.shiftToDeg;
  if (isLeaning) {
    const lean = ease((nowMs - mind.shiftMs) / SHIFT_MS);
    leanDeg = mind.shiftFromDeg + (leanDeg - mind.shiftFromDeg) * lean;
  }
  const beat = envelope(mind, nowMs);
  out.pan = gain * (leanDeg + pulse.pan * beat);
  out.nod = gain * (breath + pulse.nod * beat + droop(mind));
  out.tilt = gain * (0.3 * leanDeg + pulse.tilt * beat);
  const isGliding = isLeaning || (beat > 0 && beat < 1) || gain !== mind.ambientGoal;
  return isGliding ? GLIDE_MS : BREATH_MS;
}

/** A tired head hangs, smoothly as energy goes. */
function droop(mind: Mind): number {
  return mind.energy < 0.3 ? 10 * (0.3 - mind.energy) : 0;
}
