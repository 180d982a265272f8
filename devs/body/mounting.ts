/**
 * From wire angles to servo angles: the one place where a robot's own mechanics count. Servos speak −90..90 with 0
 * in the middle of their travel; wire 90 is that middle on all three axes. An inverted axis turns the other
 * way about it; the trim is added at the servo, to set a horn that does not sit straight.
 */
import { clamp } from "../../src/wire/clamp.js";
import type { Pose } from "./pose.js";

/** Angle on the wire at which a servo is in the middle of its travel. */
const SERVO_MIDDLE_DEG = 90;
/** Largest servo angle either side. */
export const SERVO_DEG_MAX = 90;

/** Pan, nod, tilt of one robot; also the shape of what is saved. */
export interface Mounting {
  /** Bits 0 to 2: pan, nod, tilt are turned around. */
  flags: number;
  /** Degrees added at the servo. */
  trimDeg: number[];
}

/** Servo angles of pan, nod, tilt for a pose, degrees −90..90. Writes into `out` and returns it. */
export function servoDegs(pose: Pose, mounting: Mounting, out: number[]): number[] {
  out[0] = servoDeg(pose.pan, mounting, 0);
  out[1] = servoDeg(pose.nod, mounting, 1);
  out[2] = servoDeg(pose.tilt, mounting, 2);
  return out;
}

function servoDeg(wireDeg: number, mounting: Mounting, axis: number): number {
  const straight = wireDeg - SERVO_MIDDLE_DEG;
  const turned = (mounting.flags & (1 << axis)) !== 0 ? -straight : straight;
  return clamp(turned + (mounting.trimDeg[axis] as number), -SERVO_DEG_MAX, SERVO_DEG_MAX);
}
