/**
 * Where the followed face is: sightings in, an angle in the room out. Each sighting is laid on the pose that
 * the head had when its picture was taken, so the estimate does not depend on what the head did since; that
 * is what keeps the head from overshooting. Pure; degrees in wire angles.
 */
import {
  BASE_DEG_CENTER,
  CAMERA_HFOV_DEG,
  CAMERA_VFOV_DEG,
  FACE_SPACE,
  NOD_DEG_CENTER,
} from "../../src/wire/limits.js";
import { FaceFilter } from "./face-filter.js";
import { PoseRing } from "./pose-ring.js";

const PAN_DEG_PER_PX = CAMERA_HFOV_DEG / FACE_SPACE;
const NOD_DEG_PER_PX = CAMERA_VFOV_DEG / FACE_SPACE;

/** Detector noise plus rounding to whole pixels, rms: 1.1 pixels, on the axis on which they are larger. */
const SIGHT_SIGMA_DEG = 1.1 * PAN_DEG_PER_PX;
/** Between the times that a picture's pose may be of, ms: age told by the sender, or assumed. */
const AGE_DOUBT_MS = 90;
const AGE_DOUBT_MS_ASSUMED = 160;
/**
 * A swing of s degrees within that time makes a sighting uncertain by SWING_LINEAR·s + SWING_SQUARE·s²: a head
 * that follows a walker (1°) hardly matters, one that turns to somebody (8°) makes its pictures worthless.
 */
const SWING_LINEAR = 0.1;
const SWING_SQUARE = 0.3;
/**
 * A sighting this many standard deviations off (squared), and this many degrees, is a face that moved at once, another
 * face or a mistake. The head sets out for it without delay, because it gets nowhere before the next picture tells.
 */
const OUTLIER_SIGMAS_SQUARED = 2.7 * 2.7;
const OUTLIER_DEG_SQUARED_MIN = 0.8 * 0.8;
/** A second sighting within this of the outlier, and this soon, makes it the face to follow. */
const CONFIRM_DEG = 5;
const CONFIRM_MS_MAX = 400;
/** How long the head goes for an outlier that nothing confirms. */
const TENTATIVE_MS_MAX = 150;
/** After a mistake the next outlier has to be confirmed first for this long: two faces in turn, a flickering one. */
const WARY_MS = 150;
/** How far ahead of the last picture a moving face is extrapolated, ms. */
const HORIZON_MS = 220;
/** Without a sighting for this long the estimate starts anew. */
const ESTIMATE_MS_MAX = 1000;
const NEVER_MS = -1e9;

/** One face. `bodyLagMs`: from a commanded angle to the head being there. */
export class FaceEstimate {
  /** Sightings far from the face that no second one confirmed. */
  outlierCount = 0;
  /** Where the face is expected to be, as of the last `predict`, degrees, and how fast it goes, °/s. */
  panDeg = 0;
  nodDeg = 0;
  panDegPerS = 0;
  nodDegPerS = 0;
  /** Whether that is an outlier that is not confirmed yet. */
  isTentative = false;
  readonly poses = new PoseRing();
  private readonly filter = new FaceFilter();
  private hasStarted = false;
  private lastMs = 0;
  /** The last outlier: when its picture was taken, `NEVER_MS` there is none to be confirmed, and where it was. */
  private pendingMs = NEVER_MS;
  private pendingPan = 0;
  private pendingNod = 0;
  private mayGo = false;
  private waryUntilMs = 0;

  constructor(private readonly bodyLagMs: number) {
    this.poses.record(0, BASE_DEG_CENTER, NOD_DEG_CENTER);
  }

