/**
 * What happens to the robot: faces that come and go, observations of the scene, words of the companion. Everything
 * that comes in a stream counts by the time it stands for and not by the message, so that a fast sender does
 * not make it three times as happy.
 */
import { clampUnit } from "../../src/wire/clamp.js";
import { Act, Event, Reason, Trait, Trigger } from "./names.js";
import { NEVER_MS } from "./mind.js";
import type { Mind, MindInputs } from "./mind.js";
import { describeTarget, request, TARGET_MS_MAX } from "./acts.js";
import { nudge } from "./emotion.js";
import { wonderAt } from "./inner.js";
import { feed, makeSafer } from "./needs.js";
import { addNovelty, binOf, noteDistance, seeNovelty } from "./space.js";
import { fire, noteSpoken } from "./urge.js";

/** Nobody there for this long: they have left. */
const LEFT_MS = 5000;
/** Back within this time: it is the same person. */
const KNOWN_MS = 600_000;
const STAYED_MS = 30_000;
/** While the head turns the picture changes because of it: that is nothing new. */
const OWN_MOTION_MS = 700;
/** More than this from one step (200 ms) to the next is turning. */
const OWN_MOTION_DEG = 2;
/** The old sender's pace; a message stands for at most a second. */
const MESSAGES_PER_S = 3;

/** The parts of an observation (`VisionReport` of `src/wire/vision.ts`) that are felt. */
export interface Scene {
  form: "compact" | "long";
  hasFace: boolean;
  faceCount: number;
  expression: string;
  /** 0..1. */
  novelty: number;
  motion: number;
  change: string;
  /** 0..5. */
  interest: number;
  /** -1 none, 0 center, 1 left, 2 right, 3 up, 4 down. */
  interestDirection: number;
  objects: readonly { baseDeg: number; nodDeg: number }[];
}

/** Knows where the head points and whether it is turning. Called each step. */
export function senseSelf(mind: Mind, inputs: MindInputs): void {
  if (Math.abs(inputs.baseDeg - mind.baseDeg) > OWN_MOTION_DEG) mind.movedMs = mind.nowMs;
  mind.baseDeg = inputs.baseDeg;
}

/** Follows who is there. Called each step. */
export function senseFaces(mind: Mind, inputs: MindInputs): void {
  if (inputs.hasFace) {
    const bin = binOf(inputs.faceBaseDeg);
    if (!mind.hadFace) {
      mind.hadFace = true;
      const isKnown = mind.nowMs - mind.faceSeenMs < KNOWN_MS;
      mind.faceSinceMs = mind.nowMs;
      faceCame(mind, bin, isKnown);
    }
    const change = noteDistance(mind, bin, inputs.faceCm, mind.nowMs);
    if (change > 50 && inputs.faceCm < 40) startle(mind, change / 100);
    mind.faceSeenMs = mind.nowMs;
  } else if (mind.hadFace && mind.nowMs - mind.faceSeenMs > LEFT_MS) {
    mind.hadFace = false;
    faceWent(mind);
  }
}

function faceCame(mind: Mind, bin: number, isKnown: boolean): void {
  const curiosity = mind.traits[Trait.CURIOSITY] as number;
  const sociability = mind.traits[Trait.SOCIABILITY] as number;
  addNovelty(mind, bin, isKnown ? 0.2 : 0.35);
  nudge(mind, 0.15, 0.2, 0);
  if (isKnown) fire(mind, Trigger.FACE_RECOGNIZED, 0.8 + 0.2 * sociability);
  else fire(mind, Trigger.FACE_APPEARED, 0.6 + 0.2 * curiosity);
  mind.chooseMs = NEVER_MS;
}

function faceWent(mind: Mind): void {
  const sociability = mind.traits[Trait.SOCIABILITY] as number;
  const stayed = mind.faceSeenMs - mind.faceSinceMs > STAYED_MS ? 0.2 : 0;
  nudge(mind, 0, -0.1, 0);
  fire(mind, Trigger.FACE_LEFT, 0.4 + 0.3 * sociability + stayed);
}

/** A fright of a size 0..1. */
export function startle(mind: Mind, size: number): void {
  const fright = clampUnit(size);
  mind.jolt = Math.max(mind.jolt, fright);
  makeSafer(mind, -0.35 * fright);
  nudge(mind, 0.4 * fright, -0.6 * fright, -0.3 * fright);
  mind.causes.noteCause(Event.FELT, Reason.STARTLED, fright, mind.nowMs);
  // A fright does not wait for the next regular choice.
  mind.chooseMs = NEVER_MS;
}

/** An observation of the scene, compact or long. */
export function senseScene(mind: Mind, scene: Scene): void {
  const baseDeg = mind.baseDeg;
  const gapS = Math.min(1, Math.max(0, (mind.nowMs - mind.visionMs) / 1000));
  mind.visionMs = mind.nowMs;
  mind.visionAge = 0;
  const isOwnMotion = mind.nowMs - mind.movedMs < OWN_MOTION_MS;
  if (scene.form === "compact") {
    if (!isOwnMotion) sensePicture(mind, scene, baseDeg);
    if (scene.hasFace) feel(mind, scene.expression, gapS * MESSAGES_PER_S);
    // Several people satisfy more than one.
    if (scene.faceCount > 1) feed(mind, "social", 0.02 * scene.faceCount * gapS);
    return;
  }
  if (scene.hasFace) feel(mind, scene.expression, MESSAGES_PER_S);
  if (scene.novelty > 0.3 && !isOwnMotion) {
    feed(mind, "stimulation", 0.1 * scene.novelty);
    nudge(mind, 0.15 * scene.novelty, 0, 0);
  }
  senseChange(mind, scene, baseDeg);
}

