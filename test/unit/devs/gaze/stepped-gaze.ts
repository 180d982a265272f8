/**
 * The gaze's reflex with a head that moves as it is told, stepped as on the robot.
 */
import { Motion } from "../../../../devs/body/motion.js";
import { centrePose } from "../../../../devs/body/pose.js";
import type { Pose } from "../../../../devs/body/pose.js";
import { BODY_LAG_MS_DEFAULT, Reflex } from "../../../../devs/gaze/reflex.js";
import type { RestingHead } from "../../../../devs/gaze/reflex.js";
import type { Face } from "../../../../src/wire/face-frame.js";

const TICK_MS = 20;

/** Reflex and motion on one time line, without servo lag: what the firmware runs each 20 ms. */
export class SteppedGaze implements RestingHead {
  nowMs = 10_000;
  readonly reflex = new Reflex(BODY_LAG_MS_DEFAULT);
  readonly motion: Motion;
  base: Pose;
  /** The last step of the reflex had a wish. */
  hasWish = false;
  /** When the last face came that was fresh enough. */
  freshMs = 0;
  private seq = 0;

  constructor(start: Pose = centrePose()) {
    this.motion = new Motion(start);
    this.base = start;
    for (let step = 0; step < 30; step++) this.tick();
  }

  restPan(): number {
    return this.motion.pan.stopDeg();
  }

  restNod(): number {
    return this.motion.nod.stopDeg();
  }

  tick(): void {
    this.nowMs += TICK_MS;
    const { reflex, motion } = this;
    this.hasWish = reflex.step(this.nowMs, this);
    if (this.hasWish) this.base = { pan: reflex.panDeg, nod: reflex.nodDeg, tilt: this.base.tilt };
    motion.setPace(this.hasWish ? reflex.pace : 1);
    motion.step(this.base, 0, 0, TICK_MS);
    reflex.record(this.nowMs, motion.pan.pos, motion.nod.pos);
  }

  run(ms: number): void {
    for (let end = this.nowMs + ms; this.nowMs < end;) this.tick();
  }

  face(over: Partial<Face> = {}): boolean {
    const sight = {
      x: 120,
      y: 120,
      w: 60,
      h: 60,
      conf: 90,
      seq: ++this.seq,
      ageMs: 60,
      waitMs: 2,
      ...over,
    };
    const isFresh = this.reflex.see(sight, this.nowMs);
    if (isFresh) this.freshMs = this.nowMs;
    return isFresh;
  }

  /** A face at a fixed place in the room, seen 15 times a second for `ms`. */
  watch(panDeg: number, nodDeg: number, ms: number): void {
    for (let frame = 0; frame * 66 < ms; frame++) {
      const pose = this.motion.pose();
      const x = 120 - Math.round((panDeg - pose.pan) / 0.25);
      const y = 120 + Math.round((nodDeg - pose.nod) / 0.1875);
      this.face({ x: Math.min(240, Math.max(0, x)), y: Math.min(240, Math.max(0, y)), ageMs: 0 });
      this.run(66);
    }
  }
}
