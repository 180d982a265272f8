// When frames of a voice sound, however they are taken. Properties that must hold:
// - a busy process, which takes frames late and in a burst, moves none of them;
// - after frames that never came the later ones are late for a second at most.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameClock } from "../../../src/stage/frame-clock.js";

const FRAME_MS = 10;

/** Takes `count` frames of which each is due 10 ms after the one before. @returns the end of the last one */
function take(times: FrameClock, fromMs: number, count: number, atMs = (dueMs: number) => dueMs) {
  let endMs = 0;
  for (let i = 1; i <= count; i++) {
    endMs = times.take(FRAME_MS, atMs(fromMs + i * FRAME_MS));
  }
  return endMs;
}

describe("times of frames", () => {
  it("B4: frames that are taken in a burst keep their times", () => {
    // The burst begins before, with and after a whole second's look.
    for (const seen of [1, 100, 101, 102, 150]) {
      const times = new FrameClock();
      const fromMs = 10_000 + seen * FRAME_MS;
      assert.equal(take(times, 10_000, seen), fromMs);
      // For 3 s nothing was taken, then all of it at once.
      const burstMs = fromMs + 3000;
      assert.equal(
        take(times, fromMs, 100, () => burstMs),
        fromMs + 1000,
      );
      assert.equal(
        take(times, fromMs + 1000, 200, () => burstMs),
        burstMs,
      );
      assert.equal(take(times, burstMs, 100), burstMs + 1000);
    }
  });

  it("B4: frames that were lost move the later ones no longer than for a second", () => {
    const times = new FrameClock();
    take(times, 10_000, 150);
    // 400 ms never came.
    assert.equal(take(times, 11_900, 10), 11_600);
    assert.equal(take(times, 12_000, 200), 14_000);
  });

  it("B4: after a long silence the next frame sounds when it comes", () => {
    const times = new FrameClock();
    take(times, 10_000, 150);
    assert.equal(take(times, 20_000, 1), 20_010);
  });
});
