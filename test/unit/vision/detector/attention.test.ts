/** Properties: a detector that gives nothing while pictures come is slow after 2 s and silent after 10 s, whatever the reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  eyesOff,
  lookOf,
  NO_ATTENTION,
  pictureCame,
  pictureFailed,
  pictureLookedAt,
  picturesEnded,
  type Attention,
} from "../../../../src/vision/detector/attention.js";

const LOOKED = pictureLookedAt(true, 0);
const state = (attention: Attention, nowMs: number, isReady = true): string =>
  lookOf(attention, isReady, nowMs).state;

test("it is starting until it has looked once", () => {
  const waiting = pictureCame(NO_ATTENTION, 0);
  assert.equal(state(waiting, 60_000, false), "starting");
  assert.equal(state(waiting, 60_000), "silent", "ready, and looks at nothing");
});

test("A6, C1: pictures that nobody looks at make it slow, then silent; one look ends that", () => {
  let attention = pictureCame(LOOKED, 1000);
  // More of them change nothing: the oldest counts.
  attention = pictureCame(attention, 2900);
  assert.equal(state(attention, 2999), "works");
  assert.equal(state(attention, 3000), "slow");
  assert.equal(state(attention, 10_999), "slow");
  assert.equal(state(attention, 11_000), "silent");
  assert.equal(lookOf(attention, true, 13_000).text, "It has looked at no picture for 12 s.");
  assert.equal(state(pictureLookedAt(true, 11_000), 60_000), "works");
});

test("a look at an old picture leaves the newer one unlooked at", () => {
  const attention = pictureLookedAt(false, 5000);
  assert.equal(state(attention, 6999), "works");
  assert.equal(state(attention, 7000), "slow");
});

test("pictures that cannot be decoded are not looked at, and that is said", () => {
  const attention = pictureFailed(pictureCame(LOOKED, 0), "it is no JPEG");
  assert.equal(
    lookOf(attention, true, 3000).text,
    "It has looked at no picture for 3.0 s: it is no JPEG.",
  );
});

test("a thread that is replaced is no start", () => {
  const attention = pictureCame(LOOKED, 0);
  assert.match(lookOf(attention, false, 3000).text, /its thread was replaced and is starting/);
  assert.equal(state(attention, 10_000, false), "silent");
});

test("without a camera there is nothing to look at", () => {
  assert.equal(state(picturesEnded(pictureCame(LOOKED, 0)), 60_000), "works");
});

test("eyes that cannot start are silent from the first moment, and say why", () => {
  const off = eyesOff(NO_ATTENTION, 'the model "face mesh" is cut');
  assert.deepEqual(lookOf(off, false, 0), {
    state: "silent",
    text: 'The eyes are off: the model "face mesh" is cut.',
  });
});
