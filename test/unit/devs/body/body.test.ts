/**
 * Properties of the body: every posture ends at its table's angles, every gesture and loop gives the pose back,
 * offsets never become part of the base, a tracked face keeps the gaze whatever is played on top, and no
 * stream of commands and faces passes limits or speed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Body } from "../../../../devs/body/body.js";
import { NOD_CAPS, PAN_CAPS, TILT_CAPS } from "../../../../devs/body/motion.js";
import type { GestureName, PostureName } from "../../../../devs/body/port.js";
import type { Pose } from "../../../../devs/body/pose.js";
import { seededChance } from "../../../../src/time/chance.js";
import { BODY_TRACE, TRACE_STEPS, traceStep } from "../../../fixtures/body-trace.js";

const SEED = Number(process.env["SEED"] ?? 4711);

class Rig {
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

const POSTURES: [PostureName, number, number, number][] = [
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

test("verbs: every posture ends at the angles of its table", () => {
  for (const [name, pan, nod, tilt] of POSTURES) {
    const rig = new Rig();
    rig.body.look(100, 120);
    rig.run(2000);
    rig.body.posture(name);
    rig.run(9000);
    rig.assertPose(pan, nod, tilt, name);
    assert.equal(rig.body.status().isAnimating, false, `${name} has ended`);
  }
});

test("verbs: a double take goes away from the side it is on", () => {
  const rig = new Rig();
  rig.body.look(60, 115);
  rig.run(2000);
  rig.body.posture("physical_double_take");
  rig.run(2000);
  rig.assertPose(90, 115, 85, "from the right to the left");
});

test("verbs: LOOK is clamped to the limits and leaves tilt alone", () => {
  const rig = new Rig();
  rig.body.posture("physical_curious_tilt");
  rig.run(1500);
  rig.body.look(500, -20);
  rig.run(3000);
  rig.assertPose(170, 80, 55, "clamped");
});

test("O-18: gestures give the pose back exactly and swing as far as their table says", () => {
  const swings: [GestureName, number, keyof Pose, number, number, number][] = [
    ["nod", 3, "nod", 15, -5, 5],
    ["shake", 2, "pan", 20, -20, 5],
    ["acknowledge", 1, "nod", 8, 0, 5],
    ["celebrate", 1, "nod", 15, -5, 6],
    ["celebrate", 1, "tilt", 5, -10, 5],
  ];
  for (const [name, count, axis, top, bottom, slack] of swings) {
    const rig = new Rig();
    rig.body.look(100, 110);
    rig.run(2000);
    const from = rig.pose[axis];
    let max = 0;
    let min = 0;
    rig.body.gesture(name, count);
    rig.run(20);
    assert.equal(rig.body.status().isAnimating, true);
    rig.run(12_000, (pose) => {
      max = Math.max(max, pose[axis] - from);
      min = Math.min(min, pose[axis] - from);
    });
    assert.ok(max >= top - slack && max <= top + 0.1, `${name} swings up to ${max}`);
    assert.ok(min <= bottom + slack && min >= bottom - 0.1, `${name} swings down to ${min}`);
    rig.assertPose(100, 110, 85, name);
    assert.equal(rig.body.status().isAnimating, false);
  }
});

test("verbs: NOD:n nods n times", () => {
  for (const count of [1, 4]) {
    const rig = new Rig();
    let turns = 0;
    let before = rig.pose.nod;
    let isDown = false;
    rig.body.gesture("nod", count);
    rig.run(10_000, (pose) => {
      if (pose.nod > before + 0.01 && !isDown) {
        isDown = true;
        if (pose.nod < 118) turns++;
      } else if (pose.nod < before - 0.01) isDown = false;
      before = pose.nod;
    });
    // One more small way down: from the last -5 back to level.
    assert.equal(turns, count + 1);
  }
});

test("O-18: loops sway about their centre, end at once, and leave the base alone", () => {
  const rig = new Rig();
  rig.body.loop("thinking");
  rig.run(3000);
  let min = 999;
  let max = 0;
  rig.run(12_000, (pose) => {
    min = Math.min(min, pose.pan);
    max = Math.max(max, pose.pan);
  });
  assert.ok(Math.abs(min - 80) < 0.5 && Math.abs(max - 100) < 0.5, `${min}..${max}`);
  rig.body.loop("speaking");
  rig.run(2000);
  min = 999;
  max = 0;
  rig.run(6000, (pose) => {
    min = Math.min(min, pose.nod);
    max = Math.max(max, pose.nod);
  });
  assert.ok(Math.abs(min - 108) < 0.5 && Math.abs(max - 116) < 0.5, `${min}..${max}`);
  rig.body.loop("none");
  rig.run(1500);
  rig.assertPose(90, 112, 85, "after the loop");
  assert.equal(rig.body.status().isAnimating, false);
});

test("verbs: ACKNOWLEDGE does not end a loop, a LOOK replaces a gesture", () => {
  const rig = new Rig();
  rig.body.loop("thinking");
  rig.run(500);
  rig.body.gesture("acknowledge", 1);
  rig.run(3000);
  assert.equal(rig.body.status().isAnimating, true);
  rig.body.loop("none");
  rig.body.gesture("shake", 10);
  rig.run(300);
  rig.body.look(120, 110);
  rig.run(2500);
  rig.assertPose(120, 110, 90, "looks, with the tilt that thinking left");
  rig.body.posture("idle");
  rig.run(2500);
  rig.assertPose(90, 115, 85, "idle is upright");
});

test("O-18: ambient offsets move the servos and not the base", () => {
  const rig = new Rig();
  for (let i = 0; i < 400; i++) {
    rig.ambient(5, 3 * Math.sin(i / 15), 0);
    rig.run(20);
  }
  rig.run(1000);
  assert.ok(Math.abs(rig.pose.pan - 95) < 0.1);
  rig.ambient(0, 0, 0);
  rig.run(1500);
  rig.assertPose(90, 115, 85, "as before");
});

test("O-15: what is played on top of a tracked face stays within 8° of the gaze", () => {
  const rig = new Rig();
  rig.track(110, 112, 1200);
  assert.ok(Math.abs(rig.pose.pan - 110) < 1);
  let off = 0;
  const watch = (pose: Pose): void => {
    off = Math.max(off, Math.abs(pose.pan - 110), Math.abs(pose.nod - 112));
  };
  rig.body.loop("thinking");
  rig.track(110, 112, 3000, watch);
  rig.body.posture("express_anxious");
  rig.track(110, 112, 600, watch);
  assert.ok(rig.pose.tilt > 95, `the expression shows: tilt ${rig.pose.tilt}`);
  rig.body.gesture("shake", 3);
  rig.body.posture("express_excited");
  rig.track(110, 112, 6000, watch);
  assert.ok(off > 3 && off < 10, `pulled off by ${off}`);
  rig.body.loop("none");
  rig.track(110, 112, 2000);
  assert.ok(Math.abs(rig.pose.pan - 110) < 0.4, `back on the face: ${rig.pose.pan}`);
  assert.ok(Math.abs(rig.pose.tilt - 85) < 0.1, `upright again: ${rig.pose.tilt}`);
  assert.equal(rig.body.isFollowing(), true);
});

test("D4: the hold after a loss keeps the place where the head stopped, loop or no loop", () => {
  const rig = new Rig();
  rig.body.loop("speaking");
  rig.track(115, 112, 1500);
  rig.body.dropFace();
  rig.body.loop("none");
  assert.equal(rig.body.isFollowing(), false);
  assert.equal(rig.body.takeLoss(), "no_face");
  rig.run(1000);
  assert.ok(Math.abs(rig.pose.pan - 115) < 1.5, `holds at ${rig.pose.pan}`);
  rig.run(3000);
  rig.assertPose(90, 115, 85, "at the centre");
});

test("verbs: a command during the way back is obeyed", () => {
  const rig = new Rig();
  rig.track(130, 112, 1500);
  rig.run(1800);
  rig.body.dropFace();
  rig.body.look(60, 120);
  rig.run(3000);
  rig.assertPose(60, 120, 85, "looks");
});

test("QUERY: tracking error and what is left to go are numbers, zero when nobody is there", () => {
  const rig = new Rig();
  const before = rig.body.status();
  assert.deepEqual([before.trackingError, before.pidPan, before.pidTilt], [0, 0, 0]);
  assert.equal(rig.body.reflex.ageOfFaceMs(rig.nowMs), -1);
  rig.face(180, 120);
  rig.run(60);
  const after = rig.body.status();
  assert.ok(Math.abs(after.trackingError - 60) < 1e-9);
  assert.ok(after.pidPan < -10, "right is toward smaller base");
  assert.equal(rig.body.reflex.reflexState(), "acquire");
  assert.equal(rig.body.reflex.lastSeq, 1);
});

test(`body: no stream of commands and faces passes limits or speed (seed ${SEED})`, () => {
  const chance = seededChance(SEED);
  const rig = new Rig(() => chance.next());
  const gestures: GestureName[] = ["nod", "shake", "celebrate", "acknowledge"];
  const loops = ["thinking", "speaking", "none"] as const;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance.next() * list.length)] as T;
  let last = rig.pose;
  for (let i = 0; i < 20_000; i++) {
    const dice = chance.next();
    if (dice < 0.01) rig.body.look(chance.next() * 400 - 100, chance.next() * 400 - 100);
    else if (dice < 0.02) rig.body.posture(pick(POSTURES)[0]);
    else if (dice < 0.03) rig.body.gesture(pick(gestures), 1 + Math.floor(chance.next() * 10));
    else if (dice < 0.035) rig.body.loop(pick(loops));
    else if (dice < 0.04) rig.body.dropFace();
    else if (dice < 0.045) rig.body.move("reset", 0, 0);
    else if (dice < 0.05) rig.ambient(60, -60, 200);
    else if (dice < 0.055) rig.ambient(0, 0, 0);
    else if (i % 2000 < 800 && dice < 0.5) rig.face(chance.next() * 240, chance.next() * 240);
    const dtMs = chance.next() < 0.1 ? 3 : 20;
    rig.nowMs += dtMs;
    rig.pose = rig.step();
    for (const [axis, caps] of [
      ["pan", PAN_CAPS],
      ["nod", NOD_CAPS],
      ["tilt", TILT_CAPS],
    ] as const) {
      const { [axis]: deg } = rig.pose;
      assert.ok(deg >= caps.degMin && deg <= caps.degMax, `${axis} ${deg}`);
      const moved = Math.abs(deg - last[axis]);
      assert.ok(moved <= (caps.speedMax * dtMs) / 1000 + 1e-6, `${axis} by ${moved}`);
    }
    last = rig.pose;
  }
});

test("F1: the scripted trace is the one that the VM is held to", () => {
  const body = new Body(50, () => 0.25);
  assert.equal(BODY_TRACE.length, TRACE_STEPS);
  for (let step = 0; step < TRACE_STEPS; step++) {
    assert.equal(traceStep(body, step), BODY_TRACE[step], `step ${step}`);
  }
});

test("HOLD: the head stays where it is, before a face too, until it is let go", () => {
  const rig = new Rig();
  rig.body.move("look", 140, 100);
  rig.run(2500);
  rig.body.move("hold", 5, 0);
  for (let i = 0; i < 150; i++) {
    rig.face(200, 120);
    rig.run(20);
  }
  rig.assertPose(140, 100, 85, "held");
  assert.equal(rig.body.isFollowing(), false);
  rig.body.move("hold", 0, 0);
  for (let i = 0; i < 50; i++) {
    rig.face(200, 120);
    rig.run(20);
  }
  assert.ok(rig.body.isFollowing(), "let go, it follows");
  rig.body.move("hold", 1, 0);
  rig.run(1500);
  assert.equal(rig.body.isHolding(), false, "and it ends by itself");
});

test("HOLD: a head that follows a face stops there and does not go back to the centre", () => {
  const rig = new Rig();
  rig.track(120, 110, 1500);
  rig.body.move("hold", 10, 0);
  rig.run(500);
  const { pan, nod } = rig.pose;
  assert.ok(Math.abs(pan - 120) < 2 && Math.abs(nod - 110) < 2, `stopped at ${pan}, ${nod}`);
  // The companion ends its loop, or the gaze starts afresh: neither moves.
  rig.body.move("none", 0, 0);
  rig.body.move("reset", 0, 0);
  rig.track(120, 110, 5000, (pose) => {
    assert.ok(Math.abs(pose.pan - pan) < 0.1 && Math.abs(pose.nod - nod) < 0.1);
  });
  assert.equal(rig.body.isFollowing(), false, "others may move it");
  rig.body.move("idle", 0, 0);
  rig.track(60, 110, 1500);
  assert.ok(Math.abs(rig.pose.pan - 60) < 2, "a verb that moves lets go");
});
