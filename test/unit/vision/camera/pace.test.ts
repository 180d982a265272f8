/**
 * Properties: half a picture a second is slow and not none; a quick camera that stalls is known before D4's 2 s; one hiccup
 * changes nothing; slow and quick do not flap.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  freshMsOf,
  NO_PACE,
  periodMsOf,
  resumePace,
  stepPace,
  waitMsOf,
  type Pace,
} from "../../../../src/vision/camera/pace.js";

/** The pace after pictures with these gaps. */
function after(...gapsMs: number[]): Pace {
  let nowMs = 0;
  return gapsMs.reduce((pace, gapMs) => stepPace(pace, (nowMs += gapMs)), stepPace(NO_PACE, 0));
}

test("C1: half a picture a second is a slow camera, whose next picture is waited for", () => {
  const pace = after(2000, 2000, 2000);
  assert.deepEqual([pace.isSlow, periodMsOf(pace), waitMsOf(pace)], [true, 2000, 8000]);
  assert.equal(freshMsOf(pace), 5000, "its picture is of now until two have failed to come");
});

test("A6: a camera of 25 a second that stalls is given up before the robot's 2 s are over", () => {
  const pace = after(40, 40, 40, 40, 40);
  assert.deepEqual([pace.isSlow, waitMsOf(pace), freshMsOf(pace)], [false, 1500, 2000]);
});

test("before a pace is known a picture is waited for as long as the slowest camera needs", () => {
  assert.equal(waitMsOf(NO_PACE), 6000);
  assert.equal(waitMsOf(after()), 6000);
  assert.equal(waitMsOf(after(5000)), 12_000, "a limit all the same");
});

test("one hiccup of a quick camera does not make it slow; three do", () => {
  assert.equal(after(40, 40, 40, 40, 3000).isSlow, false);
  assert.equal(after(40, 40, 3000, 3000, 3000).isSlow, true);
});

test("between the two limits it stays what it was", () => {
  const between = [800, 800, 800, 800, 800];
  assert.equal(after(...between).isSlow, false);
  assert.equal(after(2000, 2000, 2000, ...between).isSlow, true);
  assert.equal(after(2000, 2000, 2000, 100, 100, 100).isSlow, false);
});

test("the time without a connection is no gap, and the pace outlives it", () => {
  const pace = stepPace(resumePace(after(40, 40, 40)), 60_000);
  assert.deepEqual([pace.isSlow, periodMsOf(pace)], [false, 40]);
});
