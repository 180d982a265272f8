/**
 * The body: what commands, faces and ambient motion ask for becomes one commanded pose, 50 times a second. It
 * owns the base (posture or gaze), the gesture and loop on top and the motion layer below; it does not own
 * servos. Pure: `step(nowMs)` and nothing waits. Precedence of the base: a tracked face, then the last command.
 */
import { clamp } from "../../src/wire/clamp.js";
import {
  BASE_DEG_CENTER,
  BASE_DEG_MAX,
  BASE_DEG_MIN,
  NOD_DEG_MAX,
  NOD_DEG_MIN,
} from "../../src/wire/limits.js";
import { FaceSight, LossCause, Reflex } from "../gaze/reflex.js";
import { GesturePlayer, KEEP, gestureAfter, loopCentre, loopOffset, postureOf } from "./gesture.js";
import { Motion } from "./motion.js";
import { isOneOf } from "../../src/wire/verbs.js";
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

/** A posture's gesture begins when the head is this near, or after this time. */
const PENDING_DEG = 2;
const PENDING_MS_MAX = 1500;
const PENDING_ROUNDS = 2;
/** Smooth offsets are slower than this; the talking nod has 17 °/s. */
const SWAY_DEG_PER_S_MAX = 40;

/** An axis this far from its target is on its way. */
const UNDERWAY_DEG = 0.3;

/** What a posture's line holds: pan, nod, tilt, pace, away, by. */
type SixNumbers = [number, number, number, number, number, number];

export class Body implements BodyPort {
  /** Small motion on top of everything, degrees: whoever owns it changes it in place. */
  ambient: Pose = zeroPose();
  readonly reflex: Reflex;
  private readonly motion: Motion;
  private readonly gestures: GesturePlayer;
  private base: Pose = centrePose();
  private basePace = 1;
  /** Speed of the base: of the face that is followed. */
  private baseDegPerS: Pose = zeroPose();
  /** Sum of all that is on top of the base. */
  private top: Pose = zeroPose();
  /** The part of it that moves smoothly, loop and ambient, at the last step. */
  private sway: Pose = zeroPose();
  private loopName: LoopName = "none";
  private loopSinceMs = 0;
  private pendingGesture: GestureName | "" = "";
  private pendingSinceMs = 0;
  private heldUntilMs = 0;
  private nowMs = 0;
  private isFirstStep = true;

  /**
   * @param bodyLagMs from a commanded angle to the head being there (the servo bus knows).
   * @param chance a number in [0, 1).
   */
  constructor(bodyLagMs: number, chance: () => number) {
    this.reflex = new Reflex(bodyLagMs);
    this.motion = new Motion(centrePose());
    this.gestures = new GesturePlayer(chance);
  }

  move(name: MoveName, a: number, b: number): void {
    // Ending a loop moves nothing, nor does a fresh start of the gaze.
    if (name !== "none" && name !== "reset") this.heldUntilMs = 0;
    if (name === "look") this.lookAt(a, b);
    else if (name === "hold") this.holdStill(a);
    else if (name === "reset") this.reflex.resetGaze();
    else if (isOneOf(GESTURES, name)) this.startGesture(name, a);
    else if (isOneOf(LOOPS, name)) this.loop(name);
    else this.posture(name);
  }

  /** Stops where the head is and stays there for so many seconds, also before a face. */
  private holdStill(seconds: number): void {
    this.loopName = "none";
    // Or the silence that follows would bring the head back to the centre.
    this.reflex.endTracking();
    this.moveBase(this.restBase(), 1);
    this.heldUntilMs = this.nowMs + seconds * 1000;
  }

  isHolding(): boolean {
    return this.nowMs < this.heldUntilMs;
  }

  lookAt(baseDeg: number, nodDeg: number): void {
    this.moveBase({ pan: baseDeg, nod: nodDeg, tilt: this.base.tilt }, LOOK_PACE);
  }

