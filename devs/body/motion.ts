/**
 * The motion layer: the one place where head angles change. Three axes in wire degrees follow a target under
 * caps; the target is a base (posture or gaze) plus the sum of all offsets (gestures, loops, ambient motion).
 * Offsets are summed anew each step and never enter the base, so the head is where the books say it is.
 * Pure: time comes in as an argument.
 */
import { clamp } from "../../src/wire/clamp.js";
import {
  BASE_DEG_MAX,
  BASE_DEG_MIN,
  NOD_DEG_MAX,
  NOD_DEG_MIN,
  TILT_DEG_MAX,
  TILT_DEG_MIN,
} from "../../src/wire/limits.js";
import { AxisCaps, AxisMotion } from "./axis.js";
import { Pose } from "./pose.js";

/*
 * Speeds: a hobby servo makes 60° in 0.12 to 0.2 s without load (300..500 °/s); about half of that with a
 * head on it. Acceleration: a 20° turn takes 0.4 s, a glance and not a twitch. Guesses, to be trimmed on a
 * real head.
 */
export const PAN_CAPS: AxisCaps = {
  degMin: BASE_DEG_MIN,
  degMax: BASE_DEG_MAX,
  speedMax: 180,
  accelMax: 700,
  brakeMax: 600,
  jerkMax: 25000,
};
export const NOD_CAPS: AxisCaps = {
  degMin: NOD_DEG_MIN,
  degMax: NOD_DEG_MAX,
  speedMax: 160,
  accelMax: 700,
  brakeMax: 600,
  jerkMax: 25000,
};
export const TILT_CAPS: AxisCaps = {
  degMin: TILT_DEG_MIN,
  degMax: TILT_DEG_MAX,
  speedMax: 140,
  accelMax: 500,
  brakeMax: 300,
  jerkMax: 20000,
};

/**
 * Sum of the three accelerations at any time, °/s²: three servos that start together pull about 1.5 A and
 * can dip the supply until the chip resets. Braking comes first and always fits, since this is the sum of
 * the three brake caps; axes that speed up share what is left.
 */
export const ACCEL_SUM_MAX = PAN_CAPS.brakeMax + NOD_CAPS.brakeMax + TILT_CAPS.brakeMax;

/** A pause longer than this (a stalled VM) counts as this much: the head goes on, it does not leap. */
export const STEP_MS_MAX = 60;

/** Slowest pace of a move, as a share of the caps: anything below looks stuck. */
export const PACE_MIN = 0.1;

/** What a step aims for. */
export interface MotionTarget {
  /** Base plus offsets, degrees; clamped to each axis' limits by the step. */
  readonly pose: Pose;
  /**
   * Speed of the target itself, °/s (a face that walks, a head that sways): the head keeps up with it instead of
   * trailing. Zero for a target that stands or steps.
   */
  readonly degPerS: Pose;
  /** Share of the caps to use, `PACE_MIN`..1. */
  readonly pace: number;
}

/** Three axes and the acceleration they share. */
export class Motion {
  readonly pan: AxisMotion;
  readonly nod: AxisMotion;
  readonly tilt: AxisMotion;

  constructor(start: Pose) {
    this.pan = new AxisMotion(PAN_CAPS, start.pan);
    this.nod = new AxisMotion(NOD_CAPS, start.nod);
    this.tilt = new AxisMotion(TILT_CAPS, start.tilt);
  }

  /** Moves on by `dtMs`, the time measured since the last step. Zero or less does nothing. */
  stepMotion(target: MotionTarget, dtMs: number): void {
    if (!(dtMs > 0)) return;
    const dtS = (dtMs < STEP_MS_MAX ? dtMs : STEP_MS_MAX) / 1000;
    const pace = clamp(target.pace, PACE_MIN, 1);
    this.pan.planBrake(target.pose.pan, target.degPerS.pan, pace, dtS);
    this.nod.planBrake(target.pose.nod, target.degPerS.nod, pace, dtS);
    this.tilt.planBrake(target.pose.tilt, target.degPerS.tilt, pace, dtS);
    const share = this.speedUpShare();
    this.pan.moveFor(share, dtS);
    this.nod.moveFor(share, dtS);
    this.tilt.moveFor(share, dtS);
  }

  /** Commanded angles of now. */
  poseNow(): Pose {
    return { pan: this.pan.pos, nod: this.nod.pos, tilt: this.tilt.pos };
  }

  /** Where the head comes to rest if it brakes now: the target that means "stay here" without a jolt. */
  stopPose(): Pose {
    return { pan: this.pan.stopDeg(), nod: this.nod.stopDeg(), tilt: this.tilt.stopDeg() };
  }

  /** Share of their wish that axes which speed up may have, 0..1. */
  private speedUpShare(): number {
    let braking = 0;
    let speedingUp = 0;
    for (const axis of [this.pan, this.nod, this.tilt]) {
      if (axis.isBraking()) braking += axis.wantedSize();
      else speedingUp += axis.wantedSize();
    }
    const left = ACCEL_SUM_MAX - braking;
    return speedingUp > left ? left / speedingUp : 1;
  }
}
