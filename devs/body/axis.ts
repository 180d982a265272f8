/**
 * One axis of the head: a target is followed under caps of speed, acceleration and jerk, without overshoot
 * at any step of 5 to 60 ms. An axis that rests costs two comparisons. Pure; degrees and seconds.
 */
import { clamp } from "../../src/wire/clamp.js";

/** What one axis may do. Degrees, degrees per second and its powers. */
export interface AxisCaps {
  readonly degMin: number;
  readonly degMax: number;
  readonly speedMax: number;
  /** Speeding up and slowing down. */
  readonly accelMax: number;
  /** Growth of acceleration, either direction, °/s³; it may end at once. */
  readonly jerkMax: number;
}

/** Slope of speed over distance close to the target, 1/s: the soft end of each move. */
const APPROACH_PER_S = 13;
/** Share of the acceleration that a move plans to brake with; the rest covers the time that jerk limits take. */
const BRAKE_PLAN = 0.55;
/** Share of a step's way that counts as gone when the next speed is chosen. */
const LOOK_AHEAD = 0.25;
/** Targets faster than this are not followed at their own speed: nobody walks like that. */
const DRIFT_DEG_PER_S_MAX = 80;
/**
 * An axis at rest goes straight to a target this near: breathing and the last tenths on a face are smooth by themselves,
 * and a servo (300 to 500 °/s) is at their end before the next step.
 */
const CREEP_DEG = 0.4;
/** Nearer and slower than this it has arrived. */
const ARRIVED_DEG = 0.02;
const ARRIVED_DEG_PER_S = 1;

/** One axis: position, speed and acceleration as commanded. */
export class AxisMotion {
  pos: number;
  vel = 0;
  acc = 0;
  private pace = 0;
  /** What the pace leaves of the caps, and the shape of the way to a target: see `approach`. */
  private speed = 0;
  private accel = 0;
  private slope = 0;
  private knee = 0;
  private twiceBrake = 0;

  constructor(
    readonly caps: AxisCaps,
    startDeg: number,
  ) {
    this.pos = clamp(startDeg, caps.degMin, caps.degMax);
    this.setPace(1);
  }

  /** Stretches moves in time: speed goes with `pace` (0..1), acceleration with its square. */
  setPace(pace: number): void {
    if (pace === this.pace) return;
    const { speedMax, accelMax } = this.caps;
    this.pace = pace;
    this.speed = speedMax * pace;
    this.accel = accelMax * pace * pace;
    this.slope = APPROACH_PER_S * pace;
    this.twiceBrake = 2 * BRAKE_PLAN * this.accel;
    this.knee = this.twiceBrake / (2 * this.slope * this.slope);
  }

  /**
   * Moves on by `dtS` toward a target that itself moves at `drift`. Returns whether the axis is still on its way
   * afterwards; not-a-number as a target means "stay".
   */
  step(target: number, drift: number, dtS: number): boolean {
    const { pos, vel } = this;
    if (target === pos && vel === 0 && drift === 0) return false;
    const { degMin, degMax, jerkMax, accelMax } = this.caps;
    let goal = pos;
    let ownSpeed = 0;
    if (target === target) {
      goal = target < degMin ? degMin : target > degMax ? degMax : target;
      // A target beyond the limit does not move for us.
      if (drift !== 0 && drift === drift && goal === target)
        ownSpeed =
          drift > DRIFT_DEG_PER_S_MAX
            ? DRIFT_DEG_PER_S_MAX
            : drift < -DRIFT_DEG_PER_S_MAX
              ? -DRIFT_DEG_PER_S_MAX
              : drift;
    }
    const away = goal - pos;
    if (vel === 0 && ownSpeed === 0) {
      if (away <= CREEP_DEG && away >= -CREEP_DEG) {
        this.pos = goal;
        return false;
      }
    }
    // The head shall be on a moving target when this step ends, not one step beyond; and the longer the steps, the
    // sooner it has to brake.
    const ahead = ownSpeed + LOOK_AHEAD * (vel - ownSpeed);
    let wish = this.approach(away - ahead * dtS) + ownSpeed;
    if (ownSpeed !== 0) {
      // Never faster than lets it stop at the limit, whatever the target claims about its own speed.
      const most = this.approach((wish > 0 ? degMax : degMin) - pos - vel * dtS);
      if (wish > 0 ? wish > most : wish < most) wish = most;
    }
    const { speed } = this;
    if (wish > speed) wish = speed;
    else if (wish < -speed) wish = -speed;
    const raw = (wish - vel) / dtS;
    // Acceleration grows within the jerk cap in either direction and may end at once: a bound on its end
    // would carry the speed past what was asked and make the axis ring.
    const from = this.acc * raw > 0 ? this.acc : 0;
    const jerk = jerkMax * dtS;
    const cap = raw * vel < 0 ? accelMax : this.accel;
    let acc = raw;
    if (acc > 0) {
      if (acc > from + jerk) acc = from + jerk;
      if (acc > cap) acc = cap;
    } else {
      if (acc < from - jerk) acc = from - jerk;
      if (acc < -cap) acc = -cap;
    }
    this.acc = acc;
    this.move(vel + acc * dtS, goal, ownSpeed, dtS);
    return true;
  }

  private move(vel: number, goal: number, ownSpeed: number, dtS: number): void {
    const { degMin, degMax } = this.caps;
    const next = this.pos + vel * dtS;
    const left = goal - next;
    if (
      ownSpeed === 0 &&
      left < ARRIVED_DEG &&
      left > -ARRIVED_DEG &&
      vel < ARRIVED_DEG_PER_S &&
      vel > -ARRIVED_DEG_PER_S
    )
      this.rest(goal);
    else if (next > degMax) this.rest(degMax);
    else if (next < degMin) this.rest(degMin);
    else {
      this.pos = next;
      this.vel = vel;
    }
  }

  private rest(deg: number): void {
    this.pos = deg;
    this.vel = 0;
    this.acc = 0;
  }

  /** Where the axis comes to rest if it brakes now, at full pace. */
  stopDeg(): number {
    const size = Math.abs(this.vel);
    const brake = this.caps.accelMax * BRAKE_PLAN;
    const knee = brake / (APPROACH_PER_S * APPROACH_PER_S);
    const reach =
      size <= knee * APPROACH_PER_S
        ? size / APPROACH_PER_S
        : (size * size) / (2 * brake) + knee / 2;
    const stop = this.vel < 0 ? this.pos - reach : this.pos + reach;
    return clamp(stop, this.caps.degMin, this.caps.degMax);
  }

  /**
   * Speed that still allows a stop within `error`: proportional up to the knee, the square root law further out, with
   * equal value and slope where they meet.
   */
  private approach(error: number): number {
    const size = Math.abs(error);
    const speed =
      size <= this.knee
        ? size * this.slope
        : Math.pow(this.twiceBrake * (size - this.knee / 2), 0.5);
    return error < 0 ? -speed : speed;
  }
}
