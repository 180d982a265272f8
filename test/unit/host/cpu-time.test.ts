/** Processor time is read of any process of this machine, grows with work, and is unknown of one that is gone. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { cpuMsOf, ownCpuMs } from "../../../src/host/cpu-time.js";

const onLinux = { skip: process.platform === "linux" ? false : "only Linux tells it" };

test("processor time grows with work and not with waiting", onLinux, () => {
  const before = cpuMsOf(process.pid) ?? Number.NaN;
  const ownBefore = ownCpuMs();
  while (ownCpuMs() - ownBefore < 200);
  const grownMs = (cpuMsOf(process.pid) ?? Number.NaN) - before;
  // Two clocks of one process; the system's is counted in hundredths of a second.
  assert.ok(grownMs >= 150, `${grownMs} ms`);
});

test("of a process that is gone, or that never was, nothing is told", onLinux, () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  assert.equal(cpuMsOf(pid), undefined);
  assert.equal(cpuMsOf(undefined), undefined);
});
