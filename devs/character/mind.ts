/**
 * The character's state: one object, made once, changed in place (the heap is 64 KB). The first group has the
 * names and ranges of QUERY and is read from there directly.
 *
 * Polarity: `social`, `stimulation` and `novelty` are hunger (0 satisfied, 1 starving); `energy` and `safety`
 * are levels (1 is good). Traits, weights and what is known of the space are the arrays of the saved state
 * themselves, so that learning and saving see the same numbers.
 */
import type { MoveName } from "../body/port.js";
import type { CompanionStage } from "../body/silence.js";
import type { SavedState } from "../../src/wire/state.js";
import { Causes } from "./causes.js";
import { Act, Trigger, TRIGGERS } from "./names.js";

/** What the robot perceives of itself and the world, each step. */
export interface MindInputs {
  /** A face was seen within the last 2 s with enough confidence. */
  hasFace: boolean;
  /** Direction of that face, wire degrees, and its distance (0 unknown). */
  faceBaseDeg: number;
  faceCm: number;
  /** Where the head points. */
  baseDeg: number;
  /** The gaze follows a face: movements of the mind yield. */
  isTracking: boolean;
  /** A gesture or loop that somebody asked for runs: they yield too. */
  isAnimating: boolean;
  /** Somebody asked the body for something just now: looks and postures yield, breathing does not. */
  isHeld: boolean;
  /** And that very recently: breathing waits too. */
  isStill: boolean;
  companion: CompanionStage;
}

/** A little movement on top of whatever the head does: goes out, holds, comes back. */
export interface Pulse {
  pan: number;
  nod: number;
  tilt: number;
  startMs: number;
  riseMs: number;
  holdMs: number;
  fallMs: number;
}

export const NEVER_MS = -1e9;

export class Mind {
  // As QUERY shows them.
  arousal = 0.5;
  valence = 0;
  dominance = 0.5;
  emotion = "NEUTRAL";
  behavior = "IDLE";
  stimulation = 0.6;
  social = 0.7;
  novelty = 0.6;
  energy = 0.8;
  safety = 0.7;
  epistemic = "confident";
  tension = 0;
  wondering = false;
  selfAwareness = 0.5;
  speechUrge = 0;
  wantsToSpeak = false;
  speechTrigger = "none";
  hasVisionTarget = false;
  visionAge = 9999;

  /** Causes of the last choices and movements. */
  readonly causes: Causes = new Causes();
  /**
   * The movement to do next ("" none), with what goes with its name; whoever does it clears it. The body does it
   * unless something with more right to the servos is moving.
   */
  motion: MoveName | "" = "";
  motionA = 0;
  motionB = 0;
  motionMs = NEVER_MS;
  /** Something in the saved state changed; whoever saves clears it. */
  isChanged = false;

  // Saved: the arrays of `SavedState`.
  readonly traits: number[];
  readonly weights: number[];
  readonly meanCm: number[];
  readonly binNovelty: number[];
  /** The greatest of them, as of the last second. */
  mostNovelty = 0;
  readonly presence: number[];
  /** With the owner's switch for motion that nobody asked for. */
  readonly saved: SavedState;

  // Behaviour: what runs, since when, and what each scored last.
  act: Act = Act.IDLE;
  actSinceMs: number;
  /** When each behaviour last ended. */
  lastRunMs: number[] = [];
  scores: number[] = [];
  /** Phase of the running behaviour: how many moves it made, when the next is due, how it goes. */
  actMoves = 0;
  actDueMs: number;
  actIsDone = false;
  actBin = 0;
  /** What it is for and valence when it began, for its outcome. */
  begunComfort = 0;
  begunValence = 0;
  retreatsInRow = 0;

  // Space.
  binChange: number[] = [];
  binSeenMs: number[] = [];
  /** How much goes on in front of it, 0..1, and how jumpy the last seconds were. */
  dynamism = 0;
  jolt = 0;

  /** Where the head points, and when it last moved by itself: then a changed picture is nothing new. */
  baseDeg = 90;
  movedMs = NEVER_MS;

  // Somebody.
  hadFace = false;
  faceSinceMs = NEVER_MS;
  faceSeenMs = NEVER_MS;
  /** Events move the emotion for some seconds: added to its targets. */
  nudgeArousal = 0;
  nudgeValence = 0;
  nudgeDominance = 0;
  emotionNext = "NEUTRAL";
  emotionNextMs = 0;

  // Vision.
  visionMs = NEVER_MS;
  targetBaseDeg = 90;
  targetNodDeg = 115;
  targetMs = NEVER_MS;

  // Speech.
  trigger = 0;
  triggerMs: number[] = [];
  spokeMs = NEVER_MS;

  // Inner state.
  wonderMs = NEVER_MS;
  wonderSinceMs = NEVER_MS;
  isInConflict = false;

  // The companion, and the little search when it goes.
  companion: CompanionStage = "here";
  searchLeft = 0;
  searchDueMs = 0;

  // Ambient motion.
  breathPhase = 0;
  breathPerS = 0.2;
  ambientMs: number;
  ambientGain = 0;
  ambientGoal = 0;
  shiftFromDeg = 0;
  shiftToDeg = 0;
  shiftMs = NEVER_MS;
  shiftDueMs: number;
  glanceDueMs: number;
  microDueMs: number;
  quirkDueMs: number;
  readonly pulse: Pulse = {
    pan: 0,
    nod: 0,
    tilt: 0,
    startMs: NEVER_MS,
    riseMs: 1,
    holdMs: 0,
    fallMs: 1,
  };

  // Loops: when each part of the engine ran last.
  fastMs: number;
  slowMs: number;
  chooseMs: number;
  driftMs: number;
  nowMs: number;
  startedMs: number;

  /** Times start at `nowMs`, whatever the uptime is. */
  constructor(saved: SavedState, nowMs: number) {
    this.fastMs = nowMs;
    this.slowMs = nowMs;
    // Never together with the slow loop, which is half a slice by itself.
    this.chooseMs = nowMs + 400;
    this.driftMs = nowMs;
    this.nowMs = nowMs;
    this.startedMs = nowMs;
    this.actSinceMs = nowMs;
    this.actDueMs = nowMs;
    this.ambientMs = nowMs;
    this.shiftDueMs = nowMs + 8000;
    this.glanceDueMs = nowMs + 12_000;
    this.microDueMs = nowMs + 8000;
    this.quirkDueMs = nowMs + 20_000;
    this.traits = saved.traits;
    this.weights = saved.weights;
    this.meanCm = saved.meanCm;
    this.binNovelty = saved.novelty;
    this.presence = saved.presence;
    this.saved = saved;
    for (let i = 0; i < this.weights.length; i++) {
      this.lastRunMs.push(nowMs);
      this.scores.push(0);
    }
    for (let i = 0; i < this.meanCm.length; i++) {
      this.binChange.push(0);
      this.binSeenMs.push(NEVER_MS);
    }
    for (let i = 0; i < TRIGGERS.length; i++) this.triggerMs.push(NEVER_MS);
    // Nobody complains in the moment of waking up.
    this.triggerMs[Trigger.LONELY] = nowMs;
    this.triggerMs[Trigger.BORED] = nowMs;
  }
}

/** How long nobody has been in sight, counted from the start at most. */
export function aloneMs(mind: Mind): number {
  return mind.nowMs - Math.max(mind.faceSeenMs, mind.startedMs);
}

/** `value` on its way to `goal` at `perS`, after `dtS` seconds: never overshoots, however long the step. */
export function toward(value: number, goal: number, perS: number, dtS: number): number {
  return value + (goal - value) * (1 - Math.exp(-perS * dtS));
}
