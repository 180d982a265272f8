/**
 * What makes it want to speak. The strongest trigger wins and fades when the moment passes; a trigger that has
 * fired rests for its cooldown. Intensities are such that each of them can reach the threshold with Buddy's own
 * traits (five of the old ones never could).
 */
import { Act, Event, Reason, Trait, Trigger, TRIGGERS } from "./names.js";
import { aloneMs, toward } from "./mind.js";
import type { Mind, MindInputs } from "./mind.js";

export const URGE_MIN = 0.7;
/** Below this the trigger is forgotten. */
const FORGET_BELOW = 0.1;
/** A wish to speak lasts about half a minute above the threshold; after having spoken it goes sooner. */
const FADE_PER_S = 0.003;
const FADE_SPOKEN_PER_S = 0.013;
const SPOKEN_MS = 120_000;
/** A moment that passed by unspoken: once below the threshold it is over within a minute. */
const FADE_MISSED_PER_S = 0.03;

/** Rest of each trigger after it has fired, s, in the order of `TRIGGERS`. */
const COOLDOWN_S = [0, 300, 300, 60, 300, 300, 300, 180, 30, 300, 120, 600, 120];
/** What a cause says of it, in the same order. */
const REASONS: readonly Reason[] = [
  Reason.EMOTION, // none
  Reason.SOMEBODY, // face_recognized
  Reason.SOMEBODY, // face_appeared
  Reason.SOMEBODY, // face_left
  Reason.COMPANY, // lonely
  Reason.STIMULATION, // bored
  Reason.WONDERING, // wondering
  Reason.EMOTION, // conflict
  Reason.STARTLED, // startled
  Reason.EMOTION, // content
  Reason.SOMETHING_NEW, // discovery
  Reason.SOMEBODY, // greeting
  Reason.SOMETHING_NEW, // commentary
];
const LONELY_AFTER_MS = 180_000;

/** Something gives reason to speak. Ignored while that trigger rests or something stronger is on its mind. */
export function fire(mind: Mind, trigger: Trigger, intensity: number): void {
  const restMs = restMsOf(mind, trigger);
  if (mind.nowMs - (mind.triggerMs[trigger] as number) < restMs) return;
  if (!(intensity > mind.speechUrge)) return;
  mind.trigger = trigger;
  mind.speechUrge = Math.min(1, intensity);
  mind.speechTrigger = TRIGGERS[trigger] as string;
  // A wish that is still growing does not use up its turn.
  if (mind.speechUrge >= URGE_MIN) {
    mind.triggerMs[trigger] = mind.nowMs;
    const reason = REASONS[trigger] as Reason;
    mind.causes.noteCause(Event.SPEECH, reason, mind.speechUrge, mind.nowMs);
  }
  show(mind);
}

/** Who has nobody to hear it calls less and less often. */
function restMsOf(mind: Mind, trigger: Trigger): number {
  const restMs = (COOLDOWN_S[trigger] as number) * 1000;
  return trigger === Trigger.LONELY ? restMs * (1 + aloneMs(mind) / 1_800_000) : restMs;
}

/** The companion has spoken for it: the wish is fulfilled. */
export function noteSpoken(mind: Mind): void {
  mind.triggerMs[mind.trigger] = mind.nowMs;
  mind.speechUrge = 0;
  mind.spokeMs = mind.nowMs;
  show(mind);
}

/** Lets the urge fade for `dtS` seconds and looks for triggers that are states, not moments. */
export function stepUrge(mind: Mind, inputs: MindInputs, dtS: number): void {
  let perS = mind.nowMs - mind.spokeMs < SPOKEN_MS ? FADE_SPOKEN_PER_S : FADE_PER_S;
  if (mind.speechUrge < URGE_MIN) perS = Math.max(perS, FADE_MISSED_PER_S);
  mind.speechUrge = toward(mind.speechUrge, 0, perS, dtS);
  const curiosity = mind.traits[Trait.CURIOSITY] as number;
  const sociability = mind.traits[Trait.SOCIABILITY] as number;
  if (!inputs.hasFace && aloneMs(mind) > LONELY_AFTER_MS && mind.social > 0.6) {
    fire(mind, Trigger.LONELY, mind.social * (0.55 + 0.4 * sociability));
  }
  const around = mind.mostNovelty;
  if (mind.stimulation > 0.55 && around < 0.2 && mind.act !== Act.REST) {
    fire(mind, Trigger.BORED, 0.33 + 0.3 * curiosity + 0.3 * mind.stimulation);
  }
  if (mind.wondering) fire(mind, Trigger.WONDERING, 0.5 + 0.3 * curiosity);
  if (mind.tension > 0.6) fire(mind, Trigger.CONFLICT, 0.45 + 0.4 * mind.tension);
  if (mind.arousal > 0.8 && mind.valence < -0.2) fire(mind, Trigger.STARTLED, 0.85);
  if (mind.valence > 0.5 && mind.arousal > 0.3 && mind.arousal < 0.6) {
    fire(mind, Trigger.CONTENT, 0.45 + 0.5 * mind.valence);
  }
  if (around > 0.7) fire(mind, Trigger.DISCOVERY, 0.4 * around + 0.5 * curiosity);
  show(mind);
}

function show(mind: Mind): void {
  if (mind.speechUrge < FORGET_BELOW) {
    mind.trigger = Trigger.NONE;
    mind.speechTrigger = TRIGGERS[Trigger.NONE];
  }
  mind.wantsToSpeak = mind.speechUrge >= URGE_MIN && mind.trigger !== Trigger.NONE;
}
