// When frames of a voice sound, however they are taken. Properties that must hold:
// - a busy process, which takes frames late and in a burst, moves none of them;
// - after frames that never came the later ones are late for a second at most;
// - a process that is busy for longer moves all voices alike.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameClock } from "../../../src/stage/frame-clock.js";

const FRAME_MS = 10;
const ADA = Symbol("Ada");
const BOB = Symbol("Bob");

/** Takes `count` frames of which each is due 10 ms after the one before. @returns the end of the last one */
function take(times: FrameClock, fromMs: number, count: number, atMs = (dueMs: number) => dueMs) {
  let endMs = 0;
  for (let i = 1; i <= count; i++) {
    endMs = times.take(ADA, FRAME_MS, atMs(fromMs + i * FRAME_MS));
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

  it("B2: a process that is late for seconds moves no voice over another", () => {
    const times = new FrameClock();
    for (let dueMs = 10_010; dueMs <= 20_000; dueMs += FRAME_MS) {
      // From then on each is taken 800 ms late, and from then on in time again.
      const takenMs = dueMs + (dueMs > 12_000 && dueMs <= 16_000 ? 800 : 0);
      const adaMs = times.take(ADA, FRAME_MS, takenMs) - dueMs;
      // The other one has joined later.
      if (dueMs <= 10_500) continue;
      const bobMs = times.take(BOB, FRAME_MS, takenMs) - dueMs;
      assert.ok(Math.abs(adaMs - bobMs) <= FRAME_MS, `${dueMs}: ${adaMs} and ${bobMs} ms`);
    }
  });
});
