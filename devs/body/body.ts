/**
 * The body: what commands, faces and ambient motion ask for becomes one commanded pose. It
 * owns the base (posture or gaze), the gesture and loop on top and the motion layer below; it does not own
 * servos. Pure: `step(nowMs)` and nothing waits. Precedence of the base: a tracked face, then the last command.
 *
 * It says itself when it wants its next step (`dueMs`): often while the head moves, seldom while it rests. All of it runs
 * up to fifty times a second, so it keeps what it works on in fields and makes no objects (docs/architecture/budget.md).
 */
import {
  BASE_DEG_CENTER,
  BASE_DEG_MAX,
  BASE_DEG_MIN,
  NOD_DEG_MAX,
  NOD_DEG_MIN,
} from "../../src/wire/limits.js";
import { beatAfter } from "../runtime/scheduler.js";
import { clamp } from "../../src/wire/clamp.js";
import { isOneOf } from "../../src/wire/verbs.js";
import type { Face } from "../../src/wire/face-frame.js";
import { LossCause, Reflex, RestingHead } from "../gaze/reflex.js";
import { GesturePlayer, KEEP, gestureAfter, loopOf, postureOf } from "./gesture.js";
import { Motion } from "./motion.js";
import { GESTURES, LOOPS } from "./port.js";
import type {
  BodyPort,
  BodySense,
  BodyStatus,
  GestureName,
  LoopName,
  MoveName,
  PostureName,
} from "./port.js";
import { Pose, centrePose, zeroPose } from "./pose.js";
import { sineOfTurns } from "./sine.js";

/** While a face is tracked nothing on top of the gaze may pull pan or nod further than this. */
const OVERLAY_DEG_MAX = 8;
/** Share of a loop's swing while a face is tracked. */
const OVERLAY_LOOP_SHARE = 0.4;
/** Pose that expressions are measured from when they become overlays. */
const EXPRESS_PAN_DEG = 90;
const EXPRESS_NOD_DEG = 110;
const EXPRESS_TILT_DEG = 85;
/** Pace of a `LOOK`, a share of the motion caps. */
const LOOK_PACE = 0.8;
const LOOP_PACE = 0.5;

/** A posture's gesture begins when the head is this near, or after this time. */
const PENDING_DEG = 2;
const PENDING_MS_MAX = 1500;
const PENDING_ROUNDS = 2;

/** How long the first step of a head that rested counts. */
const STEP_MS_MIN = 25;
/** Where the next step need not be at a time of its own. */
const BEAT_MS = 100;
/** However fast faces come, no step follows the last within this share of the period: servos are told nothing sooner. */
const SOON_SHARE = 0.8;
/** While the gaze waits for a face (hold, way back) its times are looked at so often. */
const WAIT_MS = 100;

/** How long a followed face waits once the owner's movement is done. */
const YIELD_MS = 2000;

/** Periods in ms, to be changed from outside: while the head moves, and while it rests. */
export interface BodyPeriods {
  moving: number;
  resting: number;
}

export class Body implements BodyPort, RestingHead {
  /** Small motion on top of everything, degrees: whoever owns it changes it in place before a step. */
  readonly ambient: Pose = zeroPose();
  readonly periods: BodyPeriods = { moving: STEP_MS_MIN, resting: WAIT_MS };
  /** When the next step is due; an earlier one does no harm. */
  dueMs = 0;
  readonly reflex: Reflex;
  private readonly motion: Motion;
  private readonly gestures: GesturePlayer;
  /** Posture or gaze, the sum of all that is on top of it, and both together. */
  private readonly base: Pose = centrePose();
  private readonly top: Pose = zeroPose();
  private readonly target: Pose = centrePose();
  private basePace = 1;
  private loopName: LoopName = "none";
  private loopSinceMs = 0;
  private pendingGesture: GestureName | "" = "";
  private pendingSinceMs = 0;
  private heldUntilMs = 0;
  /** A face was followed when the owner moved the head: it counts as followed meanwhile. */
  private isYielding = false;
  private nowMs = 0;
  private answeredMs = 0;
  /** The last step moved an axis. */
  private isUnderway = false;

