// What of a sentence that was cut counts as said (A11): whole words that were heard, never more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsHeard } from "../../../../src/conversation/turn/turn-trace.js";

const ROWS: readonly (readonly [string, number, string])[] = [
  ["The capital of France is Paris.", 0, ""],
  ["The capital of France is Paris.", 0.05, ""],
  ["The capital of France is Paris.", 0.1, "The…"],
  ["The capital of France is Paris.", 0.5, "The capital of…"],
  ["The capital of France is Paris.", 0.99, "The capital of France is…"],
  ["The capital of France is Paris.", 1, "The capital of France is Paris."],
  ["Yes, I know, of course.", 0.55, "Yes, I know…"],
  ["Unbelievable!", 0.9, ""],
  ["今日はとてもいい天気ですね。", 0.5, "今日はとてもい…"],
  ["", 0.5, ""],
];

for (const [speech, share, heard] of ROWS) {
  test(`A11: ${share} of "${speech}" is "${heard}"`, () => {
    assert.equal(wordsHeard(speech, share), heard);
  });
}
