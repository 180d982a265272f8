import assert from "node:assert/strict";
import { test } from "node:test";
import { sineOfTurns } from "../../../../devs/body/sine.js";

test("sine: within 2e-4 of the real one over many turns, both signs", () => {
  for (let turns = -3; turns <= 3; turns += 0.001) {
    const error = Math.abs(sineOfTurns(turns) - Math.sin(2 * Math.PI * turns));
    assert.ok(error < 2e-4, `${turns}: ${error}`);
  }
});