  /**
   * @param bodyLagMs from a commanded angle to the head being there (the servo bus knows).
   * @param chance a number in [0, 1).
   */
  constructor(bodyLagMs: number, chance: () => number) {
    this.reflex = new Reflex(bodyLagMs);
    this.motion = new Motion(this.base);
    this.gestures = new GesturePlayer(chance);
  }

  move(name: MoveName, a: number, b: number): void {
    this.dueMs = 0;
    // Ending a loop moves nothing, nor does a fresh start of the gaze.
    if (name !== "none" && name !== "reset" && !this.isYielding) this.heldUntilMs = 0;
    if (name === "look") this.look(a, b);
    else if (name === "hold") this.hold(a);
    else if (name === "yield") this.yieldGaze();
    else if (name === "reset") this.reflex.reset();
    else if (isOneOf(GESTURES, name)) this.gesture(name, a);
    else if (isOneOf(LOOPS, name)) this.loop(name);
    else this.posture(name);
  }

  isHolding(): boolean {
    return this.nowMs < this.heldUntilMs;
  }

  /**
   * A valid face; `dueMs` then says when to answer it. False: nothing is to be done, as it is too old (counted by the reflex),
   * the head is held, or it already looks there.
   */
  followFace(face: Face, nowMs: number): boolean {
    const { reflex } = this;
    if (nowMs < this.heldUntilMs || !reflex.see(face, nowMs)) return false;
    if (!this.isUnderway && !reflex.isAway(nowMs)) return false;
    const soonMs = this.isUnderway ? this.nowMs + this.periods.moving * SOON_SHARE : nowMs;
    if (soonMs < this.dueMs) this.dueMs = soonMs;
    return true;
  }

  /**
   * A face has been answered with a step. Those of a steady sender move the head by themselves: the next step without one
   * is due later, with the beat of the other jobs, so that nothing else wakes the machine.
   */
  expectFace(nowMs: number): void {
    const { moving } = this.periods;
    if (nowMs - this.answeredMs <= 2 * moving)
      this.dueMs = beatAfter(nowMs + moving + moving / 2, BEAT_MS);
    this.answeredMs = nowMs;
  }

  /** How long from a face to the next that there is a use for, ms: while the head moves servos are told nothing sooner. */
  facePauseMs(): number {
    return this.isUnderway ? this.periods.moving : 0;
  }

  /** The intake says, after its debounce, that nobody is there. */
  dropFace(): void {
    this.dueMs = 0;
    this.reflex.lose(this);
  }

