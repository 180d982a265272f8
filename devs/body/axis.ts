/**
 * One axis of the head: a target is followed under caps of speed, acceleration and jerk, without overshoot
 * at any step of 5 to 60 ms. Pure; degrees and seconds.
 */
import { clamp } from "../../src/wire/clamp.js";

/** What one axis may do. Degrees, degrees per second and its powers. */
export interface AxisCaps {
  readonly degMin: number;
  readonly degMax: number;
  readonly speedMax: number;
  /** While speeding up. */
  readonly accelMax: number;
  /** While slowing down; `devs/body/motion.ts` never makes an axis wait for it. */
  readonly brakeMax: number;
  /** Growth of acceleration, either direction, °/s³; it may end at once. */
  readonly jerkMax: number;
}

/** Slope of speed over distance close to the target, 1/s: the soft end of each move. */
const APPROACH_PER_S = 13;
/** Share of the brake that a move plans with; the rest covers the time that jerk limits take. */
const BRAKE_PLAN = 0.62;

/** Targets faster than this are not followed at their own speed: nobody walks like that. */
const DRIFT_DEG_PER_S_MAX = 80;
/** Toward a limit the last degrees are taken at this pace. */
const WALL_PACE = 0.8;

/** One axis: position, speed and acceleration as commanded. */
export class AxisMotion {
  pos: number;
  vel = 0;
  acc = 0;
  /** What the next step asks for, before the sum over the axes is shared out. */
  private wanted = 0;

  constructor(
    readonly caps: AxisCaps,
    startDeg: number,
  ) {
    this.pos = clamp(startDeg, caps.degMin, caps.degMax);
  }

  /**
   * Decides the acceleration toward a target that itself moves at `targetVel`. `pace` 0..1 stretches the move
   * in time: speed goes with it, acceleration with its square.
   */
  planBrake(target: number, targetVel: number, pace: number, dtS: number): void {
    const caps = this.caps;
    // Not-a-number means "stay": neither comparison of a clamp would hold it.
    const goal = target === target ? clamp(target, caps.degMin, caps.degMax) : this.pos;
    // A target beyond the limit does not move for us.
    const drift =
      goal === target && targetVel === targetVel
        ? clamp(targetVel, -DRIFT_DEG_PER_S_MAX, DRIFT_DEG_PER_S_MAX)
        : 0;
    const speedMax = caps.speedMax * pace;
    // The head shall be on a moving target when this step ends, not one step beyond.
    const error = goal - this.pos - drift * dtS;
    const wish = clamp(drift + approachSpeed(error, caps, pace), -speedMax, speedMax);
    // Never faster than lets it stop at the limit, seen from where this step ends, whatever the target
    // claims about its own speed.
    const ahead = this.pos + this.vel * dtS;
    const vDes = clamp(
      wish,
      approachSpeed(caps.degMin - ahead, caps, WALL_PACE),
      approachSpeed(caps.degMax - ahead, caps, WALL_PACE),
    );
    const jerkStep = caps.jerkMax * dtS;
    const raw = (vDes - this.vel) / dtS;
    // Acceleration grows within the jerk cap in either direction and may end at once: a bound on its end
    // would carry the speed past what was asked and make the axis ring.
    const from = this.acc * raw < 0 ? 0 : this.acc;
    const acc = clamp(
      raw,
      from > 0 ? -jerkStep : from - jerkStep,
      from < 0 ? jerkStep : from + jerkStep,
    );
    const isBraking = acc * this.vel < 0;
    const cap = isBraking ? caps.brakeMax : caps.accelMax * pace * pace;
    this.wanted = clamp(acc, -cap, cap);
  }

  /** Whether the planned acceleration slows the axis down. */
  isBraking(): boolean {
    return this.wanted * this.vel < 0;
  }

  /** Size of the planned acceleration, °/s². */
  wantedSize(): number {
    return Math.abs(this.wanted);
  }

  /** Moves by the planned acceleration times `share` (0..1). */
  moveFor(share: number, dtS: number): void {
    const caps = this.caps;
    this.acc = this.wanted * share;
    this.vel = clamp(this.vel + this.acc * dtS, -caps.speedMax, caps.speedMax);
    const next = this.pos + this.vel * dtS;
    this.pos = clamp(next, caps.degMin, caps.degMax);
    if (this.pos !== next) {
      this.vel = 0;
      this.acc = 0;
    }
  }

  /** Where the axis comes to rest if it brakes now. */
  stopDeg(): number {
    const size = Math.abs(this.vel);
    const brake = this.caps.brakeMax * BRAKE_PLAN;
    const linear = brake / (APPROACH_PER_S * APPROACH_PER_S);
    const reach =
      size <= linear * APPROACH_PER_S
        ? size / APPROACH_PER_S
        : (size * size) / (2 * brake) + linear / 2;
    const stop = this.vel < 0 ? this.pos - reach : this.pos + reach;
    return clamp(stop, this.caps.degMin, this.caps.degMax);
  }
}

/**
 * Speed that still allows a stop within `error`: proportional when close, the square root law further out,
 * with equal value and slope where they meet. `pace` stretches time: half of it, twice as long.
 */
function approachSpeed(error: number, caps: AxisCaps, pace: number): number {
  const size = Math.abs(error);
  const slope = APPROACH_PER_S * pace;
  const brake = caps.brakeMax * BRAKE_PLAN * pace * pace;
  const linear = brake / (slope * slope);
  const speed = size <= linear ? size * slope : Math.sqrt(2 * brake * (size - linear / 2));
  return error < 0 ? -speed : speed;
}
