/**
 * A world for the behaviour engine: people who come and go, smile, move things and make noise, a companion that
 * talks or is switched off. Seeded; steps of 200 ms. It drives the firmware's own engine and records what the
 * robot did and felt.
 */
import { newMind, step } from "../../devs/character/engine.js";
import type { Mind, MindInputs } from "../../devs/character/mind.js";
import { BEHAVIOURS, TRIGGERS } from "../../devs/character/names.js";
import { TRAITS } from "../../src/wire/trait-names.js";
import { feed } from "../../devs/character/needs.js";
import { senseScene, senseSpoken, startle } from "../../devs/character/senses.js";
import { companionStage } from "../../devs/body/silence.js";
import { newState } from "../../src/wire/state.js";
import type { SavedState } from "../../src/wire/state.js";
import { seededChance } from "../../src/time/chance.js";
import { CALM_SCENE, calmInputs } from "../support/character.js";
import type { Period } from "./days.js";

const STEP_MS = 200;

/** What a minute looked like. */
export interface Minute {
  social: number;
  stimulation: number;
  novelty: number;
  energy: number;
  safety: number;
  arousal: number;
  valence: number;
  dominance: number;
  urge: number;
  hasFace: boolean;
  behaviour: number;
}

export interface Life {
  mind: Mind;
  saved: SavedState;
  minutes: Minute[];
  /** Milliseconds in each behaviour, times chosen, milliseconds of each label, times each trigger spoke up. */
  behaviourMs: number[];
  chosen: number[];
  emotionMs: Map<string, number>;
  triggers: Map<string, number>;
  motions: number;
  /** Lowest and highest value of each number that QUERY shows. */
  ranges: Map<string, [number, number]>;
  changes: number;
}

const NUMBERS = [
  "arousal",
  "valence",
  "dominance",
  "stimulation",
  "social",
  "novelty",
  "energy",
  "safety",
  "tension",
  "selfAwareness",
  "speechUrge",
] as const;

/** Lives `hours` of the day; `saved` goes on from an earlier one. */
export function live(periods: Period[], hours: number, seed: number, saved = newState()): Life {
  const chance = seededChance(seed);
  const dice = (): number => chance.next();
  const mind = newMind(saved, 0);
  const life: Life = {
    mind,
    saved,
    minutes: [],
    behaviourMs: BEHAVIOURS.map(() => 0),
    chosen: BEHAVIOURS.map(() => 0),
    emotionMs: new Map(),
    triggers: new Map(),
    motions: 0,
    ranges: new Map(),
    changes: 0,
  };
  const world = new World(dice);
  let lastBehaviour = mind.behavior;
  let lastWish = false;
  for (let nowMs = 0; nowMs < hours * 3_600_000; nowMs += STEP_MS) {
    const period = periodAt(periods, nowMs / 3_600_000);
    world.step(mind, period, nowMs);
    step(mind, world.inputs, nowMs, dice);
    world.obey(mind, life);
    life.behaviourMs[mind.act]! += STEP_MS;
    life.emotionMs.set(mind.emotion, (life.emotionMs.get(mind.emotion) ?? 0) + STEP_MS);
    if (mind.behavior !== lastBehaviour) {
      life.chosen[mind.act]!++;
      life.changes++;
      lastBehaviour = mind.behavior;
    }
    if (mind.wantsToSpeak && !lastWish) {
      life.triggers.set(mind.speechTrigger, (life.triggers.get(mind.speechTrigger) ?? 0) + 1);
      if (period.companion && dice() < 0.5) senseSpoken(mind);
    }
    lastWish = mind.wantsToSpeak;
    note(life);
    if (nowMs % 60_000 === 0) life.minutes.push(minuteOf(mind, world.inputs));
  }
  return life;
}

function periodAt(periods: Period[], hour: number): Period {
  let found = periods[0]!;
  for (const period of periods) if (period.fromH <= hour % 24) found = period;
  return found;
}

function note(life: Life): void {
  for (const name of NUMBERS) {
    const value = life.mind[name];
    const range = life.ranges.get(name);
    if (!range) life.ranges.set(name, [value, value]);
    else {
      // Written so that NaN shows up too.
      if (!(value >= range[0])) range[0] = value;
      if (!(value <= range[1])) range[1] = value;
    }
  }
}

function minuteOf(mind: Mind, inputs: MindInputs): Minute {
  return {
    social: mind.social,
    stimulation: mind.stimulation,
    novelty: mind.novelty,
    energy: mind.energy,
    safety: mind.safety,
    arousal: mind.arousal,
    valence: mind.valence,
    dominance: mind.dominance,
    urge: mind.speechUrge,
    hasFace: inputs.hasFace,
    behaviour: mind.act,
  };
}

/** People and things round the robot. */
class World {
  readonly inputs = calmInputs();
  private leavesMs = -1;
  private isFriendly = false;
  private sceneMs = 0;
  private animatesUntilMs = 0;
  private goneSinceMs = -1;

