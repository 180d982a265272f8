/**
 * The motion layer: the one place where head angles change. Three axes in wire degrees follow a target under
 * caps; the target is a base (posture or gaze) plus the sum of all offsets (gestures, loops, ambient motion).
 * Offsets are summed anew each step and never enter the base, so the head is where the books say it is.
 * Pure: time comes in as an argument.
 */
import {
  BASE_DEG_MAX,
  BASE_DEG_MIN,
  NOD_DEG_MAX,
  NOD_DEG_MIN,
  TILT_DEG_MAX,
  TILT_DEG_MIN,
} from "../../src/wire/limits.js";
import { clamp } from "../../src/wire/clamp.js";
import { AxisCaps, AxisMotion } from "./axis.js";
import type { Pose } from "./pose.js";

/*
 * Speeds: a hobby servo makes 60° in 0.12 to 0.2 s without load (300..500 °/s); about half of that with a
 * head on it. Acceleration: a 20° turn takes 0.4 s, a glance and not a twitch; three servos that start together pull
 * about 1.5 A and can dip the supply until the chip resets, so the three are to be 1,500 °/s² together. Guesses, to be
 * trimmed on a real head.
 */
export const PAN_CAPS: AxisCaps = {
  degMin: BASE_DEG_MIN,
  degMax: BASE_DEG_MAX,
  speedMax: 180,
  accelMax: 600,
  jerkMax: 25000,
};
export const NOD_CAPS: AxisCaps = {
  degMin: NOD_DEG_MIN,
  degMax: NOD_DEG_MAX,
  speedMax: 160,
  accelMax: 600,
  jerkMax: 25000,
};
export const TILT_CAPS: AxisCaps = {
  degMin: TILT_DEG_MIN,
  degMax: TILT_DEG_MAX,
  speedMax: 140,
  accelMax: 300,
  jerkMax: 20000,
};

/** A pause longer than this (a stalled VM) counts as this much: the head goes on, it does not leap. */
export const STEP_MS_MAX = 60;

/** Slowest pace of a move, as a share of the caps: anything below looks stuck. */
export const PACE_MIN = 0.1;

/** Three axes. */
export class Motion {
  readonly pan: AxisMotion;
  readonly nod: AxisMotion;
  readonly tilt: AxisMotion;
  /** As set last. */
  pace = 1;
  private readonly commanded: Pose;

  constructor(start: Pose) {
    this.pan = new AxisMotion(PAN_CAPS, start.pan);
    this.nod = new AxisMotion(NOD_CAPS, start.nod);
    this.tilt = new AxisMotion(TILT_CAPS, start.tilt);
    this.commanded = { pan: this.pan.pos, nod: this.nod.pos, tilt: this.tilt.pos };
  }

  /** Share of the caps that all axes use from now on, `PACE_MIN`..1. */
  setPace(share: number): void {
    const pace = clamp(share, PACE_MIN, 1);
    this.pace = share;
    this.pan.setPace(pace);
    this.nod.setPace(pace);
    this.tilt.setPace(pace);
  }

  /**
   * Moves on by `dtMs`, the time since the last step; zero or less does nothing. `panSpeed` and `nodSpeed` are the target's
   * own (a face that walks), °/s: the head keeps up with it instead of trailing. Returns whether an axis is still on its way.
   */
  step(target: Pose, panSpeed: number, nodSpeed: number, dtMs: number): boolean {
    if (!(dtMs > 0)) return false;
    const dtS = (dtMs < STEP_MS_MAX ? dtMs : STEP_MS_MAX) / 1000;
    const { pan, nod, tilt, commanded } = this;
    const isPanUnderway = pan.step(target.pan, panSpeed, dtS);
    const isNodUnderway = nod.step(target.nod, nodSpeed, dtS);
    const isTiltUnderway = tilt.step(target.tilt, 0, dtS);
    commanded.pan = pan.pos;
    commanded.nod = nod.pos;
    commanded.tilt = tilt.pos;
    return isPanUnderway || isNodUnderway || isTiltUnderway;
  }

  /** Commanded angles of now, always the same object. */
  pose(): Pose {
    return this.commanded;
  }
}
