/** Properties: an empty room costs 5 searches a second, a face that comes or has just gone is looked for at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shouldSearch, type SearchState } from "../../../../src/vision/detector/search-gate.js";

function searches(frames: number, difference: (i: number) => number, seen: (i: number) => boolean) {
  let state: SearchState = { searchedAtMs: undefined, seenAtMs: undefined };
  const at: number[] = [];
  for (let i = 0; i < frames; i++) {
    const nowMs = 1000 + i * 33;
    if (!shouldSearch(state, difference(i), nowMs)) continue;
    at.push(i);
    state = { searchedAtMs: nowMs, seenAtMs: seen(i) ? nowMs : state.seenAtMs };
  }
  return at;
}

test("an empty, still room is searched about 5 times a second", () => {
  const at = searches(
    300,
    () => 0.006,
    () => false,
  );
  assert.ok(at.length >= 40 && at.length <= 50, `${at.length} in 10 s`);
  assert.equal(at[0], 0);
});

test("every picture is searched while somebody is there and for a second after", () => {
  const at = searches(
    100,
    () => 0,
    (i) => i < 50,
  );
  assert.deepEqual(
    at.slice(0, 80),
    Array.from({ length: 80 }, (_, i) => i),
  );
});

test("what moves in an empty room is looked at within 100 ms", () => {
  for (let moves = 200; moves < 210; moves++) {
    const at = searches(
      300,
      (i) => (i >= moves ? 0.1 : 0.006),
      () => false,
    );
    const next = at.find((i) => i >= moves) ?? 999;
    assert.ok((next - moves) * 33 <= 100, `moved at ${moves}, looked at ${next}`);
  }
});
