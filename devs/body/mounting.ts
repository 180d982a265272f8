/**
 * From wire angles to servo angles: the one place where a robot's own mechanics count. Servos speak −90..90 with 0
 * in the middle of their travel; wire 90 is that middle on all three axes. An inverted axis turns the other
 * way about it; the trim is added at the servo, to set a horn that does not sit straight.
 */
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

/** From wire to servo angles, as one robot's mechanics are. */
export class ServoMap {
  /** Servo angles of pan, nod, tilt as of the last `map`, degrees −90..90. */
  readonly degs = [0, 0, 0];
  private readonly signs = [1, 1, 1];
  private readonly offsets = [-SERVO_MIDDLE_DEG, -SERVO_MIDDLE_DEG, -SERVO_MIDDLE_DEG];

  /** Takes over how the servos are mounted. */
  mount(mounting: Mounting): void {
    for (let axis = 0; axis < 3; axis++) {
      const sign = (mounting.flags & (1 << axis)) !== 0 ? -1 : 1;
      this.signs[axis] = sign;
      this.offsets[axis] = (mounting.trimDeg[axis] as number) - sign * SERVO_MIDDLE_DEG;
    }
  }

  map(pose: Pose): void {
    const { degs, signs, offsets } = this;
    degs[0] = limited(pose.pan * (signs[0] as number) + (offsets[0] as number));
    degs[1] = limited(pose.nod * (signs[1] as number) + (offsets[1] as number));
    degs[2] = limited(pose.tilt * (signs[2] as number) + (offsets[2] as number));
  }
}

/** A servo angle within its travel; what is no number is the lower end. */
function limited(deg: number): number {
  if (deg > SERVO_DEG_MAX) return SERVO_DEG_MAX;
  return deg >= -SERVO_DEG_MAX ? deg : -SERVO_DEG_MAX;
}
