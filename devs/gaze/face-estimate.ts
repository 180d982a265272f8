/**
 * Where the followed face is: sightings in, an angle in the room out. Each sighting is laid on the pose that
 * the head had when its picture was taken, so the estimate does not depend on what the head did since; that
 * is what keeps the head from overshooting. Pure; degrees in wire angles.
 */
import { CAMERA_HFOV_DEG, CAMERA_VFOV_DEG, FACE_SPACE } from "../../src/wire/limits.js";
import { FaceFilter } from "./face-filter.js";
import { Gaze, PoseRing } from "./pose-ring.js";

const PAN_DEG_PER_PX = CAMERA_HFOV_DEG / FACE_SPACE;
const NOD_DEG_PER_PX = CAMERA_VFOV_DEG / FACE_SPACE;

/** Detector noise plus rounding to whole pixels, rms. */
const SIGHT_SIGMA_PX = 1.1;
/** How wrong the time of a picture's pose may be, ms either way: age told by the sender, or assumed. */
const AGE_DOUBT_MS = 45;
const AGE_DOUBT_MS_ASSUMED = 80;
/**
 * A swing of s degrees within that time makes a sighting uncertain by SWING_LINEAR·s + SWING_SQUARE·s²: a head
 * that follows a walker (1°) hardly matters, one that turns to somebody (8°) makes its pictures worthless.
 */
const SWING_LINEAR = 0.1;
const SWING_SQUARE = 0.3;
/**
 * A sighting this many standard deviations off, and this many degrees, is a face that moved at once, another face or a
 * mistake. The head sets out for it without delay, because it gets nowhere before the next picture tells.
 */
const OUTLIER_SIGMAS = 2.7;
const OUTLIER_DEG_MIN = 0.8;
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

/** One sighting: offset from the picture's centre in pixels of 0..240 space, and when it was taken. */
export interface Sighting {
  readonly offX: number;
  readonly offY: number;
  /** 0.4..1: how far the detector is to be believed. */
  readonly trust: number;
  readonly capturedMs: number;
  /** Whether `capturedMs` rests on an age that the sender told. */
  readonly isTold: boolean;
}

/** A sighting as angles with their uncertainties, degrees. */
interface Bearing {
  pan: number;
  nod: number;
  panSigma: number;
  nodSigma: number;
  atMs: number;
}

/** One face, two axes. `bodyLagMs`: from a commanded angle to the head being there. */
export class FaceEstimate {
  /** Sightings far from the face that no second one confirmed. */
  outlierCount = 0;
  readonly pan = new FaceFilter();
  readonly nod = new FaceFilter();
  private readonly poses = new PoseRing();
  private hasStarted = false;
  private lastMs = 0;
  private pending: Bearing | undefined = undefined;
  private isTentative = false;
  private waryUntilMs = 0;

  constructor(private readonly bodyLagMs: number) {}

  /** Notes where the head is commanded to be at `nowMs`. */
  notePose(nowMs: number, pose: Gaze): void {
    this.poses.record(nowMs, pose.pan, pose.nod);
  }

  /** Takes a sighting in. `fallback` is the pose to assume when none was recorded yet. */
  takeSight(sighting: Sighting, fallback: Gaze): void {
    const bearing = this.bearing(sighting, fallback);
    if (!this.hasStarted || bearing.atMs - this.lastMs > ESTIMATE_MS_MAX) this.startFace(bearing);
    else if (this.isOutlier(bearing)) this.weighOutlier(bearing);
    else {
      if (this.pending !== undefined) this.waryUntilMs = bearing.atMs + WARY_MS;
      this.pending = undefined;
      this.pan.takeSample(bearing.pan, bearing.panSigma, bearing.atMs);
      this.nod.takeSample(bearing.nod, bearing.nodSigma, bearing.atMs);
    }
    this.lastMs = bearing.atMs;
  }

  /** Where the face is expected to be at `atMs`; undefined when none was seen. */
  predictGaze(atMs: number): Gaze | undefined {
    if (!this.hasStarted) return undefined;
    const { pending } = this;
    if (pending !== undefined && this.isGoing(atMs)) return { pan: pending.pan, nod: pending.nod };
    return {
      pan: this.pan.predictFace(atMs, HORIZON_MS),
      nod: this.nod.predictFace(atMs, HORIZON_MS),
    };
  }

