/** A12: datagrams never queue: newest of a kind, paced, with their age, not when old; junk cannot push out a face. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DatagramSlots, kindOf } from "../../../src/gateway/datagram-slots.js";

const face = (seq: number): Buffer => Buffer.from(`FACE:1,2,0,0,5,5,90,${seq}`);
const junk = Buffer.from("FACE:NaN,,,");
const vision = Buffer.from("!VISION:{}");
const text = (due: { data: Buffer } | undefined): string | undefined => due?.data.toString();

test("kinds are what the robot's parser makes of them", () => {
  assert.equal(kindOf(face(1)), "face");
  assert.equal(kindOf(Buffer.from("NO_FACE,3")), "face");
  assert.equal(kindOf(vision), "vision");
  assert.equal(kindOf(junk), "other");
  assert.equal(kindOf(Buffer.alloc(0)), "other");
});

test("A12: the newest face replaces the one that waits; NO_FACE is of the same kind", () => {
  const slots = new DatagramSlots();
  slots.put(8888, face(1), 0);
  slots.put(8888, face(2), 5);
  slots.put(8888, Buffer.from("NO_FACE,3"), 6);
  assert.equal(text(slots.take(10, 1000)), "NO_FACE,3");
  assert.equal(slots.take(10, 1000), undefined);
  assert.equal(slots.counters.replaced, 2);
});

test("one of a kind each 12 ms, another kind in between, with the time it waited", () => {
  const slots = new DatagramSlots();
  slots.put(8888, face(1), 0);
  assert.equal(slots.take(0, 1000)?.ageMs, 0);
  slots.put(8888, face(2), 1);
  slots.put(8888, vision, 1);
  assert.equal(text(slots.take(2, 1000)), "!VISION:{}");
  assert.equal(slots.take(11, 1000), undefined);
  assert.equal(slots.nextDueMs(), 12);
  assert.deepEqual(slots.take(12, 1000), { port: 8888, data: face(2), ageMs: 11 });
});

test("C4: a flood of junk is thinned and does not touch the faces", () => {
  const slots = new DatagramSlots();
  let faces = 0;
  let others = 0;
  for (let ms = 0; ms < 1000; ms++) {
    for (let i = 0; i < 20; i++) slots.put(8888, junk, ms);
    if (ms % 33 === 0) slots.put(8888, face(ms + 1), ms);
    for (let due = slots.take(ms, 1000); due; due = slots.take(ms, 1000)) {
      if (kindOf(due.data) === "face") faces++;
      else others++;
    }
  }
  assert.equal(faces, 31);
  assert.ok(others <= 11, `${others} of junk`);
});

test("a face that waited over 100 ms is not sent", () => {
  const slots = new DatagramSlots();
  slots.put(8888, face(1), 0);
  assert.equal(slots.take(101, 1000), undefined);
  assert.equal(slots.counters.stale, 1);
  assert.equal(slots.nextDueMs(), undefined);
});

test("what does not fit the credit waits", () => {
  const slots = new DatagramSlots();
  slots.put(8888, face(1), 0);
  assert.equal(slots.take(0, 5), undefined);
  assert.equal(text(slots.take(1, 100)), face(1).toString());
});

test("of one that is too long the robot gets 256 bytes, to count it; a whole one it gets whole", () => {
  for (const [length, passed, oversize] of [
    [255, 255, 0],
    [256, 256, 1],
    [65_507, 256, 1],
  ] as const) {
    const slots = new DatagramSlots();
    slots.put(8888, Buffer.alloc(length, "FACE:1,"), 0);
    assert.equal(slots.take(0, 1000)?.data.length, passed);
    assert.equal(slots.counters.oversize, oversize);
  }
});