  constructor(private readonly dice: () => number) {}

  step(mind: Mind, period: Period, nowMs: number): void {
    const perStep = STEP_MS / 3_600_000;
    if (nowMs >= this.leavesMs && this.dice() < period.visitsPerH * perStep) {
      this.leavesMs = nowMs + period.visitMinutes * 60_000 * (0.2 + 1.6 * this.dice());
      this.isFriendly = this.dice() < period.friendly;
      this.inputs.faceBaseDeg = 40 + 100 * this.dice();
      this.inputs.faceCm = 50 + 60 * this.dice();
    }
    const inputs = this.inputs;
    inputs.hasFace = nowMs < this.leavesMs;
    inputs.isTracking = inputs.hasFace;
    if (inputs.hasFace) this.person(mind, nowMs);
    inputs.isAnimating = nowMs < this.animatesUntilMs;
    if (this.dice() < period.eventsPerH * perStep) this.event(mind);
    if (this.dice() < period.frightsPerH * perStep) startle(mind, 0.5 + 0.5 * this.dice());
    this.stage(period.companion, nowMs);
  }

  /** The robot moved as it wished. */
  obey(mind: Mind, life: Life): void {
    const motion = mind.motion;
    if (motion === "") return;
    mind.motion = "";
    life.motions++;
    if (motion === "look") this.inputs.baseDeg = mind.motionA;
  }

  private person(mind: Mind, nowMs: number): void {
    const inputs = this.inputs;
    inputs.faceBaseDeg = Math.max(
      20,
      Math.min(160, inputs.faceBaseDeg + (this.dice() - 0.5) * 0.6),
    );
    inputs.faceCm = Math.max(25, Math.min(150, inputs.faceCm + (this.dice() - 0.5) * 1.5));
    inputs.baseDeg = inputs.faceBaseDeg;
    if (nowMs - this.sceneMs < 1000) return;
    this.sceneMs = nowMs;
    const expression = this.isFriendly && this.dice() < 0.3 ? "happy" : "neutral";
    const motion = this.dice() * 0.3;
    senseScene(mind, {
      ...CALM_SCENE,
      hasFace: true,
      faceCount: 1,
      expression,
      novelty: motion,
      motion,
    });
    if (this.isFriendly && this.dice() < 0.01) {
      feed(mind, "social", 0.15);
      feed(mind, "stimulation", 0.1);
      this.animatesUntilMs = nowMs + 6000;
    }
  }

  private event(mind: Mind): void {
    const novelty = 0.15 + 0.4 * this.dice();
    senseScene(mind, { ...CALM_SCENE, novelty, motion: novelty });
    if (this.dice() < 0.3) {
      const objects = [{ baseDeg: 40 + 100 * this.dice(), nodDeg: 110 }];
      senseScene(mind, { ...CALM_SCENE, form: "long", change: "new_object", novelty, objects });
    }
  }

  private stage(isThere: boolean, nowMs: number): void {
    if (isThere) this.goneSinceMs = -1;
    else if (this.goneSinceMs < 0) this.goneSinceMs = nowMs;
    const goneS = this.goneSinceMs < 0 ? 0 : (nowMs - this.goneSinceMs) / 1000;
    this.inputs.companion = companionStage(goneS * 1000);
  }
}

/** Share of the time in each behaviour, in percent, and the rest of a life in lines. */
export function lifeLines(name: string, life: Life): string[] {
  const totalMs = life.behaviourMs.reduce((sum, ms) => sum + ms, 0);
  const share = (ms: number) => `${((100 * ms) / totalMs).toFixed(1)} %`;
  const behaviours = BEHAVIOURS.map(
    (b, i) => `${b} ${share(life.behaviourMs[i]!)} (${life.chosen[i]!}×)`,
  );
  const emotions = [...life.emotionMs].map(([label, ms]) => `${label} ${share(ms)}`);
  const triggers = TRIGGERS.filter((t) => life.triggers.has(t)).map(
    (t) => `${t} ${life.triggers.get(t)}`,
  );
  const ranges = [...life.ranges].map(
    ([n, [low, high]]) => `${n} ${low.toFixed(2)}..${high.toFixed(2)}`,
  );
  return [
    `${name}: ${(totalMs / 3_600_000).toFixed(0)} h, ${life.changes} changes, ${life.motions} movements`,
    `  behaviour: ${behaviours.join(", ")}`,
    `  emotion:   ${emotions.join(", ")}`,
    `  speech:    ${triggers.join(", ")}`,
    `  ranges:    ${ranges.join(", ")}`,
    `  weights:   ${life.saved.weights.map((w, i) => `${BEHAVIOURS[i]} ${w.toFixed(2)}`).join(", ")}`,
    `  traits:    ${life.saved.traits.map((t, i) => `${TRAITS[i]} ${t.toFixed(3)}`).join(", ")}`,
  ];
}