  posture(name: PostureName): void {
    const spec = postureOf(name);
    if (this.reflex.isOnFace()) {
      this.expressOver(spec, gestureAfter(name));
      return;
    }
    const { base } = this;
    const [pan, nod, tilt, pace, away, nodBy] = spec as SixNumbers;
    const panAway = base.pan < BASE_DEG_CENTER ? away : -away;
    this.moveBase(
      {
        pan: pan === KEEP ? base.pan + panAway : pan,
        nod: nod === KEEP ? base.nod + nodBy : nod,
        tilt: tilt === KEEP ? base.tilt : tilt,
      },
      pace / 100,
    );
    this.pendingGesture = gestureAfter(name);
    this.pendingSinceMs = this.nowMs;
  }

  startGesture(name: GestureName, count: number): void {
    this.pendingGesture = "";
    this.gestures.play(name, count, this.nowMs);
  }

  loop(name: LoopName): void {
    if (name === this.loopName) return;
    this.loopName = name;
    this.loopSinceMs = this.nowMs;
    if (name === "none" || this.reflex.isOnFace()) return;
    this.reflex.letGo();
    this.base = loopCentre(name);
    this.basePace = 0.5;
  }

  /** A valid face datagram. False: too old, not acted on (counted by the reflex). */
  followFace(sight: FaceSight, nowMs: number): boolean {
    return !this.isHolding() && this.reflex.seeFace(sight, nowMs);
  }

  /** The intake says, after its debounce, that nobody is there. */
  dropFace(): void {
    this.reflex.loseFace(this.restBase());
  }

  /** Moves on to `nowMs` and returns the commanded pose, always within limits. */
  step(nowMs: number): Pose {
    const dtMs = this.isFirstStep ? 0 : nowMs - this.nowMs;
    this.isFirstStep = false;
    this.nowMs = nowMs;
    this.followGaze(nowMs);
    const awayDeg = this.awayDeg();
    this.startPending(awayDeg);
    const gesture = this.gestures.stepGesture(nowMs, awayDeg);
    const sway = this.swayAt(nowMs);
    const top = sumOf(gesture, sway);
    if (this.reflex.isOnFace()) {
      top.pan = small(top.pan);
      top.nod = small(top.nod);
    }
    this.top = top;
    const pose = this.targetPose();
    const degPerS = this.targetSpeed(sway, dtMs);
    this.sway = sway;
    // Gestures are quick whatever the pace of the base under them.
    const pace = this.gestures.isPlaying() ? 1 : this.basePace;
    this.motion.stepMotion({ pose, degPerS, pace }, dtMs);
    const commanded = this.motion.poseNow();
    this.reflex.recordPose(nowMs, commanded);
    return commanded;
  }

  isFollowing(): boolean {
    return this.reflex.isOnFace();
  }

  /** Whether the head is on its way to somewhere. */
  isUnderway(): boolean {
    return this.awayDeg() > UNDERWAY_DEG;
  }

  /** Why tracking ended since the last call, "" when it did not: to be logged. */
  takeLoss(): LossCause | "" {
    return this.reflex.takeEnd();
  }

  /** What the mind perceives of the body. Somebody who holds the head still counts as an animation. */
  sense(): BodySense {
    return {
      baseDeg: this.motion.poseNow().pan,
      isTracking: this.reflex.isOnFace(),
      isAnimating: this.loopName !== "none" || this.gestures.isPlaying() || this.isHolding(),
    };
  }

  /** State of now, for whoever asks. */
  bodyStatus(): BodyStatus {
    const isTracking = this.reflex.isOnFace();
    const pose = this.motion.poseNow();
    return {
      pose,
      isTracking,
      isAnimating: this.loopName !== "none" || this.gestures.isPlaying(),
      reflex: this.reflex.reflexState(),
      faceSeq: this.reflex.lastSeq,
      faceAgeMs: this.reflex.ageOfFaceMs(this.nowMs),
      trackingError: this.reflex.errorPx(),
      pidPan: isTracking ? this.base.pan + this.top.pan - pose.pan : 0,
      pidTilt: isTracking ? this.base.nod + this.top.nod - pose.nod : 0,
    };
  }

