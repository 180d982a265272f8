// Who is heard in the room without the floor. Properties: a holder never is, nor one whose last sound was still on its way, nor one
// of whom nothing is known; a robot that goes on talking is, after 0.3 s of it, and again for as long as it does.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  LATE_MS,
  OUT_OF_TURN_MS,
  overhear,
  type Overheard,
} from "../../../src/fleet/director/overhear-core.js";

const FRAME_MS = 10;

type Stretch = readonly [holds: boolean | undefined, ms: number, isSilent?: boolean];

/** Sound without a gap, or silence. @returns when it was out of turn, ms */
function hear(...plan: readonly Stretch[]): number[] {
  const seen: number[] = [];
  let state: Overheard | undefined;
  let nowMs = 0;
  for (const [holds, ms, isSilent = false] of plan) {
    for (const endMs = nowMs + ms; nowMs < endMs;) {
      nowMs += FRAME_MS;
      if (isSilent) continue;
      const step = overhear(state, FRAME_MS, holds, nowMs);
      state = step.state;
      if (step.isOutOfTurn) seen.push(nowMs);
    }
  }
  return seen;
}

describe("who is heard in the room", () => {
  it("B2: a holder is in turn, however long it talks", () => {
    assert.deepEqual(hear([true, 60_000]), []);
  });

  it("B2: what a holder said last may be heard a while after it gave the floor back", () => {
    assert.deepEqual(hear([true, 3000], [false, LATE_MS]), []);
  });

  it("B2: who goes on without the floor is out of turn, again and again", () => {
    const fromMs = 3000 + LATE_MS - FRAME_MS + OUT_OF_TURN_MS;
    assert.deepEqual(hear([true, 3000], [false, LATE_MS + 2 * OUT_OF_TURN_MS]), [
      fromMs,
      fromMs + OUT_OF_TURN_MS,
    ]);
  });

  it("B2: who never had it is out of turn, after the time in which it may have had it before", () => {
    assert.deepEqual(hear([false, LATE_MS + OUT_OF_TURN_MS]), [LATE_MS + OUT_OF_TURN_MS]);
  });

  it("B2: a crackle now and then is nothing", () => {
    const crackle: Stretch[] = Array.from({ length: 10 }, () => [false, 100] as const);
    const pauses: Stretch[] = crackle.map(() => [false, 5000, true]);
    assert.deepEqual(hear(...crackle.flatMap((one, i) => [one, pauses[i] as Stretch])), []);
  });

  it("B2: while nobody knows who has the floor nobody is out of turn", () => {
    assert.deepEqual(hear([false, LATE_MS], [undefined, 10_000], [false, LATE_MS]), []);
  });
});
