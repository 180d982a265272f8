/**
 * The same bytes onto the same blank chip, by `buddy flash` and by Espressif's esptool, in turn. Two times of each: the writing, ours
 * with its compressing and checking, esptool's as it tells it, without; and all of it from the start of the program, in which
 * ours also makes the board's configuration and esptool is handed finished files.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { BOOT_ADDRESS, STORE } from "../../src/flash/layout.js";
import { sectorsToWrite } from "../../src/flash/store.js";
import type { ChipName } from "../../src/simulator/vm/chips.js";
import { systemClock } from "../../src/time/clock.js";
import { percentile } from "../../src/time/meter.js";
import { root } from "./buddy-process.js";
import { BOARD_OF, freePort, TestBoard } from "./board.js";
import { esptool, esptoolVersion } from "./esptool.js";
import { scratch } from "./simulator.js";
import { WIFI } from "./wifi.js";

const RUN_MS_MAX = 120_000;

interface Piece {
  readonly address: number;
  readonly length: number;
  readonly file: string;
}

interface Run {
  readonly writeMs: number;
  readonly allMs: number;
  readonly content: Buffer;
}

/** @returns medians in ms, and the times by which they are. @throws AssertionError or the tool's own failure. */
export async function besideEsptool(chip: ChipName, times: number): Promise<object> {
  const version = esptoolVersion();
  if (version === undefined) return { run: "NOT RUN: no esptool here" };
  const ours: Run[] = [];
  const theirs: Run[] = [];
  let bytes = 0;
  for (let i = 0; i < times; i++) {
    const here = await byBuddy(chip);
    const pieces = piecesOf(chip, here.content);
    const there = await byEsptool(chip, pieces);
    ours.push(here);
    theirs.push(there);
    bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    for (const { address, length } of pieces) {
      const part = ({ content }: Run): Buffer => content.subarray(address, address + length);
      assert.ok(part(there).equals(part(here)), `0x${address.toString(16)}: both wrote the same`);
    }
  }
  return { version, bytes, buddy: medians(ours), esptool: medians(theirs) };
}

function medians(runs: readonly Run[]): object {
  const of = (times: number[]): object => ({ median: percentile(times, 0.5), all: times });
  return { writeMs: of(runs.map((r) => r.writeMs)), allMs: of(runs.map((r) => r.allMs)) };
}

async function byBuddy(chip: ChipName): Promise<Run> {
  const board = new TestBoard(chip, await freePort());
  const password = join(scratch(), "password");
  writeFileSync(password, WIFI.password);
  const place = ["--port", board.sim.path, "--data", board.dataDir, "--board", BOARD_OF[chip]];
  const wifi = ["--ssid", WIFI.ssid, "--password-file", password];
  const args = ["flash", ...place, ...wifi, "--yes", "--json"];
  const beganMs = systemClock.nowMs();
  const child = spawn(process.execPath, [join(root, "dist/src/cli.js"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: RUN_MS_MAX,
  });
  let said = "nothing";
  let writesMs: number | undefined;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      said = line;
      const nowMs = systemClock.nowMs();
      const { step } = JSON.parse(line) as { step?: string };
      if (step === "write-runtime") writesMs ??= nowMs;
      if (step !== "verify" || writesMs === undefined) continue;
      const [writeMs, allMs] = [writesMs, beganMs].map((from) => Math.round(nowMs - from));
      return { writeMs: writeMs ?? 0, allMs: allMs ?? 0, content: board.content() };
    }
    return assert.fail(`buddy flash ended: ${said}`);
  } finally {
    child.kill();
    await once(child, "close");
    await board.close();
  }
}

/** What was written, sector by sector; a chip that was blank needs no others. */
function piecesOf(chip: ChipName, content: Buffer): Piece[] {
  const parts = [
    { from: BOOT_ADDRESS[chip], to: STORE.address },
    { from: STORE.address, to: STORE.address + STORE.bytes },
  ];
  const folder = scratch();
  return parts.flatMap(({ from, to }) => {
    const bytes = content.subarray(from, to);
    return sectorsToWrite(bytes, Buffer.alloc(bytes.length, 0xff)).map((piece) => {
      const address = from + piece.at;
      const file = join(folder, `${address}.bin`);
      writeFileSync(file, piece.bytes);
      return { address, length: piece.bytes.length, file };
    });
  });
}

async function byEsptool(chip: ChipName, pieces: readonly Piece[]): Promise<Run> {
  const board = new TestBoard(chip, 1);
  const place = ["--port", board.sim.path, "--chip", chip, "--baud", "921600"];
  // A pseudo terminal has no reset line; it would only cost the tool its waits.
  const resets = ["--before", "no-reset", "--after", "no-reset"];
  const files = pieces.flatMap(({ address, file }) => [`0x${address.toString(16)}`, file]);
  try {
    const beganMs = systemClock.nowMs();
    const args = [...place, ...resets, "write-flash", ...files];
    const { stdout } = await promisify(execFile)(esptool, args, { timeout: RUN_MS_MAX });
    const allMs = Math.round(systemClock.nowMs() - beganMs);
    const told = [...stdout.matchAll(/^Wrote .* in ([\d.]+) seconds/gm)].map(([, s]) => Number(s));
    assert.equal(told.length, pieces.length, `it tells the time of each file: ${stdout}`);
    const writeMs = Math.round(told.reduce((sum, s) => sum + 1000 * s, 0));
    return { writeMs, allMs, content: board.content() };
  } finally {
    await board.close();
  }
}