  /**
   * Takes a sighting in: offset from the picture's centre in pixels of 0..240 space, how far the detector is to be
   * believed (0.4..1), when the picture was taken, and whether that rests on an age that the sender told.
   */
  take(offX: number, offY: number, trust: number, capturedMs: number, isTold: boolean): void {
    const { poses, filter } = this;
    poses.lookUp(capturedMs - this.bodyLagMs);
    // Face right of the centre: turn right, which is toward smaller base. Below: nod grows.
    const pan = poses.pan - offX * PAN_DEG_PER_PX;
    const nod = poses.nod + offY * NOD_DEG_PER_PX;
    let sigma = SIGHT_SIGMA_DEG / trust;
    const perMs = Math.abs(poses.panPerMs) + Math.abs(poses.nodPerMs);
    if (perMs > 0) {
      const swing = perMs * (isTold ? AGE_DOUBT_MS : AGE_DOUBT_MS_ASSUMED);
      const doubt = (SWING_LINEAR + SWING_SQUARE * swing) * swing;
      sigma = Math.pow(sigma * sigma + doubt * doubt, 0.5);
    }
    const sinceMs = capturedMs - this.lastMs;
    if (!this.hasStarted || sinceMs > ESTIMATE_MS_MAX) {
      this.lastMs = capturedMs;
      this.begin(pan, nod, sigma);
      return;
    }
    if (sinceMs > 0) {
      filter.advance(sinceMs / 1000);
      this.lastMs = capturedMs;
    }
    const spread = filter.spread(sigma);
    if (isFar(pan - filter.pan, spread) || isFar(nod - filter.nod, spread)) {
      this.weighOutlier(pan, nod, sigma);
      return;
    }
    if (this.pendingMs !== NEVER_MS) this.waryUntilMs = capturedMs + WARY_MS;
    this.pendingMs = NEVER_MS;
    filter.take(pan, nod, spread);
  }

  /** Works out where the face is expected to be at `atMs`, as it is known at `nowMs`. False: none was seen. */
  predict(atMs: number, nowMs: number): boolean {
    if (!this.hasStarted) return false;
    this.panDegPerS = 0;
    this.nodDegPerS = 0;
    this.isTentative = this.isGoing(nowMs);
    if (this.isTentative && this.isGoing(atMs)) {
      this.panDeg = this.pendingPan;
      this.nodDeg = this.pendingNod;
      return true;
    }
    const { filter } = this;
    let aheadMs = atMs - this.lastMs;
    if (aheadMs > HORIZON_MS) aheadMs = HORIZON_MS;
    const aheadS = aheadMs > 0 ? aheadMs / 1000 : 0;
    this.panDeg = filter.pan + filter.panPace * aheadS;
    this.nodDeg = filter.nod + filter.nodPace * aheadS;
    // A face that was not seen lately is no longer thought to move.
    if (nowMs - this.lastMs > HORIZON_MS || this.isTentative) return true;
    this.panDegPerS = filter.panPace;
    this.nodDegPerS = filter.nodPace;
    return true;
  }

  /** Forgets the face. Poses are kept: they are facts. */
  forget(): void {
    this.hasStarted = false;
    this.pendingMs = NEVER_MS;
  }

  /** Whether the head is on its way to an outlier that is not confirmed yet. */
  private isGoing(nowMs: number): boolean {
    return this.mayGo && nowMs - this.pendingMs < HORIZON_MS + TENTATIVE_MS_MAX;
  }

  private begin(pan: number, nod: number, sigma: number): void {
    this.filter.begin(pan, nod, sigma);
    this.hasStarted = true;
    this.pendingMs = NEVER_MS;
  }

  /** One face far away may be a mistake of the detector; two that agree are somebody to turn to. */
  private weighOutlier(pan: number, nod: number, sigma: number): void {
    const atMs = this.lastMs;
    if (
      atMs - this.pendingMs <= CONFIRM_MS_MAX &&
      Math.abs(pan - this.pendingPan) <= CONFIRM_DEG + sigma &&
      Math.abs(nod - this.pendingNod) <= CONFIRM_DEG + sigma
    ) {
      this.begin(pan, nod, sigma);
      return;
    }
    this.outlierCount++;
    this.pendingMs = atMs;
    this.pendingPan = pan;
    this.pendingNod = nod;
    this.mayGo = atMs >= this.waryUntilMs;
  }
}

/** Whether a sighting is so far off, with a difference of that variance to be expected, that it is not the same. */
function isFar(off: number, spread: number): boolean {
  const square = off * off;
  return square > OUTLIER_DEG_SQUARED_MIN && square > OUTLIER_SIGMAS_SQUARED * spread;
}
