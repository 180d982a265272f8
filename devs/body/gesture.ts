/**
 * Postures, gestures and animation loops as data, and the player that walks through a gesture's frames. Nothing
 * here waits: a player is asked each step for its offset. Values: the old
 * robot's, which its host relies on; degrees.
 *
 * Postures and frames are made when one is asked for, which is seldom: kept, they would take 3 KB of the heap. The build packs
 * these tables into texts (docs/architecture/relinker.md).
 */
import type { GestureName, LoopName, PostureName } from "./port.js";
import type { Pose } from "./pose.js";

/** Marks an axis that a posture leaves where it is asked to be. */
export const KEEP = -1;

/** Pan, nod, tilt, pace, away, nodBy: see `postureOf`. */
export type Posture = readonly [number, number, number, number, number, number];

/**
 * A held target: pan, nod, tilt (`KEEP` or degrees), pace in percent of the motion caps (everyday 60, a sigh 35,
 * startled 100), degrees added to pan away from the side it is on, degrees added to the nod that is asked for now.
 * "idle" is upright again: nothing else would ever take back the tilt of an expression.
 */
export function postureOf(name: PostureName): Posture {
  const postures: Readonly<Record<PostureName, Posture>> = {
    attention_center: [90, 115, KEEP, 60, 0, 0],
    attention_left: [140, 115, KEEP, 60, 0, 0],
    attention_right: [40, 115, KEEP, 60, 0, 0],
    attention_up: [90, 90, KEEP, 60, 0, 0],
    attention_down: [90, 140, KEEP, 60, 0, 0],
    listening: [90, 105, KEEP, 70, 0, 0],
    perform_pre_speech: [90, 108, KEEP, 60, 0, 0],
    perform_watching: [90, 108, KEEP, 60, 0, 0],
    perform_lean_forward: [90, 105, KEEP, 60, 0, 0],
    perform_deflated: [KEEP, KEEP, KEEP, 35, 0, 10],
    perform_acknowledged: [90, 115, KEEP, 60, 0, 0],
    physical_expectant: [90, 105, KEEP, 60, 0, 0],
    physical_sigh: [KEEP, KEEP, KEEP, 35, 0, 10],
    physical_settle: [KEEP, KEEP, KEEP, 35, 0, 12],
    physical_double_take: [KEEP, KEEP, KEEP, 100, 30, 0],
    physical_dismissive: [KEEP, KEEP, KEEP, 60, 40, 0],
    physical_curious_tilt: [KEEP, KEEP, 55, 60, 0, 0],
    physical_startled: [90, 90, 105, 100, 0, 0],
    express_curious: [90, 120, 55, 60, 0, 0],
    express_content: [90, 105, 85, 35, 0, 0],
    express_anxious: [90, 90, 105, 100, 0, 0],
    express_confused: [75, 115, 95, 60, 0, 0],
    express_excited: [KEEP, KEEP, KEEP, 100, 0, 0],
    express_neutral: [90, 110, 85, 60, 0, 0],
    express_startled: [90, 110, 85, 60, 0, 0],
    express_bored: [90, 110, 85, 60, 0, 0],
    idle: [90, 115, 85, 60, 0, 0],
  };
  return postures[name];
}

/** Frames of a gesture's round: pan, nod, tilt to be added, and milliseconds, for each. */
function framesOf(name: GestureName): readonly number[] {
  const frames: Readonly<Record<GestureName, readonly number[]>> = {
    nod: [0, 15, 0, 150, 0, -5, 0, 150],
    shake: [-20, 0, 0, 150, 20, 0, 0, 150],
    celebrate: [10, 15, -10, 100, -10, -5, 5, 100],
    acknowledge: [0, 8, 0, 120],
  };
  return frames[name];
}
const FRAME_NUMBERS = 4;

/** Played when the posture is reached; "" nothing. */
export function gestureAfter(name: PostureName): GestureName | "" {
  if (name === "express_confused") return "shake";
  return name === "express_excited" ? "celebrate" : "";
}

