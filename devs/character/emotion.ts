/**
 * Arousal (0..1), valence (-1..1), dominance (0..1) follow targets that come from needs, novelty and company;
 * events push the targets for some seconds. A label is shown once it has held for a second, so it does not flicker.
 * Constants from the old robot's table, retuned where a label could never be reached (CONTENT, BORED needed an
 * arousal that nothing produced).
 */
import { clamp, clampUnit } from "../../src/wire/clamp.js";
import { Event, Reason, Trait } from "./names.js";
import { toward } from "./mind.js";
import type { Mind, MindInputs } from "./mind.js";
import { imbalance, isThreatened } from "./needs.js";
import { binOf } from "./space.js";

const AXES_PER_S = 0.75;
const DOMINANCE_PER_S = 2;
/** An event is felt for about a quarter of a minute. */
const NUDGE_PER_S = 1 / 12;
const NUDGE_MAX = 0.4;
/** Below this strength every label is NEUTRAL. */
const INTENSITY_MIN = 0.1;
const LABEL_HOLD_MS = 1000;
/** What a behaviour adds to arousal. */
const ACT_AROUSAL = [-0.05, 0.12, 0.15, 0.1, 0.25, -0.2, 0.25, 0.1];
/** And to valence: doing something feels better than hanging about. */
const ACT_VALENCE = [0, 0.2, 0.2, 0.05, -0.2, 0.1, 0.3, -0.05];

/** Moves the three axes on by `dtS` seconds and decides the label. */
export function stepEmotion(mind: Mind, inputs: MindInputs, dtS: number): void {
  const arousalGoal = clampUnit(arousalTarget(mind, inputs) + mind.nudgeArousal);
  const valenceGoal = clamp(valenceTarget(mind, inputs) + mind.nudgeValence, -1, 1);
  const dominanceGoal = clampUnit(dominanceTarget(mind) + mind.nudgeDominance);
  mind.arousal = clampUnit(toward(mind.arousal, arousalGoal, AXES_PER_S, dtS));
  mind.valence = clamp(toward(mind.valence, valenceGoal, AXES_PER_S, dtS), -1, 1);
  mind.dominance = clampUnit(toward(mind.dominance, dominanceGoal, DOMINANCE_PER_S, dtS));
  mind.nudgeArousal = toward(mind.nudgeArousal, 0, NUDGE_PER_S, dtS);
  mind.nudgeValence = toward(mind.nudgeValence, 0, NUDGE_PER_S, dtS);
  mind.nudgeDominance = toward(mind.nudgeDominance, 0, NUDGE_PER_S, dtS);
  const va = 0.15 * (arousalGoal - mind.arousal);
  const vv = 0.15 * (valenceGoal - mind.valence);
  const rest = 0.3 * Math.abs(mind.valence) + 0.3 * Math.abs(mind.arousal - 0.5);
  showLabel(mind, labelOf(mind.arousal, mind.valence, Math.sqrt(va * va + vv * vv) + rest));
}

/** Something happened that is felt for a while: arousal, valence, dominance. */
export function nudge(mind: Mind, arousal: number, valence: number, dominance: number): void {
  mind.nudgeArousal = clamp(mind.nudgeArousal + arousal, -NUDGE_MAX, NUDGE_MAX);
  mind.nudgeValence = clamp(mind.nudgeValence + valence, -NUDGE_MAX, NUDGE_MAX);
  mind.nudgeDominance = clamp(mind.nudgeDominance + dominance, -NUDGE_MAX, NUDGE_MAX);
}

function arousalTarget(mind: Mind, inputs: MindInputs): number {
  const restless = 0.3 * Math.max(0, mind.stimulation - 0.5);
  const here = 0.35 * (mind.binNovelty[binOf(inputs.baseDeg)] as number);
  const base = 0.2 + restless + 0.3 * mind.energy + here + 0.3 * mind.jolt;
  const company = (inputs.hasFace ? 0.15 : 0) + 0.3 * mind.dynamism;
  const excitability = mind.traits[Trait.EXCITABILITY] as number;
  return (base + company) * (0.7 + 0.6 * excitability) + (ACT_AROUSAL[mind.act] as number);
}

function valenceTarget(mind: Mind, inputs: MindInputs): number {
  const comfort = 0.35 - 3.2 * imbalance(mind) + (ACT_VALENCE[mind.act] as number);
  const safety = isThreatened(mind) ? -0.5 : 0.4 * (mind.safety - 0.5);
  const company = inputs.hasFace ? 0.12 : 0;
  return comfort + safety + company + nearness(mind, inputs);
}

/** Somebody close is welcome when it feels safe, and too close never is. */
function nearness(mind: Mind, inputs: MindInputs): number {
  if (!inputs.hasFace || !(inputs.faceCm > 0 && inputs.faceCm < 30)) return 0;
  if (inputs.faceCm < 10) return -0.3;
  return mind.safety > 0.6 ? 0.2 * (mind.traits[Trait.CURIOSITY] as number) : -0.2;
}

function dominanceTarget(mind: Mind): number {
  const risk = 1 - (mind.traits[Trait.CAUTION] as number);
  const persistence = mind.traits[Trait.PERSISTENCE] as number;
  const body = 0.4 * (mind.energy - 0.5) + 0.6 * (mind.safety - 0.5);
  return 0.5 + body + 0.3 * (risk - 0.5) + 0.2 * (persistence - 0.5);
}

/** The word for a mood. */
export function labelOf(arousal: number, valence: number, intensity: number): string {
  if (intensity < INTENSITY_MIN) return "NEUTRAL";
  if (arousal > 0.7) {
    if (valence > 0.3) return "EXCITED";
    if (valence < -0.3) return arousal > 0.85 ? "STARTLED" : "ANXIOUS";
    return "CURIOUS";
  }
  if (arousal > 0.4) {
    if (valence > 0.2) return "CURIOUS";
    return valence < -0.2 ? "CONFUSED" : "NEUTRAL";
  }
  if (valence > 0.3) return "CONTENT";
  return valence < -0.2 ? "BORED" : "NEUTRAL";
}

function showLabel(mind: Mind, label: string): void {
  if (label !== mind.emotionNext) {
    mind.emotionNext = label;
    mind.emotionNextMs = mind.nowMs;
  }
  if (label === mind.emotion || mind.nowMs - mind.emotionNextMs < LABEL_HOLD_MS) return;
  mind.emotion = label;
  mind.causes.noteCause(Event.FELT, Reason.EMOTION, (mind.valence + 1) / 2, mind.nowMs);
}
