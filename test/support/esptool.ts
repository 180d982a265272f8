/** A client that is not ours: Espressif's esptool (PyPI), where it is installed or `ESPTOOL` names it. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ChipName } from "../../src/simulator/vm/chips.js";
import { TestBoard } from "./board.js";
import { scratch } from "./simulator.js";

const RUN_MS_MAX = 120_000;
const ADDRESS = 0x100000;
const BYTES = 300_000;
/** The ROM sends 64 bytes a packet: enough to see that they are the same. */
const SLOW_BYTES = 8192;

export const esptool = process.env["ESPTOOL"] ?? "esptool";

/** Its version, or undefined: not to be had here. */
export function esptoolVersion(): string | undefined {
  const { status, stdout } = spawnSync(esptool, ["version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim().split("\n").at(-1) : undefined;
}

/** @throws AssertionError or the tool's own failure. */
export async function secondOpinion(chip: ChipName, hasStub: boolean): Promise<object> {
  const version = esptoolVersion();
  if (version === undefined) return { run: "NOT RUN: no esptool here" };
  const board = new TestBoard(chip, 1);
  const folder = scratch();
  const file = join(folder, "sent.bin");
  const back = join(folder, "back.bin");
  // The same bytes each time, that do not compress.
  const blocks = Array.from({ length: Math.ceil(BYTES / 32) }, (_, i) =>
    createHash("sha256").update(`${i}`).digest(),
  );
  const bytes = Buffer.concat(blocks).subarray(0, BYTES);
  writeFileSync(file, bytes);
  const run = (...args: string[]): Promise<unknown> => {
    const before = ["--port", board.sim.path, "--chip", chip];
    const resets = ["--before", "no-reset", "--after", "no-reset"];
    const stub = hasStub ? [] : ["--no-stub"];
    const limits = { timeout: RUN_MS_MAX };
    return promisify(execFile)(esptool, [...before, ...resets, ...stub, ...args], limits);
  };
  try {
    const address = `0x${ADDRESS.toString(16)}`;
    await run("write-flash", address, file);
    await run("verify-flash", address, file);
    const length = hasStub ? BYTES : SLOW_BYTES;
    await run("read-flash", address, String(length), back);
    assert.ok(readFileSync(back).equals(bytes.subarray(0, length)), "reads back the same");
    assert.ok(board.flash.read(ADDRESS, BYTES).equals(bytes), "the flash holds what was sent");
    return { version, bytes: BYTES, readBack: length };
  } finally {
    await board.close();
  }
}
