// Figures of a profile from its windows. Properties (F5): a second's figures are per second of the window's own time, and
// the middle of all windows; the longest slice is the longest of any window, with what it spent its steps on; a comparison
// tells both directions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../../../src/bench/profile/compare.js";
import { reportOf } from "../../../src/bench/profile/report.js";
import type { VmProfile } from "../../../src/simulator/vm/vm-answers.js";

const names = {
  ofAddress: (pc: number): string => (pc < 100 ? "low a.ts" : "high b.ts"),
  ofFunction: (index: number): string => `fiber${index} c.ts`,
};

const window = (ms: number, low: number, high: number): VmProfile => ({
  ms,
  steps: low + high,
  pcs: [
    [10, low - 1, 16],
    [20, 1, 0],
    [100, high, 8],
  ],
  slices: [
    [3, 10, 2, low, low - 5],
    [4, 100, 1, high, high],
  ],
  longest: { steps: high, fiber: 4, pc: 100, pcs: [[100, high]] },
  allocs: 2,
  collections: 0,
  socketBytes: 50,
  busBytes: 30,
});

test("F5: a profile tells the middle, least and most of its windows, per second of their own time", () => {
  const report = reportOf(
    [window(500, 50, 100), window(1000, 100, 300), window(2000, 200, 0)],
    names,
  );
  assert.deepEqual(report.stepsPerS, { median: 300, min: 100, max: 400 });
  assert.deepEqual(report.wakesPerS, { median: 3, min: 2, max: 6 });
  assert.deepEqual(report.allocatedBytesPerS, { median: 24, min: 12, max: 48 });
  assert.deepEqual(report.socketBytesPerS, { median: 50, min: 25, max: 100 });
  assert.deepEqual(report.functions, [
    { name: "high b.ts", stepsPerS: 114, allocatedPerS: 7 },
    { name: "low a.ts", stepsPerS: 100, allocatedPerS: 14 },
  ]);
});

test("F5: the longest slice is told with its fiber, its place and what it spent its steps on", () => {
  const longest = window(1000, 10, 900);
  longest.longest.pcs = [
    [20, 100],
    [100, 300],
    [120, 500],
  ];
  const report = reportOf([window(1000, 10, 20), longest, window(1000, 10, 30)], names);
  assert.deepEqual(report.longestSlice, {
    steps: 900,
    fiber: "fiber4 c.ts",
    in: "high b.ts",
    inside: [
      { name: "high b.ts", steps: 800 },
      { name: "low a.ts", steps: 100 },
    ],
  });
  assert.deepEqual(report.slices[0], {
    fiber: "fiber4 c.ts",
    in: "high b.ts",
    perS: 1,
    meanSteps: 317,
    longestSteps: 900,
  });
});

test("F5: a comparison tells what has grown and what has shrunk", () => {
  const text = differences(
    reportOf([window(1000, 400, 100)], names),
    reportOf([window(1000, 100, 150)], names),
  );
  assert.match(text, /steps a second +500 -> 250 \(-50 %\)/);
  assert.match(text, /longest slice +100 -> 150 \(\+50 %\)/);
  assert.match(text, /-300 {2}400 -> 100 {2}low a\.ts/);
  assert.match(text, /\+50 {2}100 -> 150 {2}high b\.ts/);
});
