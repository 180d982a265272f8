/**
 * Direction of a face on one axis, estimated from noisy sightings: a Kalman filter of angle and angular
 * speed. Each sighting comes with its own uncertainty, so one taken while the head swung (when a few
 * milliseconds of error in its age are degrees) counts for little and cannot make the head overshoot.
 * Degrees and seconds; world angles, that is wire angles of the head that would look straight at the face.
 */
import { clamp } from "../../src/wire/clamp.js";

/**
 * How much a person's direction changes on its own: spectral density of its acceleration, °²/s³. Tuned in
 * the closed loop: higher follows a walker closer, lower is calmer on a sitter.
 */
const WANDER = 60;
/** Speed of a face that was just found: most people sit or stand. */
const SPEED_SIGMA_START = 2;
/** A person who moves soon stops: the speed estimate fades with this time constant, s. */
const SPEED_FADE_S = 1.5;
/** Squares of standard deviations that a speed must exceed to be believed at all. */
const PACE_DOUBT = 3;
/** One sighting pulls the estimate no further than this many deviations: noise of detectors has long tails. */
const SURPRISE_SIGMAS_MAX = 1.75;

/** Estimate of one axis; call `start` before anything else. */
export class FaceFilter {
  deg = 0;
  degPerS = 0;
  private atMs = 0;
  private varAngle = 0;
  private covariance = 0;
  private varSpeed = 0;

  /** Begins anew at a sighting. `sigma` is its uncertainty, degrees. */
  startFilter(deg: number, sigma: number, atMs: number): void {
    this.deg = deg;
    this.degPerS = 0;
    this.atMs = atMs;
    this.varAngle = sigma * sigma;
    this.covariance = 0;
    this.varSpeed = SPEED_SIGMA_START * SPEED_SIGMA_START;
  }

  /** Angle to expect at `atMs`; at most `horizonMs` beyond the last sighting, then it stands still. */
  predictFace(atMs: number, horizonMs: number): number {
    let aheadMs = atMs - this.atMs;
    if (aheadMs > horizonMs) aheadMs = horizonMs;
    return aheadMs > 0 ? this.deg + (this.closingPace() * aheadMs) / 1000 : this.deg;
  }

  /**
   * Speed to reckon with, °/s: the estimate shrunk by its own uncertainty, so that a face that sits is not
   * taken for one that drifts.
   */
  closingPace(): number {
    const square = this.degPerS * this.degPerS;
    const doubt = PACE_DOUBT * this.varSpeed;
    return square > doubt ? this.degPerS * (1 - doubt / square) : 0;
  }

  /** How far a sighting is from what was expected, in standard deviations of both together. */
  surprise(deg: number, sigma: number, atMs: number): number {
    const dtS = this.secondsTo(atMs);
    const spread =
      this.varAngle + 2 * this.covariance * dtS + this.varSpeed * dtS * dtS + sigma * sigma;
    return Math.abs(deg - this.deg - this.degPerS * dtS) / Math.sqrt(spread);
  }

  /** Takes in a sighting of `deg` ± `sigma` made at `atMs`. */
  takeSample(deg: number, sigma: number, atMs: number): void {
    this.advanceBy(this.secondsTo(atMs));
    if (atMs > this.atMs) this.atMs = atMs;
    const spread = this.varAngle + sigma * sigma;
    const gainAngle = this.varAngle / spread;
    const gainSpeed = this.covariance / spread;
    const limit = SURPRISE_SIGMAS_MAX * Math.sqrt(spread);
    const error = clamp(deg - this.deg, -limit, limit);
    this.deg += gainAngle * error;
    this.degPerS += gainSpeed * error;
    this.varSpeed -= gainSpeed * this.covariance;
    this.covariance -= gainAngle * this.covariance;
    this.varAngle -= gainAngle * this.varAngle;
  }

  private secondsTo(atMs: number): number {
    return atMs > this.atMs ? (atMs - this.atMs) / 1000 : 0;
  }

  private advanceBy(dtS: number): void {
    const fade = 1 - dtS / (SPEED_FADE_S + dtS);
    // By the believed speed only: while sightings count for little (the head swings) nothing would correct
    // a speed that was noise.
    this.deg += this.closingPace() * dtS;
    this.degPerS *= fade;
    this.varAngle +=
      2 * this.covariance * dtS + this.varSpeed * dtS * dtS + (WANDER * dtS * dtS * dtS) / 3;
    this.covariance = (this.covariance + this.varSpeed * dtS) * fade + (WANDER * dtS * dtS) / 2;
    this.varSpeed = this.varSpeed * fade * fade + WANDER * dtS;
  }
}