/** A loop: its centre, which the base takes while nobody is tracked, and how far and how fast each axis swings about it. */
export interface Loop extends Pose {
  readonly panDeg: number;
  readonly panS: number;
  readonly nodDeg: number;
  readonly nodS: number;
  readonly tiltDeg: number;
  readonly tiltS: number;
}

/** Those that move; "none" does not. */
export type TurningLoop = Exclude<LoopName, "none">;

const TURNS: Readonly<Record<TurningLoop, Loop>> = {
  thinking: {
    pan: 90,
    nod: 108,
    tilt: 90,
    panDeg: 10,
    panS: 6,
    nodDeg: 5,
    nodS: 8,
    tiltDeg: 8,
    tiltS: 7,
  },
  speaking: {
    pan: 90,
    nod: 112,
    tilt: 85,
    panDeg: 3,
    panS: 10,
    nodDeg: 4,
    nodS: 1.5,
    tiltDeg: 3,
    tiltS: 5,
  },
};

export function loopOf(name: TurningLoop): Loop {
  return TURNS[name];
}

const CELEBRATE_ROUNDS = 3;
/** A frame ends when its time is over and the head is this near, ... */
const ARRIVED_DEG = 4;
/** ... or after this at the latest: a servo that cannot follow must not hold a gesture for ever. */
const FRAME_MS_MAX = 600;
/** How long an expression stays on top of the gaze while a face is tracked. */
const OVERLAY_MS = 1500;

/** Plays one gesture at a time; a new one replaces it. */
export class GesturePlayer {
  /** Offset of now, degrees, while something is playing. */
  pan = 0;
  nod = 0;
  tilt = 0;
  isPlaying = false;
  private isGesture = false;
  private frames: readonly number[] = [];
  private isBounce = false;
  private roundsLeft = 0;
  private index = 0;
  private dwellMs = 0;
  private sinceMs = 0;
  private swing = 1;

  /** @param chance a number in [0, 1): the side to which a bounce swings. */
  constructor(private readonly chance: () => number) {}

  /** Starts at `nowMs`; `count` rounds for nod and shake. */
  play(name: GestureName, count: number, nowMs: number): void {
    this.isPlaying = true;
    this.isGesture = true;
    this.frames = framesOf(name);
    this.isBounce = name === "celebrate";
    this.roundsLeft = this.isBounce ? CELEBRATE_ROUNDS : name === "acknowledge" ? 1 : count;
    this.startRound(nowMs);
  }

  /** Shows an offset for a while and takes it back: an expression during tracking. */
  overlay(pan: number, nod: number, tilt: number, nowMs: number): void {
    this.isPlaying = true;
    this.isGesture = false;
    this.pan = pan;
    this.nod = nod;
    this.tilt = tilt;
    this.dwellMs = OVERLAY_MS;
    this.sinceMs = nowMs;
  }

  stop(): void {
    this.isPlaying = false;
  }

  /**
   * Goes on to the offset of `nowMs`; false: it has ended. `awayDeg`: how far the axis that is furthest off still is
   * from the last target.
   */
  step(nowMs: number, awayDeg: number): boolean {
    const overMs = nowMs - this.sinceMs - this.dwellMs;
    if (overMs >= 0 && (awayDeg <= ARRIVED_DEG || overMs >= FRAME_MS_MAX)) this.next(nowMs);
    return this.isPlaying;
  }

  private next(nowMs: number): void {
    this.index += FRAME_NUMBERS;
    const { isGesture } = this;
    if (isGesture && this.index < this.frames.length) this.show(nowMs);
    else if (isGesture && this.roundsLeft > 1) {
      this.roundsLeft--;
      this.startRound(nowMs);
    } else this.stop();
  }

  private startRound(nowMs: number): void {
    this.index = 0;
    this.swing = this.isBounce ? 2 * this.chance() - 1 : 1;
    this.show(nowMs);
  }

  private show(nowMs: number): void {
    const { frames, index } = this;
    this.pan = (frames[index] as number) * this.swing;
    this.nod = frames[index + 1] as number;
    this.tilt = frames[index + 2] as number;
    this.dwellMs = frames[index + 3] as number;
    this.sinceMs = nowMs;
  }
}
