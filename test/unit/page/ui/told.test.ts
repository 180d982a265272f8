/** What is wrong is said in words for people; what a program said comes after it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { told } from "../../../../src/page/ui/told.js";

const CASES: [string, string, string][] = [
  ["It runs.", "It runs.", ""],
  ["Camera: No pictures.", "Camera: No pictures.", ""],
  ["Little room: 160 MB are free.", "Little room", "160 MB are free."],
  ["5 calls in a row failed: HTTP 500.", "5 calls in a row failed", "HTTP 500."],
  [
    "Ollama: It is left alone for now: fetch failed: connect ECONNREFUSED.",
    "Ollama: It is left alone for now",
    "fetch failed: connect ECONNREFUSED.",
  ],
  ["Ollama: connect ECONNREFUSED", "Ollama", "connect ECONNREFUSED"],
  ["connect ECONNREFUSED ::1:11434", "It does not answer.", "connect ECONNREFUSED ::1:11434"],
];

describe("what a part says of itself", () => {
  for (const [text, plain, reason] of CASES)
    it(`G9: "${text}" is headed "${plain}"`, () => assert.deepEqual(told(text), { plain, reason }));
});
