// When a recording ends by itself: after speech, not after a click of the tongue; never for ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DEAD_MS,
  hear,
  newEndpointing,
  NO_SPEECH_MS,
  type Verdict,
} from "../../../../src/page/audio/endpointing.js";

const STEP_MS = 32;
const END_SILENCE_MS = 1000;
const quiet = { isSpeech: false, level: 0.003 };
const voice = { isSpeech: true, level: 0.1 };
const nothing = { isSpeech: false, level: 0 };

/** Plays stretches of [moment, ms]; @returns the last verdict and when it came. */
function run(...stretches: [typeof quiet, number][]): { verdict: Verdict; atMs: number } {
  let state = newEndpointing(0);
  let nowMs = 0;
  let verdict: Verdict = "listening";
  for (const [moment, ms] of stretches) {
    for (const endMs = nowMs + ms; nowMs < endMs;) {
      nowMs += STEP_MS;
      const heard = hear(state, moment, END_SILENCE_MS, nowMs);
      state = heard.state;
      verdict = heard.verdict;
      if (verdict === "ended" || verdict === "nobody" || verdict === "dead") {
        return { verdict, atMs: nowMs };
      }
    }
  }
  return { verdict, atMs: nowMs };
}

const near = (atMs: number, dueMs: number): boolean => Math.abs(atMs - dueMs) <= 2 * STEP_MS;

test("speech, then quiet: it ends a moment after the last word", () => {
  const { verdict, atMs } = run([quiet, 800], [voice, 2000], [quiet, 5000]);
  assert.equal(verdict, "ended");
  assert.ok(near(atMs, 2800 + END_SILENCE_MS), String(atMs));
});

test("a pause between words does not end it", () => {
  assert.equal(run([voice, 1000], [quiet, END_SILENCE_MS - 200], [voice, 500]).verdict, "speaking");
});

test("a short noise is not speech; nobody speaks: it ends all the same", () => {
  const { verdict, atMs } = run([quiet, 1000], [voice, 80], [quiet, 20_000]);
  assert.equal(verdict, "nobody");
  assert.ok(near(atMs, NO_SPEECH_MS), String(atMs));
});

test("a dead microphone is known within 3 s", () => {
  const { verdict, atMs } = run([nothing, 10_000]);
  assert.equal(verdict, "dead");
  assert.ok(near(atMs, DEAD_MS) && atMs <= 3000, String(atMs));
});
