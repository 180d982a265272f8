// Properties: doors that cannot be written down are told once and written later; a stop never fails for that file.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { readRuntime } from "../../../src/datadir/runtime-file.js";
import { RuntimeKeeper } from "../../../src/datadir/runtime-keeper.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const doors = { page: "a:1", visionApi: "a:2", robotWs: "a:3", robotUdp: "a:4", link: "a:5" };
const runtime = { pid: process.pid, ...doors };

let dir: string;
let lines: string[];
let clock: FakeClock;
let keeper: RuntimeKeeper;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "buddy-keeper-"));
  lines = [];
  clock = new FakeClock();
  keeper = new RuntimeKeeper(
    dir,
    clock,
    (level, message) => void lines.push(`${level} ${message}`),
  );
});
afterEach(() => rmSync(dir, { recursive: true }));

test("M2: what cannot be written does not end the start; it is told once and written as soon as it can be", async () => {
  // Nothing can be renamed over a folder, by no user: stands for a full disk.
  mkdirSync(join(dir, "runtime.json"));
  keeper.write(runtime);
  await clock.advance(20_000);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^warn runtime\.json cannot be written \(E[A-Z]+\)/);
  rmdirSync(join(dir, "runtime.json"));
  await clock.advance(5000);
  assert.deepEqual(readRuntime(dir), runtime);
  assert.match(lines[1] ?? "", /^info runtime\.json is written/);
  keeper.remove();
  assert.equal(existsSync(join(dir, "runtime.json")), false);
});

test("a stop ends the tries, and no state of the file makes it fail", async () => {
  mkdirSync(join(dir, "runtime.json"));
  keeper.write(runtime);
  keeper.remove();
  rmdirSync(join(dir, "runtime.json"));
  await clock.advance(20_000);
  assert.equal(existsSync(join(dir, "runtime.json")), false);
});
