/**
 * Judges what the detector saw: which face, how it moves, whether there is anything to see at all, who came and
 * left. Pure: `stepScene(state, sight, times) → state`. A frozen or black picture holds no face, whatever the detector
 * says: the head must not follow a picture that does not answer to it (H1, H5).
 */
import { chooseFace, toFaceSpace, velocity, type Choice, type Face } from "./face.js";
import { expressionOf, NO_EXPRESSION, stepExpression, type ExpressionState } from "./expression.js";
import { NOBODY, stepPeople, type People } from "./people.js";
import { isBlack } from "./detector/light.js";
import type { Sight } from "./detector/sight.js";

/** Identical pictures for this long: the camera is frozen. A sensor's noise makes no two alike. */
const FROZEN_MS = 1500;
/** Share of dark pictures of late (about the last 10) from which on the camera is called blind; a flicker counts. */
const BLIND_SHARE = 0.5;
const SIGHT_SHARE = 0.2;
const DARK_SMOOTHING = 0.1;
const NOVELTY_SMOOTHING = 0.3;
/** A person has left when no face was seen for this long; shorter is a blink of the detector. */
const LEFT_AFTER_MS = 1000;
const ANGLE_SMOOTHING = 0.4;
/** O-21: facing the camera within these angles. */
const FACING_YAW_DEG = 20;
const FACING_PITCH_DEG = 15;

/** Why nothing can be seen, or that something can. */
export type Visibility = "clear" | "dark" | "frozen";

export interface PresentFace {
  readonly face: Face;
  readonly vx: number;
  readonly vy: number;
  readonly capturedAtMs: number;
}

export interface Scene {
  /** The face of the last judged picture; undefined: there was none in it. */
  readonly present: PresentFace | undefined;
  /** Faces in the last judged picture. */
  readonly faceCount: number;
  /** Who they are on screen, and who has just left. */
  readonly people: People;
  readonly visibility: Visibility;
  /** 0..1, smoothed difference between pictures. */
  readonly novelty: number;
  readonly expression: ExpressionState;
  /** Degrees, smoothed; 0 without a face. */
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly isFacing: boolean;
  /** Monotonic ms; undefined: never. */
  readonly appearedAtMs: number | undefined;
  readonly leftAtMs: number | undefined;
  readonly choice: Choice | undefined;
  readonly lastFace: { readonly face: Face; readonly atMs: number } | undefined;
  readonly isSomebodyHere: boolean;
  readonly sameSinceMs: number | undefined;
  readonly darkShare: number | undefined;
}

export const EMPTY_SCENE: Scene = {
  present: undefined,
  faceCount: 0,
  people: NOBODY,
  visibility: "clear",
  novelty: 0,
  expression: NO_EXPRESSION,
  yawDeg: 0,
  pitchDeg: 0,
  isFacing: false,
  appearedAtMs: undefined,
  leftAtMs: undefined,
  choice: undefined,
  lastFace: undefined,
  isSomebodyHere: false,
  sameSinceMs: undefined,
  darkShare: undefined,
};

/** What to tell the robot about the picture. */
export type Verdict = "face" | "noFace";

