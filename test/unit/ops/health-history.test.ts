/** The last hour of each backend: bounded, and never without the mark that says how the hour began. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HISTORY_MS, marksOf, noteLevel, type History } from "../../../src/ops/health-history.js";

const EMPTY: History = new Map();

describe("health history", () => {
  it("a level that stays is one mark", () => {
    const once = noteLevel(EMPTY, "a", "ok", 1000);
    const twice = noteLevel(once, "a", "ok", 2000);
    assert.deepEqual(marksOf(twice, "a", 3000), [[1000, "ok"]]);
  });

  it("keeps the mark that says how the hour began, and none before it", () => {
    let history = noteLevel(EMPTY, "a", "bad", 0);
    history = noteLevel(history, "a", "ok", 1000);
    history = noteLevel(history, "a", "warn", HISTORY_MS + 1500);
    assert.deepEqual(marksOf(history, "a", HISTORY_MS + 1500), [
      [1000, "ok"],
      [HISTORY_MS + 1500, "warn"],
    ]);
    assert.deepEqual(marksOf(history, "a", 10 * HISTORY_MS), [[HISTORY_MS + 1500, "warn"]]);
  });

  it("one that flaps for ever stays bounded and keeps its newest", () => {
    let history = EMPTY;
    for (let i = 0; i < 5000; i++) history = noteLevel(history, "a", i % 2 ? "ok" : "bad", i * 100);
    const marks = marksOf(history, "a", 500_000);
    assert.ok(marks.length <= 120);
    assert.deepEqual(marks.at(-1), [499_900, "ok"]);
  });

  it("who was never seen has no marks", () => assert.deepEqual(marksOf(EMPTY, "b", 0), []));
});
