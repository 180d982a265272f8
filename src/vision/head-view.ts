/**
 * Faces of a camera that stands beside the robot, as a camera on its head would see them. The robot lays each sighting on
 * the pose that its head had (`devs/gaze`): without this it would turn on and on after a face that stays where it is in
 * the picture. The camera is taken to stand where the robot does and to look straight ahead. Pure; degrees on the wire.
 */
import {
  BASE_DEG_CENTER,
  CAMERA_HFOV_DEG,
  CAMERA_VFOV_DEG,
  FACE_SPACE,
  NOD_DEG_CENTER,
} from "../wire/limits.js";
import type { PresentFace } from "./scene.js";

export interface HeadPose {
  readonly baseDeg: number;
  readonly nodDeg: number;
}

/** A face's centre, pixels of FACE space; outside of 0..240 where the head looks far away from it. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export function seenFromHead({ x, y }: Spot, { baseDeg, nodDeg }: HeadPose): Spot {
  return {
    // A head that is turned to its left has the face further to the right.
    x: x + ((baseDeg - BASE_DEG_CENTER) * FACE_SPACE) / CAMERA_HFOV_DEG,
    y: y + ((NOD_DEG_CENTER - nodDeg) * FACE_SPACE) / CAMERA_VFOV_DEG,
  };
}

/** Poses are kept for as long as a picture of then may still be searched. */
const KEPT_MS = 2000;

/** Where the head was of late. */
export class HeadTrack {
  /** The camera stands beside the robot, not on its head. */
  isBeside = false;
  private poses: readonly (HeadPose & { readonly atMs: number })[] = [];

  record(pose: HeadPose, atMs: number): void {
    const old = this.poses.filter((one) => one.atMs > atMs - KEPT_MS && one.atMs < atMs);
    // The newest of those that are too old: what was before the first one kept.
    const before = this.poses.findLast((one) => one.atMs <= atMs - KEPT_MS);
    this.poses = [...(before ? [before] : []), ...old, { ...pose, atMs }];
  }

  /** The face as a camera on the robot's head sees it. */
  shown(present: PresentFace): PresentFace {
    const pose = this.isBeside ? this.at(present.capturedAtMs) : undefined;
    if (pose === undefined) return present;
    return { ...present, face: { ...present.face, ...seenFromHead(present.face, pose) } };
  }

  /** The pose at a time, between two that were told the mean of them by time; undefined: none was told. */
  at(timeMs: number): HeadPose | undefined {
    const later = this.poses.find((one) => one.atMs > timeMs);
    const earlier = this.poses.findLast((one) => one.atMs <= timeMs);
    if (later === undefined || earlier === undefined) return earlier ?? later;
    const share = (timeMs - earlier.atMs) / (later.atMs - earlier.atMs);
    return {
      baseDeg: earlier.baseDeg + share * (later.baseDeg - earlier.baseDeg),
      nodDeg: earlier.nodDeg + share * (later.nodDeg - earlier.nodDeg),
    };
  }
}
