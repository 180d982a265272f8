/** Properties: paths are where they say at each time, stay in what the head can reach, and are continuous where they claim. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { faceAt, pathSchema, SINK_MS } from "../../../../src/vision/demo-camera/path.js";
import { faceInView } from "../../../../src/vision/demo-camera/render.js";
import { CAMERA_VFOV_DEG, NOD_DEG_MAX } from "../../../../src/wire/index.js";

test("steps of 20° go left, back, right, back", () => {
  const path = pathSchema.parse({ name: "steps", holdMs: 1000 });
  const bases = [0, 999, 1000, 2500, 3000, 4000].map((ms) => faceAt(path, ms).baseDeg);
  assert.deepEqual(bases, [90, 90, 110, 90, 70, 90]);
});

test("the sweep is a sinus of its amplitude and period", () => {
  const path = pathSchema.parse({ name: "sweep", amplitudeDeg: 30, periodMs: 8000 });
  assert.equal(faceAt(path, 0).baseDeg, 90);
  assert.ok(Math.abs(faceAt(path, 2000).baseDeg - 120) < 1e-9);
  assert.ok(Math.abs(faceAt(path, 6000).baseDeg - 60) < 1e-9);
});

test("wander and sweep never jump: at most 60°/s", () => {
  for (const name of ["wander", "sweep"] as const) {
    const path = pathSchema.parse({ name });
    for (let ms = 0; ms < 60_000; ms += 10) {
      const a = faceAt(path, ms);
      const b = faceAt(path, ms + 10);
      assert.ok(Math.hypot(a.baseDeg - b.baseDeg, a.nodDeg - b.nodDeg) <= 0.6, `${name} at ${ms}`);
    }
  }
});

test("leave: while away the photograph is in no view the head can have, and it comes back elsewhere", () => {
  const path = pathSchema.parse({ name: "leave", stayMs: 1000, awayMs: 2000 });
  assert.equal(faceAt(path, 500).nodDeg, 115);
  const away = faceAt(path, 1000 + SINK_MS + 1000);
  // The photograph reaches about 18° above the face's centre.
  assert.ok(away.nodDeg - 18 > NOD_DEG_MAX + CAMERA_VFOV_DEG / 2);
  const cycleMs = 1000 + 2000 + 2 * SINK_MS;
  assert.equal(faceAt(path, cycleMs + 500).baseDeg, 105);
});

test("signs: a face to the robot's right is right in the picture; pan left moves the scene right; nod up moves it down", () => {
  const centre = faceInView({ baseDeg: 90, nodDeg: 115 }, { baseDeg: 90, nodDeg: 115 });
  assert.deepEqual(centre, { x: 160, y: 120 });
  assert.ok(faceInView({ baseDeg: 90, nodDeg: 115 }, { baseDeg: 80, nodDeg: 115 }).x > 160);
  assert.ok(faceInView({ baseDeg: 95, nodDeg: 115 }, { baseDeg: 90, nodDeg: 115 }).x > 160);
  assert.ok(faceInView({ baseDeg: 90, nodDeg: 110 }, { baseDeg: 90, nodDeg: 115 }).y > 120);
});

test("one pixel is 0.1875°, both ways", () => {
  const off = faceInView({ baseDeg: 90, nodDeg: 115 }, { baseDeg: 89.8125, nodDeg: 115.1875 });
  assert.ok(Math.abs(off.x - 161) < 1e-9 && Math.abs(off.y - 121) < 1e-9);
});

test("wrong paths are refused", () => {
  for (const bad of [
    { name: "fly" },
    { name: "steps", holdMs: 0 },
    { name: "still", baseDeg: "x" },
  ]) {
    assert.equal(pathSchema.safeParse(bad).success, false, JSON.stringify(bad));
  }
});
