/**
 * Properties of the body: every posture ends at its table's angles, every gesture and loop gives the pose back,
 * offsets never become part of the base, a tracked face keeps the gaze whatever is played on top, and no
 * stream of commands and faces passes limits or speed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Body } from "../../../../devs/body/body.js";
import { NOD_CAPS, PAN_CAPS, TILT_CAPS } from "../../../../devs/body/motion.js";
import type { GestureName } from "../../../../devs/body/port.js";
import type { Pose } from "../../../../devs/body/pose.js";
import { seededChance } from "../../../../src/time/chance.js";
import { BODY_TRACE, TRACE_STEPS, traceStep } from "../../../fixtures/body-trace.js";
import { SteppedBody, POSTURES } from "./stepped-body.js";

const SEED = Number(process.env["SEED"] ?? 4711);

test("verbs: every posture ends at the angles of its table", () => {
  for (const [name, pan, nod, tilt] of POSTURES) {
    const stepped = new SteppedBody();
    stepped.body.look(100, 120);
    stepped.run(2000);
    stepped.body.posture(name);
    stepped.run(9000);
    stepped.assertPose(pan, nod, tilt, name);
    assert.equal(stepped.body.status().isAnimating, false, `${name} has ended`);
  }
});

test("verbs: a double take goes away from the side it is on", () => {
  const stepped = new SteppedBody();
  stepped.body.look(60, 115);
  stepped.run(2000);
  stepped.body.posture("physical_double_take");
  stepped.run(2000);
  stepped.assertPose(90, 115, 85, "from the right to the left");
});

test("verbs: LOOK is clamped to the limits and leaves tilt alone", () => {
  const stepped = new SteppedBody();
  stepped.body.posture("physical_curious_tilt");
  stepped.run(1500);
  stepped.body.look(500, -20);
  stepped.run(3000);
  stepped.assertPose(170, 80, 55, "clamped");
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
    const stepped = new SteppedBody();
    stepped.body.look(100, 110);
    stepped.run(2000);
    const from = stepped.pose[axis];
    let max = 0;
    let min = 0;
    stepped.body.gesture(name, count);
    stepped.run(20);
    assert.equal(stepped.body.status().isAnimating, true);
    stepped.run(12_000, (pose) => {
      max = Math.max(max, pose[axis] - from);
      min = Math.min(min, pose[axis] - from);
    });
    assert.ok(max >= top - slack && max <= top + 0.1, `${name} swings up to ${max}`);
    assert.ok(min <= bottom + slack && min >= bottom - 0.1, `${name} swings down to ${min}`);
    stepped.assertPose(100, 110, 85, name);
    assert.equal(stepped.body.status().isAnimating, false);
  }
});

test("verbs: NOD:n nods n times", () => {
  for (const count of [1, 4]) {
    const stepped = new SteppedBody();
    let turns = 0;
    let before = stepped.pose.nod;
    let isDown = false;
    stepped.body.gesture("nod", count);
    stepped.run(10_000, (pose) => {
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
  const stepped = new SteppedBody();
  stepped.body.loop("thinking");
  stepped.run(3000);
  let min = 999;
  let max = 0;
  stepped.run(12_000, (pose) => {
    min = Math.min(min, pose.pan);
    max = Math.max(max, pose.pan);
  });
  assert.ok(Math.abs(min - 80) < 0.5 && Math.abs(max - 100) < 0.5, `${min}..${max}`);
  stepped.body.loop("speaking");
  stepped.run(2000);
  min = 999;
  max = 0;
  stepped.run(6000, (pose) => {
    min = Math.min(min, pose.nod);
    max = Math.max(max, pose.nod);
  });
  assert.ok(Math.abs(min - 108) < 0.5 && Math.abs(max - 116) < 0.5, `${min}..${max}`);
  stepped.body.loop("none");
  stepped.run(1500);
  stepped.assertPose(90, 112, 85, "after the loop");
  assert.equal(stepped.body.status().isAnimating, false);
});

test("verbs: ACKNOWLEDGE does not end a loop, a LOOK replaces a gesture", () => {
  const stepped = new SteppedBody();
  stepped.body.loop("thinking");
  stepped.run(500);
  stepped.body.gesture("acknowledge", 1);
  stepped.run(3000);
  assert.equal(stepped.body.status().isAnimating, true);
  stepped.body.loop("none");
  stepped.body.gesture("shake", 10);
  stepped.run(300);
  stepped.body.look(120, 110);
  stepped.run(2500);
  stepped.assertPose(120, 110, 90, "looks, with the tilt that thinking left");
  stepped.body.posture("idle");
  stepped.run(2500);
  stepped.assertPose(90, 115, 85, "idle is upright");
});

test("O-18: ambient offsets move the servos and not the base", () => {
  const stepped = new SteppedBody();
  for (let i = 0; i < 400; i++) {
    stepped.ambient(5, 3 * Math.sin(i / 15), 0);
    stepped.run(20);
  }
  stepped.run(1000);
  assert.ok(Math.abs(stepped.pose.pan - 95) < 0.1);
  stepped.ambient(0, 0, 0);
  stepped.run(1500);
  stepped.assertPose(90, 115, 85, "as before");
});

test("O-15: what is played on top of a tracked face stays within 8° of the gaze", () => {
  const stepped = new SteppedBody();
  stepped.track(110, 112, 1200);
  assert.ok(Math.abs(stepped.pose.pan - 110) < 1);
  let off = 0;
  const watch = (pose: Pose): void => {
    off = Math.max(off, Math.abs(pose.pan - 110), Math.abs(pose.nod - 112));
  };
  stepped.body.loop("thinking");
  stepped.track(110, 112, 3000, watch);
  stepped.body.posture("express_anxious");
  stepped.track(110, 112, 600, watch);
  assert.ok(stepped.pose.tilt > 95, `the expression shows: tilt ${stepped.pose.tilt}`);
  stepped.body.gesture("shake", 3);
  stepped.body.posture("express_excited");
  stepped.track(110, 112, 6000, watch);
  assert.ok(off > 3 && off < 10, `pulled off by ${off}`);
  stepped.body.loop("none");
  stepped.track(110, 112, 2000);
  assert.ok(Math.abs(stepped.pose.pan - 110) < 0.4, `back on the face: ${stepped.pose.pan}`);
  assert.ok(Math.abs(stepped.pose.tilt - 85) < 0.1, `upright again: ${stepped.pose.tilt}`);
  assert.equal(stepped.body.isFollowing(), true);
});

test("D4: the hold after a loss keeps the place where the head stopped, loop or no loop", () => {
  const stepped = new SteppedBody();
  stepped.body.loop("speaking");
  stepped.track(115, 112, 1500);
  stepped.body.dropFace();
  stepped.body.loop("none");
  assert.equal(stepped.body.isFollowing(), false);
  assert.equal(stepped.body.takeLoss(), "no_face");
  stepped.run(1000);
  assert.ok(Math.abs(stepped.pose.pan - 115) < 1.5, `holds at ${stepped.pose.pan}`);
  stepped.run(3000);
  stepped.assertPose(90, 115, 85, "at the centre");
});

test("verbs: a command during the way back is obeyed", () => {
  const stepped = new SteppedBody();
  stepped.track(130, 112, 1500);
  stepped.run(1800);
  stepped.body.dropFace();
  stepped.body.look(60, 120);
  stepped.run(3000);
  stepped.assertPose(60, 120, 85, "looks");
});

test("QUERY: tracking error and what is left to go are numbers, zero when nobody is there", () => {
  const stepped = new SteppedBody();
  const before = stepped.body.status();
  assert.deepEqual([before.trackingError, before.pidPan, before.pidTilt], [0, 0, 0]);
  assert.equal(stepped.body.reflex.ageOfFaceMs(stepped.nowMs), -1);
  stepped.face(180, 120);
  stepped.run(60);
  const after = stepped.body.status();
  assert.ok(Math.abs(after.trackingError - 60) < 1e-9);
  assert.ok(after.pidPan < -10, "right is toward smaller base");
  assert.equal(stepped.body.reflex.reflexState(), "acquire");
  assert.equal(stepped.body.reflex.lastSeq, 1);
});

test(`body: no stream of commands and faces passes limits or speed (seed ${SEED})`, () => {
  const chance = seededChance(SEED);
  const stepped = new SteppedBody(() => chance.next());
  const gestures: GestureName[] = ["nod", "shake", "celebrate", "acknowledge"];
  const loops = ["thinking", "speaking", "none"] as const;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance.next() * list.length)] as T;
  let last = stepped.pose;
  for (let i = 0; i < 20_000; i++) {
    const dice = chance.next();
    if (dice < 0.01) stepped.body.look(chance.next() * 400 - 100, chance.next() * 400 - 100);
    else if (dice < 0.02) stepped.body.posture(pick(POSTURES)[0]);
    else if (dice < 0.03) stepped.body.gesture(pick(gestures), 1 + Math.floor(chance.next() * 10));
    else if (dice < 0.035) stepped.body.loop(pick(loops));
    else if (dice < 0.04) stepped.body.dropFace();
    else if (dice < 0.045) stepped.body.move("reset", 0, 0);
    else if (dice < 0.05) stepped.ambient(60, -60, 200);
    else if (dice < 0.055) stepped.ambient(0, 0, 0);
    else if (i % 2000 < 800 && dice < 0.5) stepped.face(chance.next() * 240, chance.next() * 240);
    const dtMs = chance.next() < 0.1 ? 3 : 20;
    stepped.nowMs += dtMs;
    stepped.pose = stepped.step();
    for (const [axis, caps] of [
      ["pan", PAN_CAPS],
      ["nod", NOD_CAPS],
      ["tilt", TILT_CAPS],
    ] as const) {
      const { [axis]: deg } = stepped.pose;
      assert.ok(deg >= caps.degMin && deg <= caps.degMax, `${axis} ${deg}`);
      const moved = Math.abs(deg - last[axis]);
      assert.ok(moved <= (caps.speedMax * dtMs) / 1000 + 1e-6, `${axis} by ${moved}`);
    }
    last = stepped.pose;
  }
});

test("F1: the scripted trace is the one that the VM is held to", () => {
  const body = new Body(50, () => 0.25);
  assert.equal(BODY_TRACE.length, TRACE_STEPS);
  for (let step = 0; step < TRACE_STEPS; step++) {
    assert.equal(traceStep(body, step), BODY_TRACE[step], `step ${step}`);
  }
});
