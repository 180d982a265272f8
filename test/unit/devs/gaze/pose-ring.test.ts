import assert from "node:assert/strict";
import { test } from "node:test";
import { PoseRing } from "../../../../devs/gaze/pose-ring.js";

const FALLBACK = { pan: 1, nod: 2 };

/** A head that pans at 50 °/s and nods at -10 °/s from time 0, recorded each 20 ms. */
function moving(untilMs: number): PoseRing {
  const ring = new PoseRing();
  for (let ms = 0; ms <= untilMs; ms += 20) ring.record(ms, ms * 0.05, 100 - ms * 0.01);
  return ring;
}

test("pose ring: empty gives the fallback and no swing", () => {
  assert.deepEqual(new PoseRing().poseAt(5, FALLBACK), FALLBACK);
  assert.deepEqual(new PoseRing().swingOver(0, 100), { pan: 0, nod: 0 });
});

test("pose ring: interpolates over at least half a second, whatever came before", () => {
  for (const untilMs of [600, 1000, 5000, 5020]) {
    const ring = moving(untilMs);
    assert.ok(ring.spanMs() >= 500);
    for (let back = 0; back <= 500; back += 7) {
      const at = ring.poseAt(untilMs - back, FALLBACK);
      assert.ok(Math.abs(at.pan - (untilMs - back) * 0.05) < 1e-9);
      assert.ok(Math.abs(at.nod - (100 - (untilMs - back) * 0.01)) < 1e-9);
    }
  }
});

test("pose ring: beyond either end the nearest pose", () => {
  const ring = moving(100);
  assert.equal(ring.poseAt(500, FALLBACK).pan, 5);
  assert.equal(ring.poseAt(-500, FALLBACK).pan, 0);
});

test("pose ring: steps that come too close do not shorten its memory", () => {
  const ring = new PoseRing();
  for (let ms = 0; ms <= 2000; ms += 2) ring.record(ms, ms, 0);
  assert.ok(ring.spanMs() >= 500);
  assert.ok(Math.abs(ring.poseAt(1700, FALLBACK).pan - 1700) < 1e-9);
});

test("pose ring: the swing covers the span asked for, and ends included it is never less", () => {
  const ring = moving(1000);
  const swing = ring.swingOver(700, 800);
  assert.ok(swing.pan >= 5 && swing.pan <= 7.01, `${swing.pan}`);
  assert.ok(swing.nod >= 1 && swing.nod <= 1.41);
  assert.equal(ring.swingOver(2000, 3000).pan <= 1, true);
});
