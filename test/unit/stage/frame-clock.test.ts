// When frames of a voice sounded, however they were taken. Properties that must hold:
// - a busy process, which takes frames late and in a burst, moves none of them;
// - frames that never came move none of the later ones;
// - a process that is busy for long moves no voice over another.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameClock, type DatedFrame } from "../../../src/stage/frame-clock.js";

const FRAME_MS = 10;
const ADA = Symbol("Ada");
const BOB = Symbol("Bob");

/** Frames of one voice, each due 10 ms after the one before. */
class Frames {
  private readonly taken: { readonly dueMs: number; readonly frame: DatedFrame }[] = [];
  readonly clock = new FrameClock();

  take(fromMs: number, count: number, atMs = (dueMs: number) => dueMs): void {
    for (let i = 1; i <= count; i++) {
      const dueMs = fromMs + i * FRAME_MS;
      this.taken.push({ dueMs, frame: this.clock.take(ADA, FRAME_MS, atMs(dueMs)) });
    }
  }

  lateMs(): number[] {
    return this.taken.map(({ dueMs, frame }) => frame.endMs - dueMs);
  }
}

const zeros = (count: number): number[] => Array<number>(count).fill(0);

describe("times of frames", () => {
  it("B4: frames that are taken in a burst keep their times", () => {
    for (const seen of [1, 100, 150]) {
      const frames = new Frames();
      frames.take(10_000, seen);
      const fromMs = 10_000 + seen * FRAME_MS;
      // For 3 s nothing was taken, then all of it at once.
      frames.take(fromMs, 300, () => fromMs + 3000);
      frames.take(fromMs + 3000, 100);
      assert.deepEqual(frames.lateMs(), zeros(seen + 400));
    }
  });

  it("B4: frames that were lost move no other, and a burst after them is dated as any", () => {
    const frames = new Frames();
    frames.take(10_000, 150);
    // 400 ms never came; what came next is taken 200 ms late.
    frames.take(11_900, 20, () => 12_100);
    frames.take(12_100, 200);
    assert.deepEqual(frames.lateMs(), zeros(370));
  });

  it("B4: after a long silence the next frame sounds when it comes", () => {
    const frames = new Frames();
    frames.take(10_000, 150);
    frames.take(20_000, 1);
    assert.deepEqual(frames.lateMs(), zeros(151));
  });

  it("B2: a process that is late for seconds moves no voice over another", () => {
    const clock = new FrameClock();
    const both: { readonly dueMs: number; readonly ada: DatedFrame; readonly bob: DatedFrame }[] =
      [];
    for (let dueMs = 10_010; dueMs <= 20_000; dueMs += FRAME_MS) {
      // From then on each is taken 800 ms late, and from then on in time again.
      const takenMs = dueMs + (dueMs > 12_000 && dueMs <= 16_000 ? 800 : 0);
      const ada = clock.take(ADA, FRAME_MS, takenMs);
      // The other one has joined later.
      if (dueMs > 10_500) both.push({ dueMs, ada, bob: clock.take(BOB, FRAME_MS, takenMs) });
    }
    for (const { dueMs, ada, bob } of both) {
      assert.equal(ada.endMs, bob.endMs);
      assert.equal(ada.endMs, dueMs);
    }
    assert.equal(clock.lateMsMax, 800);
  });
});
