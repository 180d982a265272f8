/**
 * Properties: nobody there costs five looks a second, somebody is followed in every picture, a slow look delays no other. No
 * more pictures are asked for than are looked at or shown.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  NO_EFFORT,
  restMs,
  wantedPerS,
  type Effort,
} from "../../../../src/vision/detector/effort.js";

const FRAME_MS = 1000 / 30;

/** Which of `frames` pictures are looked at when each look takes no time and sees a face where `seen` says so. */
function looks(frames: number, seen: (i: number) => boolean): number[] {
  let effort: Effort = NO_EFFORT;
  const at: number[] = [];
  for (let i = 0; i < frames; i++) {
    const nowMs = 1000 + i * FRAME_MS;
    if (restMs(effort, false, nowMs) > 0) continue;
    at.push(i);
    effort = { givenAtMs: nowMs, seenAtMs: seen(i) ? nowMs : effort.seenAtMs, lookMs: 8 };
  }
  return at;
}

test("G7: with nobody there five pictures a second are looked at, and a face waits no longer than 200 ms", () => {
  const at = looks(300, () => false);
  assert.equal(at.length, 50);
  for (let comes = 100; comes < 110; comes++) {
    const seen = looks(300, (i) => i >= comes).find((i) => i >= comes) ?? 999;
    assert.ok((seen - comes) * FRAME_MS <= 200, `came at ${comes}, looked at ${seen}`);
  }
});

test("every picture is looked at while somebody is there and for a second after", () => {
  const at = looks(200, (i) => i < 50);
  assert.deepEqual(
    at.filter((i) => i < 79),
    Array.from({ length: 79 }, (_, i) => i),
  );
  assert.ok(at.length < 79 + 24, `${at.length}`);
});

test("G7: on a slow machine no picture waits for a slow look, on a quick one the newest does", () => {
  const tracking: Effort = { givenAtMs: 1000, seenAtMs: 1000, lookMs: 90 };
  assert.equal(restMs(tracking, true, 1033), 90);
  assert.equal(restMs(tracking, false, 1100), 0);
  assert.equal(restMs({ ...tracking, lookMs: 12 }, true, 1033), 0);
});

test("the first picture is looked at", () => {
  assert.equal(restMs(NO_EFFORT, false, 0), 0);
  assert.equal(restMs({ ...NO_EFFORT, givenAtMs: 0 }, false, 40), 150, "and then one in 190 ms");
});

test("G7: of a camera that gives five pictures a second each is looked at, late ones and early ones too", () => {
  let effort: Effort = NO_EFFORT;
  const gapsMs = [200, 220, 180, 230, 170, 205, 195, 260, 140, 200];
  let nowMs = 1000;
  for (const gapMs of gapsMs) {
    assert.equal(restMs(effort, false, nowMs, 200), 0, `after ${nowMs - 1000} ms`);
    effort = { ...effort, givenAtMs: nowMs };
    nowMs += gapMs;
  }
  assert.ok(restMs(effort, false, nowMs - 200 + 99, 200) > 0, "but none that comes at once");
  assert.ok(restMs(effort, false, nowMs - 200 + 99, 5000) > 0, "nor one of a camera that was slow");
});

test("G7: a camera is asked for five pictures a second while nobody is there and nobody looks at them", () => {
  const seen: Effort = { givenAtMs: 5000, seenAtMs: 5000, lookMs: 8 };
  assert.equal(wantedPerS(NO_EFFORT, false, 5000), 5);
  assert.equal(wantedPerS(NO_EFFORT, true, 5000), 30, "somebody looks");
  assert.equal(wantedPerS(seen, false, 6000), 30, "somebody was there a second ago");
  assert.equal(wantedPerS(seen, false, 6001), 5);
});
