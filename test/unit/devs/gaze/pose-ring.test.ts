import assert from "node:assert/strict";
import { test } from "node:test";
import { PoseRing } from "../../../../devs/gaze/pose-ring.js";

/** A head that pans at 50 °/s and nods at -10 °/s from time 0, recorded each `periodMs`. */
function moving(untilMs: number, periodMs = 25): PoseRing {
  const ring = new PoseRing();
  for (let ms = 0; ms <= untilMs; ms += periodMs) ring.record(ms, ms * 0.05, 100 - ms * 0.01);
  return ring;
}

/** Pan as of the pose at `atMs`. */
function panAt(ring: PoseRing, atMs: number): number {
  assert.equal(ring.lookUp(atMs), true);
  return ring.pan;
}

test("pose ring: empty has no pose to tell", () => {
  assert.equal(new PoseRing().lookUp(5), false);
});

test("pose ring: interpolates over at least half a second, whatever came before", () => {
  for (const untilMs of [600, 1000, 5000, 5025]) {
    const ring = moving(untilMs);
    assert.ok(ring.spanMs() >= 475, `${ring.spanMs()}`);
    for (let back = 0; back <= 475; back += 7) {
      assert.ok(Math.abs(panAt(ring, untilMs - back) - (untilMs - back) * 0.05) < 1e-9);
      assert.ok(Math.abs(ring.nod - (100 - (untilMs - back) * 0.01)) < 1e-9);
    }
  }
});

test("pose ring: tells how fast the head was then", () => {
  const ring = moving(1000);
  panAt(ring, 780);
  assert.ok(Math.abs(ring.panPerMs - 0.05) < 1e-9, `${ring.panPerMs}`);
  assert.ok(Math.abs(ring.nodPerMs + 0.01) < 1e-9, `${ring.nodPerMs}`);
});

test("pose ring: beyond either end the nearest pose, at rest", () => {
  const ring = moving(100);
  assert.equal(panAt(ring, 500), 5);
  assert.equal(ring.panPerMs, 0);
  assert.equal(panAt(ring, -500), 0);
  assert.equal(ring.panPerMs, 0);
});

test("pose ring: steps that come too close do not shorten its memory", () => {
  const ring = new PoseRing();
  for (let ms = 0; ms <= 2000; ms += 2) ring.record(ms, ms, 0);
  assert.ok(ring.spanMs() >= 340, `${ring.spanMs()}`);
  assert.ok(Math.abs(panAt(ring, 1700) - 1700) < 1e-9);
});
