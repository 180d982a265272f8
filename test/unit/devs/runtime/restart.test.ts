/** Restart rules of firmware duties: growing jittered waits, recovery, and a report instead of a silent loop. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFailing, newRestartState, noteFailure } from "../../../../devs/runtime/restart.js";

test("waits double from 200 ms to 5 s when a duty fails at once", () => {
  const state = newRestartState();
  const waits = [];
  for (let i = 0; i < 7; i++) waits.push(noteFailure(state, i * 100, i * 100, 0));
  assert.deepEqual(waits, [200, 400, 800, 1600, 3200, 5000, 5000]);
});

test("jitter adds up to a quarter of the wait", () => {
  assert.equal(noteFailure(newRestartState(), 0, 0, 0.999), 249);
});

test("a run of 10 s starts the waits over", () => {
  const state = newRestartState();
  noteFailure(state, 0, 0, 0);
  noteFailure(state, 0, 0, 0);
  assert.equal(noteFailure(state, 1000, 11_000, 0), 200);
});

test("the sixth restart within a minute is failing; a minute of peace ends it", () => {
  const state = newRestartState();
  for (let i = 0; i < 5; i++) noteFailure(state, 0, i * 1000, 0);
  assert.equal(state.failing, false);
  noteFailure(state, 0, 5000, 0);
  assert.equal(state.failing, true);
  assert.equal(isFailing(state, 59_000), true);
  assert.equal(isFailing(state, 61_000), false);
  assert.equal(state.failedAtMs.length, 6, "memory of failures is bounded");
});
