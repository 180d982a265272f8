// What is spoken of a text: pieces keep every word in order, and the rest after a failure starts with a whole word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces, restOf, speakable } from "../../../../src/voice/speech/text.js";

test("only what can be heard is spoken", () => {
  const cases: readonly [string, string][] = [
    ["Hello **you** 👋🏽!", "Hello you !"],
    ["See https://example.org/a?b=c now", "See link now"],
    ["line\none\u0000two\u001b[31m", "line one two 31m"],
    ["… 🎉 —", ""],
    ["  ", ""],
    ["Größe 3", "Größe 3"],
  ];
  for (const [text, heard] of cases) assert.equal(speakable(text), heard, text);
  assert.ok(speakable("word ".repeat(20_000)).length <= 4000);
});

test("long text is cut between words, and nothing of it is lost", () => {
  const text = Array.from({ length: 300 }, (_, i) => `word${i}${i % 9 === 0 ? "." : ""}`).join(" ");
  const cut = pieces(text);
  assert.equal(cut.join(" "), text);
  assert.ok(cut.length > 4 && cut.every((piece) => piece.length <= 400 && piece !== ""));
  assert.deepEqual(pieces("short"), ["short"]);
  const endless = pieces("x".repeat(1000));
  assert.equal(endless.join(""), "x".repeat(1000));
  // No half of a character outside the first plane.
  for (const piece of pieces(`${"x".repeat(399)}𝒳${"y".repeat(9)}`)) {
    assert.equal(Buffer.from(piece).toString(), piece);
  }
});

test("the rest of a text begins with the word that was cut", () => {
  const text = "one two three four";
  const cases: readonly [number, string][] = [
    [0, text],
    [0.01, text],
    [0.3, "two three four"],
    [0.5, "three four"],
    [0.99, "four"],
    [1, ""],
  ];
  for (const [share, rest] of cases) assert.equal(restOf(text, share), rest, String(share));
});
