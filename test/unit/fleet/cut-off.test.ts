// What becomes of a word in whose middle the room was lost. Properties: it is spoken of only where it had begun and the room was the
// reason, once the room and somebody in it are back, and never after 20 s.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { afterCutOff, cutOffBy, CUT_OFF_MS_MAX } from "../../../src/fleet/talk/cut-off.js";
import type { Spoken } from "../../../src/voice/speech/speech.js";

const spoken = (outcome: Spoken["outcome"], firstSoundMs?: number): Spoken => ({
  outcome,
  firstSoundMs,
  by: "tones",
  reason: "",
});

describe("a word that was cut off", () => {
  const rows = [
    ["begun, and the room is lost", spoken("shown", 100), "away", 5],
    ["begun, and the room is being resumed", spoken("shown", 100), "resuming", 5],
    ["not begun", spoken("shown"), "away", undefined],
    ["played to its end", spoken("played", 100), "away", undefined],
    ["stopped by somebody", spoken("stopped", 100), "away", undefined],
    ["begun, and the room is there", spoken("shown", 100), "there", undefined],
    ["no room at all", spoken("shown", 100), undefined, undefined],
  ] as const;
  for (const [what, outcome, room, expected] of rows) {
    it(`B4: ${what}: ${expected === undefined ? "nothing of it" : "cut off"}`, () => {
      assert.equal(cutOffBy(undefined, outcome, room, 5), expected);
      assert.equal(cutOffBy(1, outcome, room, 5), expected ?? 1, "an earlier one is kept");
    });
  }

  it("B4: is said when the room is back with somebody in it, and dropped by age", () => {
    const there = { state: "there", listeners: 1 } as const;
    assert.equal(afterCutOff(undefined, there, 5), "nothing");
    assert.equal(afterCutOff(0, { state: "away", listeners: 0 }, 5), "wait");
    assert.equal(afterCutOff(0, { state: "there", listeners: 0 }, 5), "wait");
    assert.equal(afterCutOff(0, there, CUT_OFF_MS_MAX), "say");
    assert.equal(afterCutOff(0, there, CUT_OFF_MS_MAX + 1), "nothing");
  });
});
