import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeSlip, SlipReader } from "../../../src/board-sim/slip.js";

test("board-sim: every byte value survives the framing, in pieces of one byte", () => {
  const packet = Buffer.from(Array.from({ length: 512 }, (_, i) => i & 255));
  const reader = new SlipReader();
  const read = [...encodeSlip(packet)].flatMap((byte) => reader.read(Buffer.from([byte])));
  assert.deepEqual(read, [packet]);
});

test("board-sim: noise in front of a packet costs nothing but itself", () => {
  const reader = new SlipReader();
  const packet = Buffer.from([1, 2, 3]);
  assert.deepEqual(reader.read(Buffer.concat([Buffer.from([9, 9]), encodeSlip(packet)])), [packet]);
});

test("board-sim: a packet without an end is dropped before it fills the memory", () => {
  const reader = new SlipReader();
  reader.read(Buffer.from([0xc0]));
  assert.deepEqual(reader.read(Buffer.alloc(100_000, 1)), []);
  assert.deepEqual(reader.read(encodeSlip(Buffer.from([5]))), [Buffer.from([5])]);
});
