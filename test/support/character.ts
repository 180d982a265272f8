/** Inputs and time for tests of the behaviour engine. */
import { newMind, step } from "../../devs/character/engine.js";
import type { Mind, MindInputs } from "../../devs/character/mind.js";
import { newState } from "../../src/wire/state.js";
import type { SavedState } from "../../src/wire/state.js";
import type { Scene } from "../../devs/character/senses.js";
import { seededChance } from "../../src/time/chance.js";

/** Nobody there, the companion is, nothing moves. */
export function calmInputs(): MindInputs {
  return {
    hasFace: false,
    faceBaseDeg: 90,
    faceCm: 0,
    baseDeg: 90,
    isTracking: false,
    isAnimating: false,
    isHeld: false,
    isStill: false,
    companion: "here",
  };
}

export const CALM_SCENE: Scene = {
  form: "compact",
  hasFace: false,
  faceCount: 0,
  expression: "neutral",
  novelty: 0,
  motion: 0,
  change: "none",
  interest: 0,
  interestDirection: -1,
  objects: [],
};

/** A movement that was asked for: base and nod of "look", count of a gesture. */
export interface MindMotion {
  name: string;
  a: number;
  b: number;
}

/** Causes as "what: why", newest first. */
export function causesOf(mind: Mind): string[] {
  const list = JSON.parse(mind.causes.json(20, mind.nowMs)) as [number, string, string][];
  return list.map(([, event, reason]) => `${event}: ${reason}`);
}

/** A mind that lives in steps of `stepMs`, obeyed by a head that is where it looks at once. */
export class Subject {
  readonly saved: SavedState;
  readonly mind: Mind;
  readonly inputs: MindInputs = calmInputs();
  readonly motions: MindMotion[] = [];
  nowMs = 0;
  private readonly dice: () => number;

  constructor(seed = 1, saved = newState(), nowMs = 0) {
    this.nowMs = nowMs;
    this.saved = saved;
    this.mind = newMind(saved, this.nowMs);
    const chance = seededChance(seed);
    this.dice = () => chance.next();
    this.step();
  }

  step(): void {
    step(this.mind, this.inputs, this.nowMs, this.dice);
    const { motion, motionA, motionB } = this.mind;
    if (motion === "") return;
    this.motions.push({ name: motion, a: motionA, b: motionB });
    this.mind.motion = "";
    if (motion === "look" && !this.inputs.isTracking) this.inputs.baseDeg = motionA;
  }

  live(seconds: number, stepMs = 100): this {
    const endMs = this.nowMs + seconds * 1000;
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(endMs, this.nowMs + stepMs);
      this.step();
    }
    return this;
  }

  /** Names of the last causes, newest first. */
  causes(): string[] {
    return causesOf(this.mind);
  }
}
