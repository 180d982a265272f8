// The process of one slot. Property: whatever keeps a renderer from being started is told as its exit, so that the standby
// goes on with the other one and tries again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const fixture = fileURLToPath(
  new URL("../../../fixtures/parts/no-descriptors.ts", import.meta.url),
);

test(
  "D2: with no descriptor left the start fails, and the voice goes on",
  { skip: process.platform === "win32" },
  () => {
    // Few enough to be used up soon, and enough for the loader, which opens many files at once.
    const line = `ulimit -n 1000; exec "${process.execPath}" --import tsx "${fixture}"`;
    const { stdout, stderr, status } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
    assert.match(stdout, /^exit: it cannot be started: .*EMFILE/, stderr);
    assert.equal(status, 0);
  },
);
