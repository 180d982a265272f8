/** Inner state that QUERY shows: tension between two wishes, how sure it is, wondering, self-awareness. */
import { clampUnit } from "../../src/wire/clamp.js";
import { Act, Event, Reason, Trait } from "./names.js";
import { toward } from "./mind.js";
import type { Mind } from "./mind.js";
import { imbalance } from "./needs.js";

const TENSION_PER_S = 0.3;
const AWARENESS_PER_S = 0.02;
/** Calm and comfortable, its thoughts begin to wander about every ten minutes, at least five apart. */
const WONDER_PER_S = 1 / 600;
const WONDER_APART_MS = 300_000;
const WONDER_EVENT_APART_MS = 60_000;
const WONDER_MS_MAX = 45_000;
/** Two wishes count as wishes only from this score on. */
const WISH_MIN = 0.2;

/** Moves tension, self-awareness and wondering on by `dtS` seconds. */
export function stepInner(mind: Mind, dtS: number, chance: number): void {
  const tension = tensionOf(mind);
  mind.tension = clampUnit(toward(mind.tension, tension, TENSION_PER_S, dtS));
  mind.isInConflict = mind.tension > 0.3;
  stepWondering(mind, dtS, chance);
  const curiosity = mind.traits[Trait.CURIOSITY] as number;
  const conflict = mind.isInConflict ? 0.3 * mind.tension : 0;
  const goal = clampUnit(0.3 + 0.3 * curiosity - 0.2 * (mind.arousal - 0.5) + conflict);
  const aware = mind.wondering ? goal + 0.25 : goal;
  mind.selfAwareness = clampUnit(toward(mind.selfAwareness, aware, AWARENESS_PER_S, dtS));
  mind.epistemic = epistemicOf(mind);
}

/** How much the two strongest wishes pull apart, 0..1; 0 unless they are opposites. */
function tensionOf(mind: Mind): number {
  let first = 0;
  let second = 1;
  if ((mind.scores[1] as number) > (mind.scores[0] as number)) {
    first = 1;
    second = 0;
  }
  for (let i = 2; i < mind.scores.length; i++) {
    const score = mind.scores[i] as number;
    if (score > (mind.scores[first] as number)) {
      second = first;
      first = i;
    } else if (score > (mind.scores[second] as number)) second = i;
  }
  const strong = mind.scores[first] as number;
  const weak = mind.scores[second] as number;
  if (weak < WISH_MIN || !areOpposed(first, second)) return 0;
  const caution = mind.traits[Trait.CAUTION] as number;
  const playfulness = mind.traits[Trait.PLAYFULNESS] as number;
  const apart = (strong - weak) / Math.max(strong, 0.01);
  return clampUnit((1 - 2 * apart) * (0.7 + 0.6 * caution) * (1.3 - 0.3 * playfulness));
}

function areOpposed(a: Act, b: Act): boolean {
  if (a > b) return areOpposed(b, a);
  if (b === Act.RETREAT) return a === Act.EXPLORE || a === Act.SOCIAL || a === Act.INVESTIGATE;
  return a === Act.REST && b === Act.PLAY;
}

function stepWondering(mind: Mind, dtS: number, chance: number): void {
  const discomfort = imbalance(mind);
  if (mind.wondering) {
    const isLong = mind.nowMs - mind.wonderSinceMs > WONDER_MS_MAX;
    if (isLong || discomfort > 0.3 || mind.arousal > 0.8) mind.wondering = false;
    return;
  }
  const isCalm =
    discomfort < 0.15 && mind.arousal < 0.5 && mind.valence > -0.2 && mind.safety > 0.65;
  if (!isCalm || mind.nowMs - mind.wonderMs < WONDER_APART_MS) return;
  if (chance < 1 - Math.exp(-WONDER_PER_S * dtS)) beginWondering(mind);
}

function beginWondering(mind: Mind): void {
  mind.wondering = true;
  mind.wonderMs = mind.nowMs;
  mind.wonderSinceMs = mind.nowMs;
  mind.causes.noteCause(Event.FELT, Reason.WONDERING, mind.selfAwareness, mind.nowMs);
}

/** Something large happened round it: that makes it wonder too. */
export function wonderAt(mind: Mind, size: number): void {
  if (size <= 0.7 || mind.wondering) return;
  if (mind.nowMs - mind.wonderMs >= WONDER_EVENT_APART_MS) beginWondering(mind);
}

function epistemicOf(mind: Mind): string {
  const around = mind.mostNovelty;
  if (mind.isInConflict) return "conflicted";
  if (mind.wondering) return "wondering";
  if (around > 0.7 && mind.dynamism > 0.5) return "learning";
  if (mind.dynamism > 0.6 && mind.arousal > 0.6) return "confused";
  if (around > 0.5 || Math.abs(mind.valence) < 0.08) return "uncertain";
  return "confident";
}
