/**
 * Head angles as one value, and their limits. Wire degrees: pan 90 forward, greater = the robot's left; nod
 * 115 level, smaller = up; tilt 85 upright (`src/wire/limits.ts`).
 */
import { BASE_DEG_CENTER, NOD_DEG_CENTER, TILT_DEG_CENTER } from "../../src/wire/limits.js";

/** Angles of the three axes in degrees, fractions kept. Also used for offsets, which are differences. */
export interface Pose {
  pan: number;
  nod: number;
  tilt: number;
}

/** Forward, level and upright: where the head is taken to be at start and returns to at rest. */
export function centrePose(): Pose {
  return { pan: BASE_DEG_CENTER, nod: NOD_DEG_CENTER, tilt: TILT_DEG_CENTER };
}

/** An offset of nothing. */
export function zeroPose(): Pose {
  return { pan: 0, nod: 0, tilt: 0 };
}
