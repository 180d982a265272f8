/** Properties: the wire's scaling, clamps and confidence; the robot stays with one person and changes only for a reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chooseFace,
  toFaceSpace,
  velocity,
  wireConfidence,
  type Choice,
  type Face,
} from "../../../src/vision/face.js";
import { seenFace } from "../../support/sights.js";

const at = (x: number, w: number): Face => toFaceSpace(seenFace({ x, w, h: w }), 240, 240);

test("scales both axes on their own and keeps everything within 0..240", () => {
  const centre = toFaceSpace(seenFace({ x: 160, y: 120, w: 80, h: 60 }), 320, 240);
  assert.deepEqual([centre.x, centre.y, centre.w, centre.h], [120, 120, 60, 60]);
  const outside = toFaceSpace(seenFace({ x: 400, y: -20, w: 900, h: 0 }), 320, 240);
  assert.deepEqual([outside.x, outside.y, outside.w, outside.h], [240, 0, 240, 1]);
});

test("takes the largest face first", () => {
  assert.equal(chooseFace(undefined, [at(50, 40), at(150, 60)], 0)?.face.x, 150);
  assert.equal(chooseFace(undefined, [], 0), undefined);
});

test("stays with its person while another is only a little larger", () => {
  let choice: Choice | undefined = chooseFace(undefined, [at(50, 40)], 0);
  for (let ms = 33; ms < 5000; ms += 33) choice = chooseFace(choice, [at(50, 40), at(150, 44)], ms);
  assert.equal(choice?.face.x, 50);
});

test("goes over to a much larger face, but only after a while", () => {
  let choice: Choice | undefined = chooseFace(undefined, [at(50, 40)], 0);
  const both = [at(50, 40), at(150, 60)];
  let changedAtMs: number | undefined;
  for (let ms = 33; ms < 3000 && changedAtMs === undefined; ms += 33) {
    choice = chooseFace(choice, both, ms);
    if (choice?.face.x === 150) changedAtMs = ms;
  }
  assert.ok(changedAtMs !== undefined && changedAtMs > 500 && changedAtMs < 800, `${changedAtMs}`);
});

test("a rival that comes and goes never wins", () => {
  let choice: Choice | undefined = chooseFace(undefined, [at(50, 40)], 0);
  for (let ms = 33, i = 0; ms < 5000; ms += 33, i++) {
    choice = chooseFace(choice, i % 10 < 8 ? [at(50, 40), at(150, 60)] : [at(50, 40)], ms);
    assert.equal(choice?.face.x, 50);
  }
});

test("takes another face at once when its own has gone", () => {
  const choice = chooseFace({ face: at(50, 40), rivalSinceMs: undefined }, [at(200, 30)], 10);
  assert.equal(choice?.face.x, 200);
});

test("velocity is per second, clamped to ±500, and 0 without a fresh face before", () => {
  const from = { face: at(100, 40), atMs: 1000 };
  assert.equal(Math.round(velocity(from, at(101, 40), 1100).vx), 10);
  assert.equal(velocity(from, at(140, 40), 1033).vx, 500);
  assert.equal(velocity(from, at(60, 40), 1033).vx, -500);
  assert.equal(velocity(from, at(200, 40), 1033).vx, 0, "that is somebody else");
  assert.equal(velocity(from, at(110, 40), 1200).vx, 0);
  assert.equal(velocity(from, at(110, 40), 1000).vx, 0);
  assert.equal(velocity(undefined, at(110, 40), 1000).vx, 0);
});

test("confidence follows the old host's table", () => {
  const table: [score: number, w: number, conf: number][] = [
    [0.3, 40, 25],
    [0.5, 40, 55],
    [0.6, 40, 63],
    [0.7, 40, 70],
    [0.85, 40, 85],
    [1, 40, 95],
    [1, 61, 97],
    [1, 81, 98],
    [0.3, 90, 28],
  ];
  for (const [score, w, conf] of table)
    assert.equal(wireConfidence(score, w), conf, `${score} ${w}`);
});
