/**
 * A5: power cut at every write and erase: the state read is the last acknowledged one or the one in flight.
 * The short form of `npm run powercut`, which does 2,000 saves; the rest is in test/powercut.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Journal } from "../../../../devs/store/journal.js";
import { commitRecord } from "../../../../src/wire/image.js";
import { MemoryStorage } from "../../../../devs/store/memory-storage.js";
import { chains, faults, linear, replay } from "../../../powercut/power-cuts.js";
import { allOutcomes } from "../../../powercut/outcomes.js";
import type { Report } from "../../../powercut/report.js";

function assertKept(report: Report): void {
  assert.deepEqual(report.violations, []);
  assert.equal(report.verdicts.get("lost") ?? 0, 0);
  assert.equal(report.verdicts.get("torn") ?? 0, 0);
}

test("A5: a cut at every write and erase of 40 saves, torn at every byte: 0 lost, 0 torn", async () => {
  const report = await linear(7, 40, allOutcomes);
  assertKept(report);
  assert.ok(report.cutPoints > 80 && report.erases > 5, `${report.cutPoints} cut points`);
  assert.ok(report.verdicts.get("in flight")! > 0, "some cuts come after the commit");
});

test("A5: two and three cuts in a row, also during recovery, exhaustive: 0 lost, 0 torn", async () => {
  assertKept(await chains(7, 5, 2));
  assertKept(await chains(8, 2, 3));
});

test("A5: operations that silently do nothing, fail, or succeed too late: 0 lost, 0 torn", async () => {
  assertKept(await faults(7, 100));
});

test("an id replays its case from scratch and ends in the same verdict", async () => {
  const { lines, verdict } = await replay("7.60/40-s17/1-g/0-k");
  assert.equal(verdict, "acknowledged");
  assert.equal(lines.filter((line) => line.startsWith("boot reads")).length, 3);
  await assert.rejects(replay("nonsense"), /an id looks like/);
});

test("a cut shows a journal that writes its commit record first", async () => {
  const real = Journal.prototype.saveRegion;
  Journal.prototype.saveRegion = async function (this: Journal, format, payload) {
    const storage = (this as unknown as { storage: MemoryStorage }).storage;
    const generation = this.generation + 1;
    await storage.writeRecord(0, commitRecord(generation, format, payload));
    const piece = Buffer.alloc(5 + payload.length);
    piece.writeUInt32LE(generation, 0);
    payload.copy(piece, 5);
    await storage.writeRecord(1, piece.subarray(0, 200));
    this.generation = generation;
    return generation;
  };
  try {
    const report = await linear(7, 10, allOutcomes).catch((e: unknown) => e);
    assert.ok(report instanceof Error || (report as Report).violations.length > 0);
  } finally {
    Journal.prototype.saveRegion = real;
  }
});