  /** Moves on to `nowMs`. The commanded pose is then `pose()`, always within limits. */
  step(nowMs: number): void {
    const { reflex, gestures, motion, base, top, target, ambient } = this;
    // A head that rested sets out at once: how long it has rested does not matter.
    const dtMs = this.isUnderway ? nowMs - this.nowMs : STEP_MS_MIN;
    this.nowMs = nowMs;
    const isGazing = reflex.step(nowMs, this);
    if (isGazing) {
      base.pan = reflex.panDeg;
      base.nod = reflex.nodDeg;
      this.basePace = reflex.pace;
    }
    if (this.pendingGesture !== "") this.startPending();
    if (this.isYielding) {
      // A loop swings for as long as somebody talks: nobody waits for that.
      if (gestures.isPlaying || (this.loopName === "none" && this.awayDeg() > PENDING_DEG))
        this.heldUntilMs = nowMs + YIELD_MS;
      else if (nowMs >= this.heldUntilMs) this.isYielding = false;
    }
    const isOnFace = reflex.isOnFace();
    let pan = ambient.pan;
    let nod = ambient.nod;
    let tilt = ambient.tilt;
    if (this.loopName !== "none") {
      const share = isOnFace ? OVERLAY_LOOP_SHARE : 1;
      const turns = loopOf(this.loopName);
      const t = (nowMs - this.loopSinceMs) / 1000;
      pan += share * turns.panDeg * sineOfTurns(t / turns.panS);
      nod += share * turns.nodDeg * sineOfTurns(t / turns.nodS);
      tilt += share * turns.tiltDeg * sineOfTurns(t / turns.tiltS);
    }
    if (gestures.isPlaying && gestures.step(nowMs, this.awayDeg())) {
      pan += gestures.pan;
      nod += gestures.nod;
      tilt += gestures.tilt;
    }
    if (isOnFace) {
      if (pan !== 0) pan = small(pan);
      if (nod !== 0) nod = small(nod);
    }
    top.pan = pan;
    top.nod = nod;
    top.tilt = tilt;
    target.pan = base.pan + pan;
    target.nod = base.nod + nod;
    target.tilt = base.tilt + tilt;
    // Gestures are quick whatever the pace of the base under them.
    const pace = gestures.isPlaying ? 1 : this.basePace;
    if (pace !== motion.pace) motion.setPace(pace);
    const wasUnderway = this.isUnderway;
    const fromPan = motion.pan.pos;
    const fromNod = motion.nod.pos;
    this.isUnderway = isGazing
      ? motion.step(target, reflex.panDegPerS, reflex.nodDegPerS, dtMs)
      : motion.step(target, 0, 0, dtMs);
    const panDeg = motion.pan.pos;
    const nodDeg = motion.nod.pos;
    if (panDeg !== fromPan || nodDeg !== fromNod) {
      // Where it rested until now, or the way from the last pose would seem to have taken all the time since.
      if (!wasUnderway && this.isUnderway) reflex.record(nowMs - dtMs, fromPan, fromNod);
      reflex.record(nowMs, panDeg, nodDeg);
    }
    this.dueMs = this.nextStepMs(nowMs);
  }

  /** The commanded pose, the same object each time: degrees, fractions kept. */
  pose(): Pose {
    return this.motion.pose();
  }

  isFollowing(): boolean {
    return this.isYielding || this.reflex.isOnFace();
  }

  /** Why tracking ended since the last call, "" when it did not: to be logged. */
  takeLoss(): LossCause | "" {
    return this.reflex.takeEnd();
  }

  /** What the character perceives of the body. Somebody who holds the head still counts as an animation. */
  sense(): BodySense {
    return {
      baseDeg: this.motion.pan.pos,
      isTracking: this.isFollowing(),
      isAnimating: this.isAnimating() || this.isHolding(),
    };
  }

  /** State of now, for whoever asks. */
  status(): BodyStatus {
    const { reflex, target } = this;
    const isTracking = this.isFollowing();
    const pose = this.motion.pose();
    return {
      pose,
      isTracking,
      isAnimating: this.isAnimating(),
      trackingError: reflex.errorPx(),
      pidPan: isTracking ? target.pan - pose.pan : 0,
      pidTilt: isTracking ? target.nod - pose.nod : 0,
    };
  }

  /** The base that keeps the head where it would come to rest now; what is on top of it is not counted in. */
  restPan(): number {
    return this.motion.pan.stopDeg() - this.top.pan;
  }

  restNod(): number {
    return this.motion.nod.stopDeg() - this.top.nod;
  }

  /** Eased move to wire degrees, tilt unchanged. */
  look(baseDeg: number, nodDeg: number): void {
    this.moveBase(baseDeg, nodDeg, this.base.tilt, LOOK_PACE);
  }

