/** What the conversation knows of the robot and of what it sees, as plain values of now. */
import type { QueryFields } from "../robot/query.js";
import type { VisionState } from "../state/buddy-state.js";

export interface World {
  readonly isLinked: boolean;
  /** Upper case, as QUERY says it. */
  readonly emotion: string;
  readonly behavior: string;
  /** −1..1. */
  readonly valence: number;
  /** 0..1; hunger for the first three, levels for the others. */
  readonly social: number;
  readonly stimulation: number;
  readonly novelty: number;
  readonly energy: number;
  readonly safety: number;
  /** 0..1; `wantsToSpeak` from 0.7 on. */
  readonly wantsToSpeak: boolean;
  readonly speechTrigger: string;
  readonly isTracking: boolean;
  readonly camera: "off" | "blind" | "sees";
  readonly faces: number;
  /** Name of the face, when known. Comes from outside. */
  readonly faceName: string | undefined;
}

export function worldOf(
  robot: QueryFields & { readonly linked: boolean },
  vision: VisionState,
): World {
  const { emotion, behavior, valence, social, stimulation, novelty, energy, safety } = robot;
  const { wantsToSpeak, speechTrigger, tracking, linked } = robot;
  const hasPictures = vision.camera.state === "live" || vision.camera.state === "slow";
  const camera =
    vision.state === "off"
      ? "off"
      : hasPictures && vision.detector.state !== "silent"
        ? "sees"
        : "blind";
  return {
    social,
    stimulation,
    novelty,
    energy,
    safety,
    isLinked: linked,
    emotion,
    behavior,
    valence,
    wantsToSpeak,
    speechTrigger,
    isTracking: tracking,
    camera,
    faces: camera === "sees" ? vision.faces : 0,
    faceName: vision.face?.name,
  };
}

export type Wish = "social" | "stimulation" | "novelty" | "energy" | "safety" | "none";

/** Above this a hunger, below its mirror a level, is worth mentioning. */
const WORTH_SAYING = 0.55;

/** What the robot would like most. */
export function strongestWish(world: World): Wish {
  const wants: readonly (readonly [Wish, number])[] = [
    ["social", world.social],
    ["stimulation", world.stimulation],
    ["novelty", world.novelty],
    ["energy", 1 - world.energy],
    ["safety", 1 - world.safety],
  ];
  let best: Wish = "none";
  let most = WORTH_SAYING;
  for (const [wish, strength] of wants) {
    if (strength > most) [best, most] = [wish, strength];
  }
  return best;
}
