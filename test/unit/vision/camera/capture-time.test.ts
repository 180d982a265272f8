/** Properties: capture is never after arrival; a frame that waited on the way is older by that wait; clocks may be set. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureTime, type JourneyState } from "../../../../src/vision/camera/capture-time.js";

test("without headers a frame was taken when its first byte came", () => {
  assert.equal(captureTime(undefined, {}, 500).capturedAtMs, 500);
});

test("an admitted age is believed, within reason", () => {
  assert.equal(captureTime(undefined, { ageMs: 12 }, 500).capturedAtMs, 488);
  assert.equal(captureTime(undefined, { ageMs: 1e9 }, 50_000).capturedAtMs, 45_000);
});

test("A12: with the camera's clock, a queued frame is as old as it is", () => {
  let state: JourneyState | undefined;
  for (let i = 0; i < 300; i++) {
    // Every tenth frame waited 80 ms somewhere; the camera's clock has an arbitrary zero.
    const takenMs = i * 33;
    const delayMs = i % 10 === 9 ? 80 : 0;
    const step = captureTime(state, { timestampMs: takenMs + 7_000_000 }, takenMs + 4 + delayMs);
    state = step.state;
    assert.equal(step.capturedAtMs, takenMs + 4, `frame ${i}`);
  }
});

test("a camera clock that is set does not spoil the ages after it", () => {
  let state: JourneyState | undefined;
  for (let i = 0; i < 200; i++) {
    const takenMs = i * 33;
    const clockMs = i < 100 ? takenMs : i < 150 ? takenMs + 3_600_000 : takenMs - 3_600_000;
    const step = captureTime(state, { timestampMs: clockMs }, takenMs + 4);
    state = step.state;
    assert.equal(step.capturedAtMs, takenMs + 4);
  }
});

test("a slow drift between the clocks is followed", () => {
  let state: JourneyState | undefined;
  let worstMs = 0;
  for (let i = 0; i < 60_000; i++) {
    const takenMs = i * 33;
    const step = captureTime(state, { timestampMs: takenMs * (1 - 50e-6) }, takenMs + 4);
    state = step.state;
    worstMs = Math.max(worstMs, takenMs + 4 - step.capturedAtMs);
  }
  assert.ok(worstMs < 2, `${worstMs} ms off`);
});
