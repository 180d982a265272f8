// docs/BENCH.md from what was measured. Properties (F5): each column is replaced by itself, so that the PC's figures outlive
// a run with a chip and the other way round; a figure that misses its bar shows; every part tells when it was measured.
import assert from "node:assert/strict";
import { test } from "node:test";
import { benchPage, readKept, withMeasured, type Measured } from "../../../src/bench/bench-page.js";
import { atMost, told } from "../../../src/bench/figures.js";

const measured = (commit: string, ...figures: Measured["figures"]): Measured => ({
  date: "2026-11-30 03:00",
  commit,
  load: 0.25,
  machine: "2 × Processor",
  figures,
});

const pc = withMeasured({}, "pc", [
  { name: "command", measured: measured("aaa", atMost("round trip, p50", 1.5, 25, "ms", 500)) },
  { name: "heap", measured: measured("aaa", told("heap at rest", "26864 bytes", 1)) },
]);
const both = withMeasured(pc, "esp32c3", [
  { name: "command", measured: measured("bbb", atMost("round trip, p50", 136, 60, "ms", 40)) },
]);

test("F5: a chip's column stands beside the PC's, with its own bars; what misses one is in bold", () => {
  const page = benchPage(both, ["command", "heap"]);
  assert.match(page, /^\| what \| PC \| bar \| n \| ESP32-C3 \| bar \| n \|$/m);
  assert.match(
    page,
    /^\| round trip, p50 \| 1\.5 ms \| ≤ 25 ms \| 500 \| \*\*136 ms\*\* \| ≤ 60 ms \| 40 \|$/m,
  );
  assert.match(page, /^\| heap at rest \| 26864 bytes \| {2}\| 1 \| {2}\| {2}\| {2}\|$/m);
  assert.match(page, /a model, not held against a board/);
});

test("F5: a run replaces what it measured and leaves the rest, and each tells when it was", () => {
  const again = withMeasured(both, "pc", [
    { name: "command", measured: measured("ccc", atMost("round trip, p50", 2, 25, "ms", 500)) },
  ]);
  const page = benchPage(again, ["command", "heap"]);
  assert.match(page, /\| 2 ms \| ≤ 25 ms \| 500 \| \*\*136 ms\*\*/);
  assert.match(page, /^- command, PC: 2026-11-30 03:00, ccc, 0\.3, 2 × Processor$/m);
  assert.match(page, /^- command, ESP32-C3: .*, bbb, /m);
  assert.match(page, /^- heap, PC: .*, aaa, /m);
});

test("F5: what was written is read again, and what was not is refused", () => {
  assert.deepEqual(readKept(JSON.stringify(both)), both);
  assert.throws(() => readKept('{"command":{"esp8266":{}}}'));
});
