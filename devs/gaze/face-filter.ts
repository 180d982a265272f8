/**
 * Direction of a face, estimated from noisy sightings: a Kalman filter of angle and angular speed, the same for both
 * axes, so that what is known of their errors is computed once. Each sighting comes with its own uncertainty, so one taken
 * while the head swung (when a few milliseconds of error in its age are degrees) counts for little and cannot make the
 * head overshoot. Degrees and seconds; world angles, that is wire angles of the head that would look straight at the face.
 */

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

/** Call `start` before anything else. */
export class FaceFilter {
  pan = 0;
  nod = 0;
  /**
   * Speeds to reckon with, °/s: the estimates shrunk by their uncertainty, so that a face that sits is not
   * taken for one that drifts.
   */
  panPace = 0;
  nodPace = 0;
  private panDegPerS = 0;
  private nodDegPerS = 0;
  private varAngle = 0;
  private covariance = 0;
  private varSpeed = 0;

  /** Begins anew at a sighting. `sigma` is its uncertainty, degrees. */
  begin(pan: number, nod: number, sigma: number): void {
    this.pan = pan;
    this.nod = nod;
    this.panPace = 0;
    this.nodPace = 0;
    this.panDegPerS = 0;
    this.nodDegPerS = 0;
    this.varAngle = sigma * sigma;
    this.covariance = 0;
    this.varSpeed = SPEED_SIGMA_START * SPEED_SIGMA_START;
  }

  /** Lets `dtS` seconds pass: to the time of a sighting, before that is weighed. */
  advance(dtS: number): void {
    const { covariance, varSpeed } = this;
    const fade = SPEED_FADE_S / (SPEED_FADE_S + dtS);
    const wander = WANDER * dtS;
    // By the believed speed only: while sightings count for little (the head swings) nothing would correct
    // a speed that was noise.
    this.pan += this.panPace * dtS;
    this.nod += this.nodPace * dtS;
    this.panDegPerS *= fade;
    this.nodDegPerS *= fade;
    this.varAngle += (2 * covariance + (varSpeed + wander / 3) * dtS) * dtS;
    this.covariance = (covariance + varSpeed * dtS) * fade + (wander * dtS) / 2;
    this.varSpeed = varSpeed * fade * fade + wander;
  }

  /** Variance of the difference between a sighting and what is expected, °². */
  spread(sigma: number): number {
    return this.varAngle + sigma * sigma;
  }

  /** Takes in a sighting; `spread` is that of its uncertainty. */
  take(pan: number, nod: number, spread: number): void {
    const { covariance, varAngle } = this;
    const gainAngle = varAngle / spread;
    const gainSpeed = covariance / spread;
    const panOff = limited(pan - this.pan, spread);
    const nodOff = limited(nod - this.nod, spread);
    const varSpeed = this.varSpeed - gainSpeed * covariance;
    const doubt = PACE_DOUBT * varSpeed;
    const panDegPerS = this.panDegPerS + gainSpeed * panOff;
    const nodDegPerS = this.nodDegPerS + gainSpeed * nodOff;
    this.pan += gainAngle * panOff;
    this.nod += gainAngle * nodOff;
    this.panDegPerS = panDegPerS;
    this.nodDegPerS = nodDegPerS;
    this.panPace = believed(panDegPerS, doubt);
    this.nodPace = believed(nodDegPerS, doubt);
    this.varSpeed = varSpeed;
    this.covariance = covariance - gainAngle * covariance;
    this.varAngle = varAngle - gainAngle * varAngle;
  }
}

function limited(off: number, spread: number): number {
  if (off * off <= SURPRISE_SIGMAS_MAX * SURPRISE_SIGMAS_MAX * spread) return off;
  const limit = SURPRISE_SIGMAS_MAX * Math.pow(spread, 0.5);
  return off < 0 ? -limit : limit;
}

function believed(degPerS: number, doubt: number): number {
  const square = degPerS * degPerS;
  return square > doubt ? degPerS * (1 - doubt / square) : 0;
}
