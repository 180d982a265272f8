/**
 * A small hobby servo: the arm moves toward the angle it was last told, at a limited speed. Pure; the position
 * is computed from the time of asking, so nothing ticks.
 */

/**
 * Degrees per second under the head's load. An SG90 is rated 0.12 s per 60° (500 °/s) without load at 4.8 V; four
 * fifths of that (guess).
 */
export const SERVO_SPEED_DEG_PER_S = 400;

export interface ServoMotor {
  /** Where the arm was at `sinceMs`. */
  readonly fromDeg: number;
  readonly targetDeg: number;
  readonly sinceMs: number;
  /** Powered: an arm without pulses stays where it is. */
  readonly isOn: boolean;
}

/** A motor at rest that has not been told anything yet. */
export function newServoMotor(angleDeg: number, nowMs: number): ServoMotor {
  return { fromDeg: angleDeg, targetDeg: angleDeg, sinceMs: nowMs, isOn: false };
}

/** Where the arm is. */
export function servoAngle(motor: ServoMotor, nowMs: number, speedDegPerS: number): number {
  const wayDeg = motor.targetDeg - motor.fromDeg;
  const doneDeg = ((nowMs - motor.sinceMs) / 1000) * speedDegPerS;
  if (!motor.isOn || doneDeg <= 0) return motor.fromDeg;
  return doneDeg >= Math.abs(wayDeg)
    ? motor.targetDeg
    : motor.fromDeg + Math.sign(wayDeg) * doneDeg;
}

/** The motor after a new command: it goes on from where it is. */
export function commandServo(
  motor: ServoMotor,
  command: { readonly targetDeg: number; readonly isOn: boolean },
  nowMs: number,
  speedDegPerS: number,
): ServoMotor {
  return { ...command, fromDeg: servoAngle(motor, nowMs, speedDegPerS), sinceMs: nowMs };
}
