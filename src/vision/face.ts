/**
 * From the detector's faces to the one face the robot looks at, in face space (0..240, both axes scaled on their own
 * as the wire says). Pure.
 */
import { clamp } from "../wire/clamp.js";
import { FACE_SPACE, FACE_VELOCITY_MAX } from "../wire/index.js";
import type { SeenFace } from "./detector/sight.js";

/** One face in face space. Not rounded. */
export interface Face {
  /** Centre; 120,120 is the picture's. x→right, y→down. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** The detector's 0..1. */
  readonly score: number;
  readonly seen: SeenFace;
}

/** Another face must be this much larger … */
const TAKEOVER_AREA = 1.4;
/** … for this long before the robot looks at it instead. */
const TAKEOVER_MS = 600;
/** The same person from one picture to the next: centres at most this many face widths apart. */
const SAME_WIDTHS = 1.2;
/** Beyond this gap a velocity would be a guess (old host: 0.2 s). */
const VELOCITY_GAP_MS_MAX = 200;

/** Pixels of a picture of this size to face space. */
export function toFaceSpace(seen: SeenFace, width: number, height: number): Face {
  const sx = FACE_SPACE / width;
  const sy = FACE_SPACE / height;
  return {
    x: clamp(seen.x * sx, 0, FACE_SPACE),
    y: clamp(seen.y * sy, 0, FACE_SPACE),
    w: clamp(seen.w * sx, 1, FACE_SPACE),
    h: clamp(seen.h * sy, 1, FACE_SPACE),
    score: seen.score,
    seen,
  };
}

export interface Choice {
  /** The face looked at in the last searched picture that had it. */
  readonly face: Face;
  /** Since when another one has been larger; undefined: none is. */
  readonly rivalSinceMs: number | undefined;
}

/**
 * The face to look at: the one from before while it is there and no other is clearly larger for a while, else the
 * largest. Undefined when there is none.
 */
export function chooseFace(
  before: Choice | undefined,
  faces: readonly Face[],
  nowMs: number,
): Choice | undefined {
  const largest = faces.reduce<Face | undefined>(
    (best, face) => (best && area(best) >= area(face) ? best : face),
    undefined,
  );
  if (!largest) return undefined;
  const same = before && nearest(faces, before.face);
  if (!same || same === largest) return { face: largest, rivalSinceMs: undefined };
  if (area(largest) < TAKEOVER_AREA * area(same)) return { face: same, rivalSinceMs: undefined };
  const rivalSinceMs = before.rivalSinceMs ?? nowMs;
  return nowMs - rivalSinceMs >= TAKEOVER_MS
    ? { face: largest, rivalSinceMs: undefined }
    : { face: same, rivalSinceMs };
}

function nearest(faces: readonly Face[], to: Face): Face | undefined {
  let best: Face | undefined;
  let bestDistance = SAME_WIDTHS * to.w;
  for (const face of faces) {
    const distance = Math.hypot(face.x - to.x, face.y - to.y);
    if (distance > bestDistance) continue;
    best = face;
    bestDistance = distance;
  }
  return best;
}

/** Units of face space per second, clamped; 0 when the two are not the same face shortly after one another. */
export function velocity(
  from: { readonly face: Face; readonly atMs: number } | undefined,
  to: Face,
  atMs: number,
): { readonly vx: number; readonly vy: number } {
  const gapMs = from ? atMs - from.atMs : 0;
  const isFresh = gapMs > 0 && gapMs < VELOCITY_GAP_MS_MAX;
  if (!from || !isFresh || !nearest([to], from.face)) return { vx: 0, vy: 0 };
  const perSecond = 1000 / gapMs;
  const limit = (v: number): number => clamp(v, -FACE_VELOCITY_MAX, FACE_VELOCITY_MAX);
  return {
    vx: limit((to.x - from.face.x) * perSecond),
    vy: limit((to.y - from.face.y) * perSecond),
  };
}

/**
 * Confidence on the wire from the detector's score, as the old host did it: .5–.7 → 55..70, .7–.85 → 70..85,
 * .85–1 → 85..95, below .5 → 25; a near face adds 2 (w > 60) or 3 (w > 80); at most 98.
 */
export function wireConfidence(score: number, w: number): number {
  const near = w > 80 ? 3 : w > 60 ? 2 : 0;
  return Math.min(98, Math.round(scoreConfidence(score)) + near);
}

function scoreConfidence(score: number): number {
  if (score < 0.5) return 25;
  if (score < 0.7) return 55 + ((score - 0.5) / 0.2) * 15;
  if (score < 0.85) return 70 + ((score - 0.7) / 0.15) * 15;
  return 85 + ((Math.min(1, score) - 0.85) / 0.15) * 10;
}

function area(face: Face): number {
  return face.w * face.h;
}