/** Judges one picture. `capturedAtMs` and `nowMs` are monotonic. */
export function stepScene(
  scene: Scene,
  sight: Sight,
  capturedAtMs: number,
  nowMs: number,
): { readonly scene: Scene; readonly verdict: Verdict } {
  const base = { ...scene, ...stepLight(scene, sight, nowMs) };
  if (base.visibility !== "clear") return nobody(base, capturedAtMs, nowMs);
  const faces = sight.faces.map((seen) => toFaceSpace(seen, sight.width, sight.height));
  const choice = chooseFace(scene.choice, faces, nowMs);
  if (!choice) return nobody(base, capturedAtMs, nowMs);
  const { face } = choice;
  const isKnown = scene.isSomebodyHere;
  const smooth = isKnown ? ANGLE_SMOOTHING : 1;
  const yawDeg = mix(scene.yawDeg, face.seen.yawDeg, smooth);
  const pitchDeg = mix(scene.pitchDeg, face.seen.pitchDeg, smooth);
  const moved = velocity(scene.lastFace, face, capturedAtMs);
  return {
    scene: {
      ...base,
      present: { face, ...moved, capturedAtMs },
      faceCount: faces.length,
      people: stepPeople(scene.people, faces, capturedAtMs),
      expression: stepExpression(scene.expression, expressionOf(face.seen), nowMs),
      yawDeg,
      pitchDeg,
      isFacing: Math.abs(yawDeg) < FACING_YAW_DEG && Math.abs(pitchDeg) < FACING_PITCH_DEG,
      appearedAtMs: isKnown ? scene.appearedAtMs : nowMs,
      choice,
      lastFace: { face, atMs: capturedAtMs },
      isSomebodyHere: true,
    },
    verdict: "face",
  };
}

function nobody(
  scene: Scene,
  capturedAtMs: number,
  nowMs: number,
): { scene: Scene; verdict: Verdict } {
  const lastMs = scene.lastFace?.atMs;
  const hasLeft = scene.isSomebodyHere && (lastMs === undefined || nowMs - lastMs > LEFT_AFTER_MS);
  return {
    scene: {
      ...scene,
      present: undefined,
      faceCount: 0,
      people: stepPeople(scene.people, [], capturedAtMs),
      // The choice outlives a blink, so that the robot stays with the same person.
      choice: hasLeft ? undefined : scene.choice,
      yawDeg: hasLeft ? 0 : scene.yawDeg,
      pitchDeg: hasLeft ? 0 : scene.pitchDeg,
      isFacing: hasLeft ? false : scene.isFacing,
      isSomebodyHere: scene.isSomebodyHere && !hasLeft,
      leftAtMs: hasLeft ? nowMs : scene.leftAtMs,
      expression: hasLeft ? { ...scene.expression, samples: [] } : scene.expression,
    },
    verdict: "noFace",
  };
}

/**
 * Nobody looks any more (camera lost, detector gone): what was present is not called so, and nobody faces a camera that
 * sees nothing. Whether they have left is not known before the next picture.
 */
export function loseSight(scene: Scene): Scene {
  return {
    ...scene,
    present: undefined,
    faceCount: 0,
    people: { ...scene.people, here: [], away: [...scene.people.here, ...scene.people.away] },
    yawDeg: 0,
    pitchDeg: 0,
    isFacing: false,
  };
}

type LightPart = Pick<Scene, "visibility" | "novelty" | "sameSinceMs" | "darkShare">;

function stepLight(scene: Scene, { light }: Sight, nowMs: number): LightPart {
  const difference = light.difference ?? 0;
  const sameSinceMs = stepSame(scene.sameSinceMs, light.difference, nowMs);
  const isDark = isBlack(light);
  const dark = isDark ? 1 : 0;
  const darkShare =
    scene.darkShare === undefined ? dark : mix(scene.darkShare, dark, DARK_SMOOTHING);
  const limit = scene.visibility === "dark" ? SIGHT_SHARE : BLIND_SHARE;
  const isFrozen = sameSinceMs !== undefined && nowMs - sameSinceMs >= FROZEN_MS;
  return {
    // A single dark picture has no face either, so "dark" wins over everything for that picture.
    visibility: darkShare > limit || isDark ? "dark" : isFrozen ? "frozen" : "clear",
    novelty: mix(scene.novelty, Math.min(1, difference), NOVELTY_SMOOTHING),
    sameSinceMs,
    darkShare,
  };
}

/** Since when all pictures are the same. One that could be compared with none tells nothing new. */
function stepSame(
  sinceMs: number | undefined,
  difference: number | undefined,
  nowMs: number,
): number | undefined {
  if (difference === undefined) return sinceMs;
  return difference === 0 ? (sinceMs ?? nowMs) : undefined;
}

function mix(old: number, fresh: number, share: number): number {
  return old + (fresh - old) * share;
}
