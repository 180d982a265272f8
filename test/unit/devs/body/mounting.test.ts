import assert from "node:assert/strict";
import { test } from "node:test";
import { ServoMap } from "../../../../devs/body/mounting.js";
import type { Mounting } from "../../../../devs/body/mounting.js";
import type { Pose } from "../../../../devs/body/pose.js";

const STRAIGHT = { flags: 0, trimDeg: [0, 0, 0] };

function servoDegs(pose: Pose, mounting: Mounting): readonly number[] {
  const servos = new ServoMap();
  servos.mount(mounting);
  servos.map(pose);
  return servos.degs;
}

test("mounting: wire 90 is the middle of the servo on every axis", () => {
  const pose = { pan: 90, nod: 115, tilt: 85 };
  assert.deepEqual(servoDegs(pose, STRAIGHT), [0, 25, -5]);
});

test("O-10: an inverted axis turns the other way, its trim does not", () => {
  const mounting = { flags: 5, trimDeg: [3, -2, 0] };
  assert.deepEqual(servoDegs({ pan: 140, nod: 115, tilt: 85 }, mounting), [-47, 23, 5]);
});

test("mounting: a trim cannot push a servo past its travel", () => {
  const mounting = { flags: 4, trimDeg: [30, 0, 30] };
  assert.deepEqual(servoDegs({ pan: 170, nod: 90, tilt: 20 }, mounting), [90, 0, 90]);
});

test("mounting: until it is told otherwise a robot is taken to be straight", () => {
  const servos = new ServoMap();
  servos.map({ pan: 90, nod: 115, tilt: 85 });
  assert.deepEqual(servos.degs, [0, 25, -5]);
});
