/**
 * The page's two plots, from what is seen anyway: how old the picture behind the head's pose is, and by how many
 * degrees the face stands beside the middle of the picture.
 */
import { CAMERA_HFOV_DEG, CAMERA_VFOV_DEG, FACE_SPACE } from "../wire/limits.js";
import type { Clock } from "../time/clock.js";
import type { RingHistory } from "./feeds.js";
import type { FaceSight } from "./buddy-state.js";
import type { FaceSource, PoseSource } from "./feeds.js";

/** Angle between the head's axis and the face, degrees (small angles: the axes are taken as flat). */
export function faceErrorDeg(face: Pick<FaceSight, "x" | "y" | "headX" | "headY">): number {
  const { x, y, headX = x, headY = y } = face;
  const panDeg = ((headX - FACE_SPACE / 2) * CAMERA_HFOV_DEG) / FACE_SPACE;
  const nodDeg = ((headY - FACE_SPACE / 2) * CAMERA_VFOV_DEG) / FACE_SPACE;
  return Math.hypot(panDeg, nodDeg);
}

/** Adds samples until the returned function is called. */
export function followTracking(
  poses: PoseSource,
  faces: FaceSource,
  history: RingHistory,
  clock: Clock,
): () => void {
  let lastSeq = -1;
  let lastPoseSeq: number | undefined;
  const endPoses = poses.subscribe((pose) => {
    // One sample a face: afterwards its age only grows until the next one comes.
    if (pose.faceAgeMs === undefined || pose.faceSeq === lastPoseSeq) return;
    lastPoseSeq = pose.faceSeq;
    history.add({ atMs: clock.nowMs(), latencyMs: pose.faceAgeMs });
  });
  const endFaces = faces.subscribe((face) => {
    if (face.seq === lastSeq) return;
    lastSeq = face.seq;
    history.add({ atMs: clock.nowMs(), errorDeg: Math.round(faceErrorDeg(face) * 100) / 100 });
  });
  return () => {
    endPoses();
    endFaces();
  };
}
