/**
 * A body that is stepped every 20 ms, and the angles of every posture.
 */
import assert from "node:assert/strict";
import { Body } from "../../../../devs/body/body.js";
import type { PostureName } from "../../../../devs/body/port.js";
import type { Pose } from "../../../../devs/body/pose.js";

export class SteppedBody {
  nowMs = 1000;
  readonly body: Body;
  pose: Pose;
  private seq = 0;

  constructor(chance: () => number = () => 0.8) {
    this.body = new Body(50, chance);
    this.pose = this.step();
  }

  /** The pose after a step at `nowMs`, as a copy: the body's own is always the same object. */
  step(): Pose {
    this.body.step(this.nowMs);
    return { ...this.body.pose() };
  }

  /** What the head adds to everything. */
  ambient(pan: number, nod: number, tilt: number): void {
    Object.assign(this.body.ambient, { pan, nod, tilt });
  }

  run(ms: number, each: (pose: Pose) => void = () => undefined): void {
    for (const end = this.nowMs + ms; this.nowMs < end;) {
      this.nowMs += 20;
      this.pose = this.step();
      each(this.pose);
    }
  }

  /** A face straight ahead of wherever the head looks, or beside it. */
  face(x = 120, y = 120): void {
    const size = { w: 60, h: 60, conf: 90 };
    this.body.followFace({ x, y, ...size, seq: ++this.seq, ageMs: 0, waitMs: 0 }, this.nowMs);
  }

  /** Keeps a face in the room at pan, nod for `ms`. */
  track(pan: number, nod: number, ms: number, each: (pose: Pose) => void = () => undefined): void {
    for (let done = 0; done < ms; done += 60) {
      this.face(
        120 - Math.round((pan - this.pose.pan) * 4),
        120 + Math.round((nod - this.pose.nod) / 0.1875),
      );
      this.run(60, each);
    }
  }

  assertPose(pan: number, nod: number, tilt: number, what: string): void {
    const text = `${what}: ${this.pose.pan}, ${this.pose.nod}, ${this.pose.tilt}`;
    assert.ok(Math.abs(this.pose.pan - pan) < 0.1, text);
    assert.ok(Math.abs(this.pose.nod - nod) < 0.1, text);
    assert.ok(Math.abs(this.pose.tilt - tilt) < 0.1, text);
  }
}

export const POSTURES: [PostureName, number, number, number][] = [
  ["attention_center", 90, 115, 85],
  ["attention_left", 140, 115, 85],
  ["attention_right", 40, 115, 85],
  ["attention_up", 90, 90, 85],
  ["attention_down", 90, 140, 85],
  ["listening", 90, 105, 85],
  ["idle", 90, 115, 85],
  ["perform_pre_speech", 90, 108, 85],
  ["perform_watching", 90, 108, 85],
  ["perform_deflated", 100, 130, 85],
  ["perform_acknowledged", 90, 115, 85],
  ["perform_lean_forward", 90, 105, 85],
  ["physical_sigh", 100, 130, 85],
  ["physical_double_take", 70, 120, 85],
  ["physical_settle", 100, 132, 85],
  ["physical_expectant", 90, 105, 85],
  ["physical_dismissive", 60, 120, 85],
  ["physical_curious_tilt", 100, 120, 55],
  ["physical_startled", 90, 90, 105],
  ["express_curious", 90, 120, 55],
  ["express_excited", 100, 120, 85],
  ["express_content", 90, 105, 85],
  ["express_anxious", 90, 90, 105],
  ["express_neutral", 90, 110, 85],
  ["express_startled", 90, 110, 85],
  ["express_bored", 90, 110, 85],
  ["express_confused", 75, 115, 95],
];