  private moveBase(pose: Pose, pace: number): void {
    this.reflex.letGo();
    this.gestures.stopGesture();
    this.pendingGesture = "";
    this.base = {
      pan: clamp(pose.pan, BASE_DEG_MIN, BASE_DEG_MAX),
      nod: clamp(pose.nod, NOD_DEG_MIN, NOD_DEG_MAX),
      tilt: pose.tilt,
    };
    this.basePace = pace;
  }

  /** An expression while a face is tracked: shown on top of the gaze for a while, small in pan and nod. */
  private expressOver(spec: number[], then: GestureName | ""): void {
    if (then === "celebrate") {
      this.gestures.play("celebrate", 1, this.nowMs);
      return;
    }
    const [pan, nod, tilt] = spec as SixNumbers;
    const offset = {
      pan: pan === KEEP ? 0 : small(pan - EXPRESS_PAN_DEG),
      nod: nod === KEEP ? 0 : small(nod - EXPRESS_NOD_DEG),
      tilt: tilt === KEEP ? 0 : tilt - EXPRESS_TILT_DEG,
    };
    this.gestures.playOverlay(offset, this.nowMs);
  }

  private followGaze(nowMs: number): void {
    const wish = this.reflex.stepGaze(nowMs, this.restBase());
    if (wish === undefined) {
      this.baseDegPerS = zeroPose();
      return;
    }
    this.base.pan = wish.panDeg;
    this.base.nod = wish.nodDeg;
    this.basePace = wish.pace;
    this.baseDegPerS = { pan: wish.panDegPerS, nod: wish.nodDegPerS, tilt: 0 };
  }

  /** The base that keeps the head where it would come to rest now; what is on top of it is not counted in. */
  private restBase(): Pose {
    return sumOf(this.motion.stopPose(), this.top, -1);
  }

  private startPending(awayDeg: number): void {
    if (this.pendingGesture === "") return;
    if (awayDeg > PENDING_DEG && this.nowMs - this.pendingSinceMs < PENDING_MS_MAX) return;
    // Only a head that is shaken does it more than once.
    this.gestures.play(this.pendingGesture, PENDING_ROUNDS, this.nowMs);
    this.pendingGesture = "";
  }

  /** Loop and ambient offsets; a loop is smaller while a face is tracked. */
  private swayAt(nowMs: number): Pose {
    const { ambient } = this;
    const loop = loopOffset(this.loopName, nowMs - this.loopSinceMs);
    const share = this.reflex.isOnFace() ? OVERLAY_LOOP_SHARE : 1;
    return sumOf(ambient, loop, share);
  }

  private targetPose(): Pose {
    return sumOf(this.base, this.top);
  }

  /** Speed of base and sway; gestures step, they have none. */
  private targetSpeed(sway: Pose, dtMs: number): Pose {
    const base = this.baseDegPerS;
    if (!(dtMs > 0)) return base;
    return {
      pan: base.pan + swaySpeed(this.sway.pan, sway.pan, dtMs),
      nod: base.nod + swaySpeed(this.sway.nod, sway.nod, dtMs),
      tilt: base.tilt + swaySpeed(this.sway.tilt, sway.tilt, dtMs),
    };
  }

  /** How far the axis that is furthest off still is from the target. */
  private awayDeg(): number {
    const pose = this.motion.poseNow();
    const target = this.targetPose();
    // The VM's Math.max takes two arguments and ignores the rest.
    return Math.max(
      Math.abs(target.pan - pose.pan),
      Math.max(Math.abs(target.nod - pose.nod), Math.abs(target.tilt - pose.tilt)),
    );
  }
}

/** `a` and a share of `b`, axis by axis. */
function sumOf(a: Pose, b: Pose, share = 1): Pose {
  return { pan: a.pan + b.pan * share, nod: a.nod + b.nod * share, tilt: a.tilt + b.tilt * share };
}

/** °/s between two values of a smooth offset; a step (a loop that begins or ends) counts as none. */
function swaySpeed(from: number, to: number, dtMs: number): number {
  const degPerS = ((to - from) * 1000) / dtMs;
  return Math.abs(degPerS) > SWAY_DEG_PER_S_MAX ? 0 : degPerS;
}

function small(deg: number): number {
  return clamp(deg, -OVERLAY_DEG_MAX, OVERLAY_DEG_MAX);
}
