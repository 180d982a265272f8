/** A12: datagrams never queue: newest of a kind, paced, with their age, not when old; junk cannot push out a face. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DatagramSlots, type FaceForm } from "../../../src/gateway/datagram-slots.js";
import { DATAGRAM, FACE } from "../../../src/wire/link.js";
import { decodeSealed } from "../../../src/wire/sealed.js";

const face = (seq: number): Buffer => Buffer.from(`FACE:1,2,0,0,5,5,90,${seq}`);
const nobody = (seq: number): Buffer => Buffer.from(`NO_FACE,${seq}`);
const junk = Buffer.from("FACE:NaN,,,");
const vision = Buffer.from("!VISION:{}");

/** What is sent next, in words: the text of a datagram, or a FACE's number; its wait behind it. */
function taken(slots: DatagramSlots, nowMs: number, form: FaceForm = "text", bytesMax = 1000) {
  const plain = slots.take(nowMs, bytesMax, form);
  const message = plain && decodeSealed(plain);
  if (message?.type === DATAGRAM) {
    assert.equal(message.port, 8888);
    return `${message.data.toString()} after ${message.ageMs}`;
  }
  if (message?.type !== FACE) return undefined;
  const { seq, waitMs } = message.face;
  return `${message.isThere ? "face" : "nobody"} ${seq} after ${waitMs}`;
}

test("kinds are what the robot's parser makes of them: each has a place of its own", () => {
  const slots = new DatagramSlots();
  for (const data of [face(1), vision, junk]) slots.put(8888, data, 0);
  assert.equal(slots.counters.replaced, 0);
  slots.put(8888, nobody(3), 0);
  slots.put(8888, Buffer.alloc(0), 0);
  assert.equal(slots.counters.replaced, 2, "a face by NO_FACE, junk by junk");
  assert.equal(taken(slots, 0), "NO_FACE,3 after 0");
  assert.equal(taken(slots, 0), "!VISION:{} after 0");
  assert.equal(taken(slots, 0), " after 0");
});

test("A12: the newest face replaces the one that waits; NO_FACE is of the same kind", () => {
  for (const [form, says] of [
    ["text", "NO_FACE,3 after 4"],
    ["asked", "nobody 3 after 4"],
  ] as const) {
    const slots = new DatagramSlots();
    slots.put(8888, face(1), 0);
    slots.put(8888, face(2), 5);
    slots.put(8888, nobody(3), 6);
    assert.equal(taken(slots, 10, form), says);
    assert.equal(taken(slots, 10, form), undefined);
    assert.equal(slots.counters.replaced, 2);
  }
});

test("A12: a robot that asks gets what the datagram says as a FACE, and nothing before it asks", () => {
  const slots = new DatagramSlots();
  slots.put(8888, Buffer.from("FACE:190,120,500,-3,60,64,90,1234,45"), 0);
  slots.put(8888, vision, 0);
  assert.equal(taken(slots, 3, "not now"), "!VISION:{} after 3", "others do not wait for it");
  assert.equal(taken(slots, 3, "not now"), undefined);
  const plain = slots.take(11, 0, "asked");
  const message = plain && decodeSealed(plain);
  assert.ok(message?.type === FACE && message.isThere, "and it needs no credit");
  assert.deepEqual(message.face, {
    ...{ x: 190, y: 120, w: 60, h: 64, conf: 90 },
    ...{ seq: 1234, ageMs: 45, waitMs: 11 },
  });
  slots.put(8888, Buffer.from("NO_FACE"), 20);
  assert.equal(taken(slots, 30, "asked"), "nobody -1 after 10");
  assert.deepEqual([slots.counters.sent, slots.counters.replaced], [3, 0]);
});

test("one of a kind each 12 ms, another kind in between, with the time it waited", () => {
  const slots = new DatagramSlots();
  slots.put(8888, face(1), 0);
  assert.equal(taken(slots, 0, "asked"), "face 1 after 0");
  slots.put(8888, face(2), 1);
  slots.put(8888, vision, 1);
  assert.equal(taken(slots, 2, "asked"), "!VISION:{} after 1");
  assert.equal(taken(slots, 11, "asked"), undefined);
  assert.equal(slots.nextDueMs(), 12);
  assert.equal(taken(slots, 12, "asked"), "face 2 after 11");
});

test("A6: NO_FACE after NO_FACE says nothing new: from the sixth on one each 250 ms, and a face at once", () => {
  const slots = new DatagramSlots();
  const sentAtMs: number[] = [];
  for (let ms = 0; ms < 2000; ms += 10) {
    if (ms % 30 === 0) slots.put(8888, nobody(ms), ms);
    if (taken(slots, ms, "asked") !== undefined) sentAtMs.push(ms);
  }
  const gaps = sentAtMs.slice(1).map((ms, i) => ms - (sentAtMs[i] as number));
  assert.deepEqual(gaps.slice(0, 4), [30, 30, 30, 30], "the robot believes it after three");
  assert.deepEqual(gaps.slice(4), Array(7).fill(250));
  assert.equal(slots.nextDueMs(), (sentAtMs.at(-1) as number) + 250);
  slots.put(8888, face(1), 2000);
  assert.equal(slots.nextDueMs(), (sentAtMs.at(-1) as number) + 12);
  assert.equal(taken(slots, 2000, "asked"), "face 1 after 0");
  const afterwards = [2020, 2040, 2060, 2080, 2100, 2120].map((ms) => {
    slots.put(8888, nobody(ms), ms);
    return taken(slots, ms, "asked") !== undefined;
  });
  assert.deepEqual(afterwards, [true, true, true, true, true, false], "the run begins anew");
});

test("a flood of junk is thinned and does not touch the faces", () => {
  const slots = new DatagramSlots();
  let faces = 0;
  let others = 0;
  for (let ms = 0; ms < 1000; ms++) {
    for (let i = 0; i < 20; i++) slots.put(8888, junk, ms);
    if (ms % 33 === 0) slots.put(8888, face(ms + 1), ms);
    for (let due = taken(slots, ms); due !== undefined; due = taken(slots, ms)) {
      if (due.startsWith("FACE:1,2,")) faces++;
      else others++;
    }
  }
  assert.equal(faces, 31);
  assert.ok(others <= 11, `${others} of junk`);
});

test("a face that waited over 100 ms is not sent", () => {
  for (const form of ["text", "asked"] as const) {
    const slots = new DatagramSlots();
    slots.put(8888, face(1), 0);
    assert.equal(taken(slots, 101, form), undefined);
    assert.equal(slots.counters.stale, 1);
    assert.equal(slots.nextDueMs(), undefined);
  }
});

test("what does not fit the credit waits", () => {
  const slots = new DatagramSlots();
  slots.put(8888, face(1), 0);
  // Type, port and age go with its text.
  const bytes = 5 + face(1).length;
  assert.equal(taken(slots, 0, "text", bytes - 1), undefined);
  assert.equal(taken(slots, 1, "text", bytes), `${face(1).toString()} after 1`);
});

test("of one that is too long the robot gets 256 bytes, to count it; a whole one it gets whole", () => {
  for (const [length, passed, oversize] of [
    [255, 255, 0],
    [256, 256, 1],
    [65_507, 256, 1],
  ] as const) {
    const slots = new DatagramSlots();
    slots.put(8888, Buffer.alloc(length, "FACE:1,"), 0);
    assert.equal(slots.take(0, 1000, "asked")?.length, 5 + passed);
    assert.equal(slots.counters.oversize, oversize);
  }
});
