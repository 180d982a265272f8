// Growth of memory. Properties: a part that warms up, garbage that comes and goes, and a part that was started anew are no growth;
// a leak is, once it is half as much again and 40 MB; the first ten minutes never count.
import assert from "node:assert/strict";
import { test } from "node:test";
import { grownOf, stepGrowth, type Growth } from "../../../src/ops/growth.js";

const MB = 1_000_000;
const LOOK_MS = 20_000;

/** What is known after `minutes`, with the memory of each moment. */
function after(minutes: number, mbAt: (minute: number) => number, generation = 1): Growth {
  let growth: Growth | undefined;
  for (let ms = 0; ms <= minutes * 60_000; ms += LOOK_MS) {
    growth = stepGrowth(growth, generation, mbAt(ms / 60_000) * MB, ms);
  }
  return growth as Growth;
}

test("G7: a part that warms up for ten minutes and then stays has not grown", () => {
  assert.equal(grownOf(after(120, (minute) => Math.min(300, 30 + 27 * minute))), undefined);
});

test("G7: garbage that comes and goes is no growth", () => {
  assert.equal(grownOf(after(120, (minute) => 60 + 200 * (minute % 5 === 0 ? 0 : 1))), undefined);
});

test("G7: a leak is told once it is half as much again, with from what to what", () => {
  const leak = (minute: number): number => 100 + minute;
  assert.equal(grownOf(after(45, leak)), undefined);
  const { fromBytes = 0, toBytes = 0 } = grownOf(after(90, leak)) ?? {};
  assert.equal(Math.floor(fromBytes / MB), 110);
  assert.ok(toBytes >= 165 * MB && toBytes <= 190 * MB, `${toBytes}`);
});

test("G7: a small part must grow by as much as a small process", () => {
  const doubled = (minute: number): number => (minute < 30 ? 20 : 40);
  assert.equal(grownOf(after(120, doubled)), undefined);
});

test("G7: a new process begins anew", () => {
  const grown = after(180, (minute) => 100 + minute);
  assert.ok(grownOf(grown));
  assert.equal(grownOf(stepGrowth(grown, 2, 300 * MB, 181 * 60_000)), undefined);
});
