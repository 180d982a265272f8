// Hands-free by name, after a call (G5). Properties that must hold: the rest of a sentence and what is wanted after the name alone
// need no second name; nothing else goes on, however much is talked near the microphone.
import assert from "node:assert/strict";
import { it } from "node:test";
import { CallWindow } from "../../../../src/page/audio/call-window.js";

it("G5: what was begun before the words of a call came, or 600 ms after them, goes on from it", () => {
  const calls = new CallWindow();
  assert.equal(calls.holds(0), false, "nobody has called");
  calls.took("words", 10_000);
  assert.deepEqual(
    [9000, 10_600, 10_601].map((ms) => calls.holds(ms)),
    [true, true, false],
  );
});

it("G5: a television that talks on after a call prolongs nothing", () => {
  const calls = new CallWindow();
  calls.took("words", 10_000);
  for (let ms = 10_300; ms < 60_000; ms += 300) calls.took("none", ms);
  assert.equal(calls.holds(10_601), false);
});

it("G5: after the name alone there are 8 s for what is wanted, and that may have a pause", () => {
  const calls = new CallWindow();
  calls.took("name", 10_000);
  assert.deepEqual(
    [18_000, 18_001].map((ms) => calls.holds(ms)),
    [true, false],
  );
  calls.took("none", 14_000);
  assert.deepEqual(
    [14_600, 14_601].map((ms) => calls.holds(ms)),
    [true, false],
  );
  calls.took("none", 14_700);
  assert.equal(calls.holds(14_601), false, "it was said; the next is somebody else's");
});

it("G5: words that were not taken change nothing", () => {
  const calls = new CallWindow();
  calls.took("name", 10_000);
  calls.took(undefined, 11_000);
  assert.equal(calls.holds(18_000), true);
});
