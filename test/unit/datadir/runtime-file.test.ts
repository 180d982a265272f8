// Properties: what is written is read back; a damaged file is the same as none; only the owner removes it.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findRunning } from "../../../src/datadir/running.js";
import { readRuntime, removeRuntime, writeRuntime } from "../../../src/datadir/runtime-file.js";

const runtime = {
  pid: 17,
  page: "a:1",
  visionApi: "a:2",
  robotWs: "a:3",
  robotUdp: "a:4",
  link: "a:5",
};

test("written, read, removed by its owner only", () => {
  const directory = mkdtempSync(join(tmpdir(), "buddy-runtime-"));
  const dataDir = join(directory, "data");
  assert.equal(readRuntime(dataDir), undefined);
  writeRuntime(dataDir, runtime);
  assert.deepEqual(readRuntime(dataDir), runtime);
  removeRuntime(dataDir, 18);
  assert.deepEqual(readRuntime(dataDir), runtime);
  removeRuntime(dataDir, 17);
  assert.equal(existsSync(join(dataDir, "runtime.json")), false);
  writeFileSync(join(dataDir, "runtime.json"), '{"pid":17,');
  assert.equal(readRuntime(dataDir), undefined);
  rmSync(directory, { recursive: true });
});

test("what could be no companion's is the same as none: no process, no address", () => {
  const directory = mkdtempSync(join(tmpdir(), "buddy-runtime-"));
  try {
    const bad = [
      { pid: 0 },
      { pid: -1 },
      { pid: 1e300 },
      { page: "" },
      { page: "garbage" },
      { page: ":" },
      { page: "a:99999" },
      { page: "1.2.3.999:1" },
      { page: "a b:1" },
      { page: "evil/x:1" },
      { page: "me@evil:1" },
      { link: "\u0000" },
    ];
    for (const change of bad) {
      writeFileSync(join(directory, "runtime.json"), JSON.stringify({ ...runtime, ...change }));
      assert.equal(readRuntime(directory), undefined, JSON.stringify(change));
    }
    for (const page of [
      "127.0.0.1:5000",
      "::1:5000",
      "[::1]:5000",
      "0.0.0.0:5000",
      "my-host.local:1",
    ]) {
      writeRuntime(directory, { ...runtime, page, pid: 2 ** 30 });
      assert.equal(findRunning(directory).kind, "none");
      writeRuntime(directory, { ...runtime, page, pid: process.pid });
      assert.equal(findRunning(directory).kind, "running", page);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a folder in the file's place, and a data directory that is a file, are no running companion", () => {
  const directory = mkdtempSync(join(tmpdir(), "buddy-runtime-"));
  try {
    mkdirSync(join(directory, "runtime.json"));
    assert.equal(readRuntime(directory), undefined);
    // Asked for on every stop: whatever stands there must not keep the parts from being stopped.
    removeRuntime(directory, 17);
    writeFileSync(join(directory, "file"), "");
    assert.equal(readRuntime(join(directory, "file")), undefined);
    assert.equal(readRuntime(join(directory, "file/below")), undefined);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