/** Difference of pictures: novelty where it looks, liveliness, and a start when it comes out of nowhere. */
function sensePicture(mind: Mind, scene: Scene, baseDeg: number): void {
  if (scene.novelty > 0.02) seeNovelty(mind, binOf(baseDeg), scene.novelty, mind.nowMs);
  if (scene.novelty > 0.6 && mind.dynamism < 0.25) startle(mind, scene.novelty);
  mind.dynamism = Math.max(mind.dynamism, scene.motion);
  if (scene.novelty > 0.5) wonderAt(mind, scene.novelty);
}

function senseChange(mind: Mind, scene: Scene, baseDeg: number): void {
  const curiosity = mind.traits[Trait.CURIOSITY] as number;
  if (scene.change === "investigation_result") {
    feed(mind, "stimulation", 0.2);
    nudge(mind, 0.06, 0.18, 0.06);
    mind.hasVisionTarget = false;
    describeTarget(mind);
    return;
  }
  if (scene.change === "new_object" || scene.interest >= 3) aim(mind, scene, baseDeg);
  if (scene.change === "new_object") {
    addNovelty(mind, binOf(baseDeg), 0.4);
    fire(mind, Trigger.COMMENTARY, 0.5 + 0.3 * curiosity);
  } else if (scene.change === "person_appeared") addNovelty(mind, binOf(baseDeg), 0.3);
  else if (scene.change === "person_left") addNovelty(mind, binOf(baseDeg), 0.15);
}

/** Where the interesting thing is: the object's own angles, or a direction from where it looks now. */
function aim(mind: Mind, scene: Scene, baseDeg: number): void {
  const object = scene.objects[0];
  if (object !== undefined) {
    mind.targetBaseDeg = object.baseDeg;
    mind.targetNodDeg = object.nodDeg;
  } else {
    mind.targetBaseDeg = baseDeg;
    mind.targetNodDeg = 115;
    if (scene.interestDirection === 1) mind.targetBaseDeg = baseDeg + 25;
    else if (scene.interestDirection === 2) mind.targetBaseDeg = baseDeg - 25;
    else if (scene.interestDirection === 3) mind.targetNodDeg = 98;
    else if (scene.interestDirection === 4) mind.targetNodDeg = 132;
  }
  mind.hasVisionTarget = true;
  mind.targetMs = mind.nowMs;
}

/** Forgets a target nobody looked at in time, and counts the age of the last observation. */
export function ageVision(mind: Mind): void {
  const ageS = Math.floor((mind.nowMs - mind.visionMs) / 1000);
  mind.visionAge = Math.min(9999, ageS);
  const isInUse = mind.act === Act.INVESTIGATE;
  if (!isInUse && mind.nowMs - mind.targetMs > TARGET_MS_MAX) mind.hasVisionTarget = false;
}

/** Expressions that are felt, and what a message of the old sender with each adds, in hundredths. */
const FELT = ["happy", "smiling", "surprised", "raised_brows", "frowning", "angry", "sad"];
const FELT_AROUSAL = [2, 2, 6, 3, 2, 5, -2];
const FELT_VALENCE = [5, 5, 1, 0, -3, -5, -4];
const FELT_DOMINANCE = [0, 0, 0, 0, -1, -2, 0];

/** An expression seen; `strength` 1 is one message of the old sender. */
function feel(mind: Mind, expression: string, strength: number): void {
  const i = FELT.indexOf(expression);
  if (i < 0) return;
  const share = strength / 100;
  const arousal = (FELT_AROUSAL[i] as number) * share;
  const valence = (FELT_VALENCE[i] as number) * share;
  nudge(mind, arousal, valence, (FELT_DOMINANCE[i] as number) * share);
}

/** PRESENCE: the companion knows that somebody is here. */
export function sensePresence(mind: Mind): void {
  if (mind.nowMs - mind.faceSeenMs > KNOWN_MS) {
    fire(mind, Trigger.GREETING, 0.6 + 0.25 * (mind.traits[Trait.SOCIABILITY] as number));
  }
  mind.social = clampUnit(mind.social - 0.15);
  makeSafer(mind, 0.12);
}

/** SPOKE: the companion has said what was on its mind. */
export function senseSpoken(mind: Mind): void {
  noteSpoken(mind);
  feed(mind, "stimulation", 0.1);
}

/** The contract of `body/silence.ts` moved on: it shows that the companion is gone, and that it is back. */
export function senseCompanion(mind: Mind, inputs: MindInputs): void {
  const stage = inputs.companion;
  if (stage === mind.companion) return;
  const wasGone = mind.companion === "alone" || mind.companion === "resting";
  mind.companion = stage;
  if (stage === "alone") {
    mind.searchLeft = 4;
    mind.searchDueMs = mind.nowMs;
    mind.causes.noteCause(Event.COMPANION, Reason.COMPANION_GONE, mind.social, mind.nowMs);
    nudge(mind, 0.1, -0.2, 0);
  } else if (stage === "resting") {
    mind.causes.noteCause(Event.COMPANION, Reason.COMPANION_LONG_GONE, mind.social, mind.nowMs);
    mind.chooseMs = NEVER_MS;
  } else if (stage === "here" && wasGone) welcome(mind, inputs);
}

function welcome(mind: Mind, inputs: MindInputs): void {
  mind.searchLeft = 0;
  mind.chooseMs = NEVER_MS;
  mind.causes.noteCause(Event.COMPANION, Reason.COMPANION_BACK, mind.social, mind.nowMs);
  nudge(mind, 0.2, 0.3, 0);
  if (inputs.isTracking || inputs.isAnimating) return;
  request(mind, "acknowledge", 1, 0, Reason.COMPANION_BACK);
}
