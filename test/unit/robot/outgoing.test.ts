// Properties: few bytes are ahead of their answers, the rest waits in order, a STOP waits for nothing, nothing is left over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FLIGHT_BYTES_MAX, Outgoing } from "../../../src/robot/outgoing.js";

test("commands go while few bytes are unanswered; the others wait their turn, in order", () => {
  const sent: string[] = [];
  const outgoing = new Outgoing((text) => sent.push(text));
  const text = (id: number): string => `${id} `.padEnd(FLIGHT_BYTES_MAX / 4, "x");
  for (let id = 1; id <= 7; id++) outgoing.put(id, text(id), false);
  assert.deepEqual(sent, [1, 2, 3, 4].map(text));
  // One that nobody waits for any more is never sent.
  outgoing.end(5);
  outgoing.end(2);
  assert.deepEqual(sent.slice(4), [text(6)]);
  for (const id of [1, 3, 4, 6, 7, 99]) outgoing.end(id);
  assert.deepEqual(sent.slice(5), [text(7)]);
});

test("a STOP goes at once, past all that waits", () => {
  const sent: string[] = [];
  const outgoing = new Outgoing((text) => sent.push(text));
  for (let id = 1; id <= 20; id++) outgoing.put(id, `${id} ${"x".repeat(300)}`, false);
  outgoing.put(21, "21 IDLE", true);
  assert.equal(sent.length, 2);
  assert.equal(sent[1], "21 IDLE");
});

test("one that is longer than all that may be ahead goes alone", () => {
  const sent: string[] = [];
  const outgoing = new Outgoing((text) => sent.push(text));
  const long = "x".repeat(4 * FLIGHT_BYTES_MAX);
  outgoing.put(1, long, false);
  outgoing.put(2, "2 NOD:1", false);
  assert.deepEqual(sent, [long]);
  outgoing.end(1);
  assert.deepEqual(sent, [long, "2 NOD:1"]);
});
