// Which words of the past a model is given, and what of the person stands before them (G6, G10).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HistoryWindow } from "../../../src/conversation/history-window.js";
import type { Said } from "../../../src/conversation/memory/memory.js";

const HOUR_MS = 3_600_000;

/** A memory of what is said, a sentence a second. */
function memoryOf(): { said: Said[]; say(count: number): void; window: HistoryWindow } {
  const said: Said[] = [];
  const say = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const text = `${said.length} `.padEnd(500, "x");
      const by = said.length % 2 === 0 ? "person" : "buddy";
      said.push({
        wallMs: said.length * 1000,
        turnId: `t${said.length}`,
        by,
        name: undefined,
        text,
      });
    }
  };
  const window = new HistoryWindow({
    since: (first) => said.slice(said.indexOf(first)),
    recent: (chars, sinceMs) =>
      said.filter(({ wallMs }) => wallMs >= sinceMs).slice(-Math.floor(chars / 500)),
  });
  return { said, say, window };
}

const tom = (...facts: string[]) => ({ name: "Tom", facts });

describe("the window of the history", () => {
  it("G10: its older half leaves, and what was known when the conversation began stays", () => {
    const { say, window } = memoryOf();
    say(2);
    const first = window.read(2000, tom("like sailing"));
    assert.deepEqual(first.begun, tom("like sailing"));
    say(12);
    const later = window.read(14_000, tom("like sailing", "my dog is called Rex"));
    assert.equal(later.history.length, 6);
    assert.deepEqual(later.known, tom("like sailing", "my dog is called Rex"));
    assert.deepEqual(later.begun, tom("like sailing"));
  });

  it("G6: what was forgotten, or put right, is told no more, in the middle of a window", () => {
    const { say, window } = memoryOf();
    say(2);
    window.read(2000, tom("like sailing", "hate rain"));
    say(2);
    const { known, begun } = window.read(4000, tom("hate rain"));
    assert.deepEqual([known, begun], [tom("hate rain"), tom("hate rain")]);
  });

  it("G6: somebody else, and a new conversation, begin with what is known then", () => {
    const { say, window } = memoryOf();
    say(2);
    window.read(2000, tom("like sailing"));
    say(12);
    const ann = { name: "Ann", facts: ["am a nurse"] };
    assert.deepEqual(window.read(14_000, ann).begun, ann);
    const back = window.read(3 * HOUR_MS, tom("like sailing", "hate rain"));
    assert.deepEqual(back.begun, tom("like sailing", "hate rain"));
  });
});