  posture(name: PostureName): void {
    const [pan, nod, tilt, pace, away, nodBy] = postureOf(name);
    const then = gestureAfter(name);
    if (this.reflex.isOnFace()) {
      // Shown on top of the gaze for a while, small in pan and nod.
      if (then === "celebrate") this.gestures.play(then, 1, this.nowMs);
      else
        this.gestures.overlay(
          pan === KEEP ? 0 : small(pan - EXPRESS_PAN_DEG),
          nod === KEEP ? 0 : small(nod - EXPRESS_NOD_DEG),
          tilt === KEEP ? 0 : tilt - EXPRESS_TILT_DEG,
          this.nowMs,
        );
      return;
    }
    const { base } = this;
    const panAway = base.pan < BASE_DEG_CENTER ? away : -away;
    this.moveBase(
      pan === KEEP ? base.pan + panAway : pan,
      nod === KEEP ? base.nod + nodBy : nod,
      tilt === KEEP ? base.tilt : tilt,
      pace / 100,
    );
    this.pendingGesture = then;
    this.pendingSinceMs = this.nowMs;
  }

  gesture(name: GestureName, count: number): void {
    this.pendingGesture = "";
    this.gestures.play(name, count, this.nowMs);
  }

  loop(name: LoopName): void {
    if (name === this.loopName) return;
    this.dueMs = 0;
    this.loopName = name;
    this.loopSinceMs = this.nowMs;
    if (name === "none" || this.isFollowing()) return;
    const centre = loopOf(name);
    this.reflex.letGo();
    this.base.pan = centre.pan;
    this.base.nod = centre.nod;
    this.base.tilt = centre.tilt;
    this.basePace = LOOP_PACE;
  }

  private isAnimating(): boolean {
    return this.loopName !== "none" || this.gestures.isPlaying;
  }

  private nextStepMs(nowMs: number): number {
    const { moving, resting } = this.periods;
    if (this.isUnderway || this.pendingGesture !== "" || this.isAnimating()) return nowMs + moving;
    return beatAfter(nowMs, resting > WAIT_MS && this.reflex.isAwake() ? WAIT_MS : resting);
  }

  /** Stops where the head is and stays there for so many seconds, also before a face. */
  private hold(seconds: number): void {
    this.loopName = "none";
    this.isYielding = false;
    // Or the silence that follows would bring the head back to the centre.
    this.reflex.endTracking();
    const restTilt = this.motion.tilt.stopDeg() - this.top.tilt;
    this.moveBase(this.restPan(), this.restNod(), restTilt, 1);
    this.heldUntilMs = this.nowMs + seconds * 1000;
  }

  private moveBase(pan: number, nod: number, tilt: number, pace: number): void {
    const { base } = this;
    this.reflex.letGo();
    this.gestures.stop();
    this.pendingGesture = "";
    base.pan = clamp(pan, BASE_DEG_MIN, BASE_DEG_MAX);
    base.nod = clamp(nod, NOD_DEG_MIN, NOD_DEG_MAX);
    base.tilt = tilt;
    this.basePace = pace;
  }

  private yieldGaze(): void {
    if (!this.isFollowing()) return;
    this.reflex.endTracking();
    this.reflex.letGo();
    this.isYielding = true;
    this.heldUntilMs = this.nowMs + YIELD_MS;
  }

  private startPending(): void {
    if (this.awayDeg() > PENDING_DEG && this.nowMs - this.pendingSinceMs < PENDING_MS_MAX) return;
    // Only a head that is shaken does it more than once.
    this.gestures.play(this.pendingGesture as GestureName, PENDING_ROUNDS, this.nowMs);
    this.pendingGesture = "";
  }

  /** How far the axis that is furthest off still is from base and what is on top of it. */
  private awayDeg(): number {
    const { base, top, motion } = this;
    const pan = Math.abs(base.pan + top.pan - motion.pan.pos);
    const nod = Math.abs(base.nod + top.nod - motion.nod.pos);
    const tilt = Math.abs(base.tilt + top.tilt - motion.tilt.pos);
    // The VM's Math.max takes two arguments and ignores the rest.
    return Math.max(pan, Math.max(nod, tilt));
  }
}

function small(deg: number): number {
  return clamp(deg, -OVERLAY_DEG_MAX, OVERLAY_DEG_MAX);
}
