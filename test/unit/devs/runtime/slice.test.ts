/** The budget of a slice (`devs/runtime/slice.ts`): who asks before the next piece never takes more than one dear one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLICE_STEPS, Slice } from "../../../../devs/runtime/slice.js";

test("a piece may be begun while anything is left; then nothing until time has moved", () => {
  const slice = new Slice();
  assert.equal(slice.hasSteps(0), true, "at boot");
  slice.spend(10, SLICE_STEPS - 1);
  assert.equal(slice.hasSteps(10), true);
  slice.spend(10, 1);
  assert.equal(slice.hasSteps(10), false);
  assert.equal(slice.hasSteps(10), false, "asking costs and gives nothing");
  assert.equal(slice.hasSteps(11), true);
  assert.equal(slice.hasSteps(10), false, "asking about another slice begins none");
});

test("a new slice has the whole budget, whatever the last one took too much", () => {
  const slice = new Slice();
  slice.spend(1, 9 * SLICE_STEPS);
  slice.spend(2, SLICE_STEPS - 1);
  assert.equal(slice.hasSteps(2), true);
  slice.spend(2, SLICE_STEPS);
  assert.equal(slice.hasSteps(2), false);
  slice.spend(3, SLICE_STEPS);
  assert.equal(slice.hasSteps(3), false, "the first piece of a slice counts");
});

test("pieces of 3,000 steps: two, and no slice takes more than the budget and one piece", () => {
  const slice = new Slice();
  for (let ms = 1; ms < 20; ms++) {
    let taken = 0;
    for (; slice.hasSteps(ms); taken += 3000) slice.spend(ms, 3000);
    assert.equal(taken, 6000);
  }
});
