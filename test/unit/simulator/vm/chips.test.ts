// The chips that can be played. Properties (F1, F5): all four that the firmware is for, each with the source of its figure;
// what the VM's process is told is what the table says; only the S2 has the small heap.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CHIPS,
  CHIP_NAMES,
  CHIP_NOTE,
  PORT,
  chipOrder,
} from "../../../../src/simulator/vm/chips.js";

test("F1: the four chips of the stock runtime can be played, each with a source, and said to be models", () => {
  assert.deepEqual([...CHIP_NAMES].sort(), ["esp32", "esp32c3", "esp32s2", "esp32s3"]);
  for (const { title, source } of Object.values(CHIPS)) assert.ok(source.length > 20, title);
  assert.match(CHIP_NOTE, /model, not held against a board/);
});

test("F5: the C3's figure is its clock by the cycles of a step; no chip is slower than the S2", () => {
  assert.equal(CHIPS.esp32c3.stepsPerS, Math.floor(160e6 / 680 / 1000) * 1000);
  for (const { stepsPerS } of Object.values(CHIPS)) {
    assert.ok(stepsPerS >= CHIPS.esp32s2.stepsPerS);
  }
});

test("F4: the VM's process is told the chip's pace and heap, and the port's ways", () => {
  const { stepsPerS, heapBytes, tickMs, powerSave } = chipOrder("esp32s2", false);
  assert.deepEqual([stepsPerS, heapBytes, powerSave], [175_000, 40 * 1024, false]);
  assert.equal(tickMs, PORT.tickMs);
  assert.equal(chipOrder("esp32c3", true).heapBytes, 64 * 1024);
});
