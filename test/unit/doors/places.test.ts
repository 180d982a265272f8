/** Properties (A14): the newest gets in, who asks nothing goes first, no address crowds out another, nothing grows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GRACE_MS, Places } from "../../../src/doors/places.js";

/** Full of silent ones `a0`, `a1`, … of one address, one each millisecond. */
function full(max: number, newestWins = true): Places<string> {
  const places = new Places<string>({ max, newestWins });
  for (let i = 0; i < max; i++) places.enter(`a${i}`, "a", i);
  return places;
}

const LATER_MS = 10_000;

test("A14: the newest gets in, and the oldest that has asked nothing goes", () => {
  const places = full(4);
  places.serve("a0", 5);
  assert.deepEqual(places.enter("new", "a", LATER_MS), { isIn: true, victim: "a1" });
  assert.equal(places.size, 4);
  assert.deepEqual(places.all(), ["a0", "a2", "a3", "new"]);
});

test("A14: who was answered and rests goes like one that never asked, the longest first", () => {
  const places = full(3);
  for (const who of ["a0", "a1", "a2"]) places.serve(who, 10);
  places.rest("a1", 20);
  places.rest("a0", 30);
  assert.deepEqual(places.enter("x", "a", LATER_MS), { isIn: true, victim: "a1" });
  assert.deepEqual(places.enter("y", "a", LATER_MS), { isIn: true, victim: "a0" });
});

test("A14: who has just come keeps its place long enough to ask, while others hold theirs for nothing or for long", () => {
  const places = full(3);
  places.serve("a0", 3);
  places.enter("real", "a", 1000);
  const nowMs = 1000 + GRACE_MS - 1;
  assert.deepEqual(places.enter("f1", "a", nowMs), { isIn: true, victim: "a2" });
  places.serve("f1", nowMs);
  assert.deepEqual(places.enter("f2", "a", nowMs), { isIn: true, victim: "a0" });
});

test("A14: a flood of silent ones throws itself out, not who is being served", () => {
  const places = new Places<string>({ max: 4, newestWins: true });
  places.enter("stop", "a", 0);
  places.serve("stop", 1);
  for (let i = 0; i < 3; i++) places.enter(`f${i}`, "a", 2 + i);
  for (let i = 3; i < 100; i++) {
    assert.deepEqual(places.enter(`f${i}`, "a", 5 + i), { isIn: true, victim: `f${i - 3}` });
  }
});

test("A14: the address with the most places gives one up, not the one who came first", () => {
  const places = new Places<string>({ max: 4, newestWins: true });
  places.enter("quiet", "b", 0);
  for (let i = 0; i < 3; i++) places.enter(`a${i}`, "a", 10 + i);
  assert.deepEqual(places.enter("new", "c", LATER_MS), { isIn: true, victim: "a0" });
  assert.deepEqual(places.enter("more", "a", LATER_MS), { isIn: true, victim: "a1" });
});

test("A14: where the served keep their places, a newcomer is refused, unless its address has clearly fewer", () => {
  const places = full(4, false);
  for (const who of places.all()) places.serve(who, 100);
  assert.deepEqual(places.enter("same", "a", LATER_MS), { isIn: false });
  assert.deepEqual(places.enter("b0", "b", LATER_MS), { isIn: true, victim: "a0" });
  places.serve("b0", LATER_MS);
  // 3 to 1: one more would only turn it round.
  assert.deepEqual(places.enter("b1", "b", LATER_MS + 1), { isIn: true, victim: "a1" });
  places.serve("b1", LATER_MS + 1);
  assert.deepEqual(places.enter("b2", "b", LATER_MS + 2), { isIn: false });
});

test("who asks nothing for too long is told; who is served is not", () => {
  const places = full(3);
  places.serve("a0", 0);
  places.serve("a1", 0);
  places.rest("a1", 5000);
  assert.deepEqual(places.idleFor(9000, 9002), ["a2"]);
  assert.deepEqual(places.idleFor(9000, 14_000), ["a1", "a2"]);
});

test("1,000 that come and hold leave as many places as there are, and each newcomer gets in", () => {
  const places = new Places<number>({ max: 16, newestWins: true });
  let victims = 0;
  for (let i = 0; i < 1000; i++) {
    const entry = places.enter(i, "a", i * 300);
    assert.ok(entry.isIn);
    if (entry.victim !== undefined) victims++;
    places.leave(i - 5000);
  }
  assert.equal(places.size, 16);
  assert.equal(victims, 984);
});