  /** How fast it moves, °/s; zero while it stands, jumps or was not seen lately. */
  gazePace(nowMs: number): Gaze {
    if (this.isCoasting(nowMs) || this.isGoing(nowMs)) return { pan: 0, nod: 0 };
    return { pan: this.pan.closingPace(), nod: this.nod.closingPace() };
  }

  /** Whether the head is on its way to an outlier that is not confirmed yet. */
  isGoing(nowMs: number): boolean {
    if (this.pending === undefined || !this.isTentative) return false;
    return nowMs - this.pending.atMs < HORIZON_MS + TENTATIVE_MS_MAX;
  }

  /** Whether the last sighting is so old that the face is no longer extrapolated. */
  private isCoasting(nowMs: number): boolean {
    return nowMs - this.lastMs > HORIZON_MS;
  }

  /** Forgets the face. Poses are kept: they are facts. */
  forgetFace(): void {
    this.hasStarted = false;
    this.pending = undefined;
  }

  private bearing(sighting: Sighting, fallback: Gaze): Bearing {
    const poseMs = sighting.capturedMs - this.bodyLagMs;
    const doubtMs = sighting.isTold ? AGE_DOUBT_MS : AGE_DOUBT_MS_ASSUMED;
    const at = this.poses.poseAt(poseMs, fallback);
    const swing = this.poses.swingOver(poseMs - doubtMs, poseMs + doubtMs);
    // Face right of the centre: turn right, which is toward smaller base. Below: nod grows.
    return {
      pan: at.pan - sighting.offX * PAN_DEG_PER_PX,
      nod: at.nod + sighting.offY * NOD_DEG_PER_PX,
      panSigma: sigmaOf(PAN_DEG_PER_PX, sighting.trust, swing.pan),
      nodSigma: sigmaOf(NOD_DEG_PER_PX, sighting.trust, swing.nod),
      atMs: sighting.capturedMs,
    };
  }

  private startFace(bearing: Bearing): void {
    this.pan.startFilter(bearing.pan, bearing.panSigma, bearing.atMs);
    this.nod.startFilter(bearing.nod, bearing.nodSigma, bearing.atMs);
    this.hasStarted = true;
    this.pending = undefined;
  }

  private isOutlier(bearing: Bearing): boolean {
    return (
      isFar(this.pan, bearing.pan, bearing.panSigma, bearing.atMs) ||
      isFar(this.nod, bearing.nod, bearing.nodSigma, bearing.atMs)
    );
  }

  /** One face far away may be a mistake of the detector; two that agree are somebody to turn to. */
  private weighOutlier(bearing: Bearing): void {
    const before = this.pending;
    if (
      before !== undefined &&
      bearing.atMs - before.atMs <= CONFIRM_MS_MAX &&
      Math.abs(bearing.pan - before.pan) <= CONFIRM_DEG + bearing.panSigma &&
      Math.abs(bearing.nod - before.nod) <= CONFIRM_DEG + bearing.nodSigma
    ) {
      this.startFace(bearing);
      return;
    }
    this.outlierCount++;
    this.pending = bearing;
    this.isTentative = bearing.atMs >= this.waryUntilMs;
  }
}

function isFar(filter: FaceFilter, deg: number, sigma: number, atMs: number): boolean {
  return (
    Math.abs(deg - filter.predictFace(atMs, HORIZON_MS)) > OUTLIER_DEG_MIN &&
    filter.surprise(deg, sigma, atMs) > OUTLIER_SIGMAS
  );
}

/** Uncertainty of a sighting, degrees: pixels, and how far the head swung while it may have been taken. */
function sigmaOf(degPerPx: number, trust: number, swingDeg: number): number {
  const pixels = (SIGHT_SIGMA_PX * degPerPx) / trust;
  const swing = SWING_LINEAR * swingDeg + SWING_SQUARE * swingDeg * swingDeg;
  return Math.sqrt(pixels * pixels + swing * swing);
}
