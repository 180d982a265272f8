// What becomes of a conversation on a stage, from when whose sound was heard: two voices at once are seen, however they lie.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { overlapMs, reportOf, type Heard, type Turn } from "../../../src/stage/report.js";

const sound = (robot: string, startMs: number, endMs: number): Heard => ({ robot, startMs, endMs });

function turn(robot: string, startMs: number, endMs: number, more: Partial<Turn> = {}): Turn {
  const lengthMs = endMs - startMs;
  return {
    robot,
    text: "",
    isOpening: false,
    soundMs: lengthMs,
    heardMs: lengthMs,
    startMs,
    endMs,
    ...more,
  };
}

describe("report of a stage", () => {
  const cases: readonly (readonly [string, readonly Heard[], number])[] = [
    ["one after the other", [sound("A", 0, 100), sound("B", 100, 200)], 0],
    ["pieces of one robot that touch and overlap", [sound("A", 0, 100), sound("A", 50, 200)], 0],
    ["the end of one and the beginning of the next", [sound("A", 0, 100), sound("B", 70, 200)], 30],
    ["one inside another", [sound("A", 0, 100), sound("B", 20, 40)], 20],
    ["told in another order", [sound("B", 70, 200), sound("A", 0, 100)], 30],
    [
      "a long one, and a short one of its own robot after it",
      [sound("A", 0, 100), sound("A", 10, 20), sound("B", 90, 95)],
      5,
    ],
    ["three at once: each pair", [sound("A", 0, 10), sound("B", 0, 10), sound("C", 0, 10)], 30],
  ];
  for (const [what, heard, expected] of cases) {
    it(`B2: two voices at once, ${what}: ${expected} ms`, () => {
      assert.equal(overlapMs(heard), expected);
    });
  }

  it("a turn of which a tenth is missing is not heard, and the silence beside it is no gap", () => {
    const turns = [
      turn("A", 0, 1000, { isOpening: true }),
      turn("B", 1500, 2500),
      turn("C", 9000, 9800, { soundMs: 1000 }),
      turn("A", 10_000, 11_000),
      turn("B", 11_600, 12_000),
      // The pause before is a person's.
      turn("C", 90_000, 91_000, { isOpening: true }),
    ];
    const report = reportOf(turns, []);
    assert.deepEqual(report, { turns: 6, heard: 5, overlapMs: 0, gapP95Ms: 600 });
  });

  it("nothing was said", () => {
    assert.deepEqual(reportOf([], []), { turns: 0, heard: 0, overlapMs: 0, gapP95Ms: 0 });
  });
});
