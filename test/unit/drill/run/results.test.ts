// What drills keep. Properties:
// - what is written is read back; what is not ours is refused;
// - drills that were not run again keep what they had; new repeats of one commit go on, another commit begins anew;
// - percentiles by nearest rank, losses added up by what was lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lossesOf,
  mergeRecords,
  readRecords,
  spreadOf,
  writeRecords,
  type DrillRecord,
  type RunResult,
} from "../../../../src/drill/run/results.js";

const run = (noticeMs: number): RunResult => ({
  outcome: "held",
  noticeMs,
  recoverMs: 2 * noticeMs,
  why: "",
  held: [],
  lost: [{ what: "commands", count: 1, of: 4 }],
});
const record = (drill: string, more: Partial<DrillRecord> = {}): DrillRecord => ({
  drill,
  column: "sim",
  date: "2026-01-31 12:00",
  commit: "abc",
  machine: "m",
  seed: 1,
  runs: [run(10)],
  ...more,
});
const names = ["a-b", "c-d"];

test("what is written is read back; what is not understood is refused, not dropped", () => {
  const records = [record("a-b"), record("c-d", { runs: [run(1), run(2)] })];
  assert.deepEqual(readRecords(writeRecords(records)), records);
  assert.deepEqual(readRecords(""), []);
  assert.throws(() => readRecords('{"version":1,"records":[{}]}'), /not understood/);
});

test("a drill that was not run again keeps its result, one of another commit begins anew", () => {
  const before = [record("c-d"), record("a-b"), record("a-b", { column: "esp32c3" })];
  const now = [record("c-d", { commit: "def", runs: [run(5)] })];
  const merged = mergeRecords(before, now, names);
  assert.deepEqual(
    merged.map(({ drill, column, commit }) => [drill, column, commit]),
    [
      ["a-b", "sim", "abc"],
      ["c-d", "sim", "def"],
      ["a-b", "esp32c3", "abc"],
    ],
  );
  assert.equal(merged[1]?.runs.length, 1);
});

test("repeats of the same commit and machine are counted together, unless the tree was changed", () => {
  const merged = mergeRecords([record("a-b")], [record("a-b", { runs: [run(20)] })], names);
  assert.deepEqual(
    merged[0]?.runs.map(({ noticeMs }) => noticeMs),
    [10, 20],
  );
  const dirty = record("a-b", { commit: "abc-dirty" });
  assert.equal(mergeRecords([dirty], [dirty], names)[0]?.runs.length, 1);
});

test("a drill that is none any more is dropped", () => {
  assert.deepEqual(mergeRecords([record("gone-now")], [], names), []);
});

test("p50, p95 and max by nearest rank; what was not measured is left out", () => {
  const twenty = Array.from({ length: 20 }, (_, i) => i + 1);
  assert.deepEqual(spreadOf([...twenty, undefined].reverse()), { p50: 10, p95: 19, max: 20 });
  assert.deepEqual(spreadOf([7]), { p50: 7, p95: 7, max: 7 });
  assert.equal(spreadOf([undefined]), undefined);
});

test("losses of all repeats are added up by what was lost", () => {
  assert.deepEqual(lossesOf([run(1), run(2)]), [{ what: "commands", count: 2, of: 8 }]);
});
