import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { boardLines, recordOf } from "../../../src/doctor/board.js";
import { boardSource } from "../../../src/ops/board-source.js";
import { heapIn, type BoardLook } from "../../../src/usb/board-look.js";
import { readBoardRecord, speedWords, writeBoardRecord } from "../../../src/usb/board-record.js";
import { loopStepsPerS, LOOP_ROUND_STEPS, LOOP_ROUNDS } from "../../../src/usb/known-loop.js";

const AT_MS = Date.UTC(2026, 10, 30);
const WELL: BoardLook = {
  path: "PORT",
  deviceId: "00112233445566ff",
  runtime: "2.16.4",
  program: { bytes: 78_000, sha256: "0".repeat(64), isRunning: true },
  settings: { dials: "10.0.0.5:7420", key: "ours" },
  wifi: { ssid: "home", address: "10.0.0.9", rssi: -60 },
  heapFreeBytes: 120_000,
  log: ["link open, generation 3"],
  stepsPerS: 231_400,
};
const RECORD = {
  atMs: AT_MS,
  deviceId: WELL.deviceId,
  image: "buddy_c3",
  chip: "ESP32-C3",
  stepsPerS: 231_400,
  modelStepsPerS: 235_000,
};

const stateOf = (change: Partial<BoardLook>, id: string): string =>
  boardLines({ ...WELL, ...change }, RECORD).find((one) => one.id === id)?.state ?? "";

test("F2: a board that is well has nothing to mend", () => {
  const lines = boardLines(WELL, RECORD);
  assert.deepEqual(
    lines.filter(({ state }) => state !== "ok"),
    [],
  );
  const speed = lines.find(({ id }) => id === "speed")?.text;
  assert.equal(speed, "231,000 steps a second; the model of the ESP32-C3 says 235,000 (98 %).");
});

test("F2: what is wrong with a board is named with its remedy, what it does not tell is a note", () => {
  const cases: [Partial<BoardLook>, string, string][] = [
    [{ program: { ...WELL.program, bytes: 0 } }, "program", "mend"],
    [{ program: { ...WELL.program, isRunning: false } }, "program", "mend"],
    [{ settings: { dials: undefined, key: "ours" } }, "settings", "mend"],
    [{ settings: { dials: "10.0.0.5:7420", key: "none" } }, "settings", "mend"],
    [{ settings: { dials: "10.0.0.5:7420", key: "another" } }, "settings", "mend"],
    [{ wifi: { ssid: "", address: "", rssi: -128 } }, "wifi", "mend"],
    [{ wifi: undefined }, "wifi", "note"],
    [{ settings: undefined }, "settings", "note"],
    [{ runtime: undefined }, "runtime", "note"],
    [{ heapFreeBytes: undefined }, "heap", "note"],
  ];
  for (const [change, id, state] of cases) {
    assert.equal(stateOf(change, id), state, JSON.stringify(change));
    if (state !== "mend") continue;
    const found = boardLines({ ...WELL, ...change }, RECORD).find((one) => one.id === id);
    assert.notEqual(found?.next, "");
  }
});

test("F2: a program that is none of this tree's images has no chip to be held against", () => {
  const record = recordOf(WELL, AT_MS);
  assert.equal(record.image, undefined);
  assert.equal(speedWords(record), "231,000 steps a second.");
  const [, , program] = boardLines(WELL, record);
  assert.equal(program?.state, "note");
});

test("F1: a chip's speed is the loop's steps by the difference of the quickest tries", () => {
  const samples = [
    { rounds: 0, ms: 8 },
    { rounds: 0, ms: 5 },
    { rounds: LOOP_ROUNDS, ms: 90 },
    { rounds: LOOP_ROUNDS, ms: 45 },
  ];
  assert.equal(loopStepsPerS(samples), (LOOP_ROUNDS * LOOP_ROUND_STEPS * 1000) / 40);
  assert.equal(loopStepsPerS(samples.slice(0, 2)), undefined, "never went round");
  assert.equal(
    loopStepsPerS([
      { rounds: 0, ms: 5 },
      { rounds: LOOP_ROUNDS, ms: 5.5 },
    ]),
    undefined,
  );
});

test("F2: the runtime's free heap is read from its log, the newest", () => {
  assert.equal(
    heapIn(["WIFI: scan", "free memory: 91000 (max block: 40000)", "free memory: 90000"]),
    90_000,
  );
  assert.equal(heapIn(["boot"]), undefined);
});

test("F2: what was found is kept for the page; a damaged file is as good as none", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "buddy-board-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const source = boardSource(dir);
  const check = (): unknown => source.check(new AbortController().signal);
  assert.equal((await (check() as Promise<{ level: string }>)).level, "off");
  await writeBoardRecord(dir, RECORD);
  assert.deepEqual(await readBoardRecord(dir), RECORD);
  const { level, text } = await (check() as Promise<{ level: string; text: string }>);
  assert.equal(level, "ok");
  assert.match(text, /buddy_c3, seen on 2026-11-30\. 231,000 steps a second/);
  writeFileSync(join(dir, "board-seen.json"), "{");
  assert.equal(await readBoardRecord(dir), undefined);
});
