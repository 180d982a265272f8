// Properties: each signed time is taken once and in order, within 60 s of the edge's; one home at a time, the next when the
// first is silent for two periods; no answer without its age, none negative, and the absence is told from then on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ageS, judge, publicAnswer, type Kept } from "../../../edge/home-core.js";

const NOW = 1_800_000_000_000;
const kept: Kept = { home: "a", receivedMs: NOW - 10_000, periodS: 30, state: { mood: "CALM" } };
const codeOf = (timeMs: number, known: Parameters<typeof judge>[1], home = "a"): string => {
  const verdict = judge({ timeMs, home }, known, NOW);
  return verdict.kind === "take" ? "taken" : verdict.code;
};

test("C4: a push is taken within 60 s of the edge's time, either way, and not beyond", () => {
  const known = { lastMs: 0 };
  assert.equal(codeOf(NOW - 60_000, known), "taken");
  assert.equal(codeOf(NOW + 60_000, known), "taken");
  assert.equal(codeOf(NOW - 60_001, known), "EDGE_TIME");
  assert.equal(codeOf(NOW + 60_001, known), "EDGE_TIME");
});

test("C4: a signed time is taken once, and none that is older than the last", () => {
  assert.equal(codeOf(NOW, { lastMs: NOW }), "EDGE_REPLAY");
  assert.equal(codeOf(NOW - 1, { lastMs: NOW }), "EDGE_REPLAY");
  assert.equal(codeOf(NOW + 1, { lastMs: NOW }), "taken");
});

test("C4: of two homes with one key the first stays, until it was silent for two periods", () => {
  assert.equal(codeOf(NOW, { lastMs: 0, kept }), "taken");
  assert.equal(codeOf(NOW, { lastMs: 0, kept }, "b"), "EDGE_OTHER_HOME");
  const silent = { ...kept, receivedMs: NOW - 60_000 };
  assert.equal(codeOf(NOW, { lastMs: 0, kept: silent }, "b"), "EDGE_OTHER_HOME");
  assert.equal(
    codeOf(NOW, { lastMs: 0, kept: { ...kept, receivedMs: NOW - 60_001 } }, "b"),
    "taken",
  );
});

test("an erase is no home's turn, and cannot be sent again", () => {
  assert.equal(judge({ timeMs: NOW }, { lastMs: 0, kept }, NOW).kind, "take");
  assert.equal(judge({ timeMs: NOW }, { lastMs: NOW, kept }, NOW).kind, "refuse");
});

test("C4: the answer says how old it is, and from two missed periods on since when home is away", () => {
  const there = publicAnswer({ kept }, NOW);
  assert.deepEqual(
    [there.isHome, there.ageS, there.awaySince, there.asOf],
    [true, 10, null, new Date(NOW - 10_000).toISOString()],
  );
  const edge = publicAnswer({ kept: { ...kept, receivedMs: NOW - 60_000 } }, NOW);
  assert.equal(edge.isHome, true);
  const away = publicAnswer({ kept: { ...kept, receivedMs: NOW - 600_000 } }, NOW);
  const since = new Date(NOW - 600_000).toISOString();
  assert.deepEqual([away.isHome, away.ageS, away.awaySince], [false, 600, since]);
  assert.ok(away.text.includes(`away since ${since}`), away.text);
  assert.deepEqual(away.state, { mood: "CALM" }, "the last that is known stays");
});

test("the picture has an age of its own", () => {
  const answer = publicAnswer({ kept: { ...kept, pictureMs: NOW - 95_500 } }, NOW);
  assert.deepEqual(answer.snapshot, { asOf: new Date(NOW - 95_500).toISOString(), ageS: 95 });
  assert.equal(publicAnswer({ kept }, NOW).snapshot, null);
});

test("before the first push it says so, and claims neither age nor state", () => {
  const { asOf, ageS: age, isHome, state, snapshot } = publicAnswer(undefined, NOW);
  assert.deepEqual([asOf, age, isHome, state, snapshot], [null, null, false, null, null]);
});

test("no age is negative where two machines of the edge differ", () => {
  assert.equal(ageS(NOW + 5, NOW), 0);
});
