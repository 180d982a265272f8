// I3: a renderer that waits for a CPU or a disk is not taken for one that hangs; one that is stopped or loops is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { until } from "../../../../src/time/until.js";
import {
  lookAtProcess,
  Starvation,
  type ProcessLook,
} from "../../../../src/voice/standby/starvation.js";

const BEAT_MS = 8;

function silentFor(ms: number, look: (atMs: number) => ProcessLook | undefined): number {
  let nowMs = 0;
  const starvation = new Starvation(() => look(nowMs), 0);
  let starvedMs = 0;
  for (nowMs = 0; nowMs <= ms; nowMs += 5) starvedMs = starvation.sinceHeardMs(nowMs, BEAT_MS);
  return starvedMs;
}

test("time without a CPU counts, nothing else does", () => {
  const cases: readonly [string, (atMs: number) => ProcessLook | undefined, number][] = [
    ["runnable, no CPU", () => ({ state: "R", cpuNs: 5 }), 72],
    ["waits for a disk", () => ({ state: "D", cpuNs: 5 }), 72],
    // Before anybody looked, what is runnable is believed to have waited since its next beat.
    ["loops on a CPU", (atMs) => ({ state: "R", cpuNs: atMs * 1e6 }), 7],
    ["loops on a third of a CPU", (atMs) => ({ state: "R", cpuNs: (atMs * 1e6) / 3 }), 50],
    ["stopped", () => ({ state: "T", cpuNs: 5 }), 0],
    ["sleeps for ever", () => ({ state: "S", cpuNs: 5 }), 0],
    ["no /proc", () => undefined, 0],
  ];
  for (const [name, look, starvedMs] of cases)
    assert.equal(Math.round(silentFor(80, look)), starvedMs, name);
});

const noProc = process.platform === "linux" ? false : "needs /proc";

test(
  "I3: a thread that has work is seen while the main thread sleeps",
  { skip: noProc },
  async () => {
    const source = `const { Worker } = require("node:worker_threads");
    const ready = new Int32Array(new SharedArrayBuffer(4));
    new Worker("for (;;);", { eval: true }).once("online", () => {
      process.stdout.write("asleep\\n", () => Atomics.wait(ready, 0, 0));
    });`;
    const child = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const pid = child.pid ?? 0;
      const mainState = (): string =>
        readFileSync(`/proc/${pid}/stat`, "latin1")
          .replace(/^.*\) /, "")
          .charAt(0);
      await until("its main thread to sleep", 20_000, () => mainState() === "S");
      const before = lookAtProcess(pid);
      assert.equal(before?.state, "R");
      await until("its worker to have used the CPU", 20_000, () => {
        const now = lookAtProcess(pid);
        return now !== undefined && now.cpuNs > before.cpuNs;
      });
    } finally {
      child.kill("SIGKILL");
    }
  },
);

test("a sign of life ends the count", () => {
  const starvation = new Starvation(() => ({ state: "R", cpuNs: 5 }), 0);
  for (let nowMs = 0; nowMs <= 60; nowMs += 5) starvation.sinceHeardMs(nowMs, BEAT_MS);
  starvation.heard(60);
  assert.equal(starvation.sinceHeardMs(65, BEAT_MS), 0);
});

test("a renderer at rest that beats in time is never looked at", () => {
  let looks = 0;
  const look = (): ProcessLook => {
    looks++;
    return { state: "S", cpuNs: 5 };
  };
  const starvation = new Starvation(look, 0);
  for (let nowMs = 50; nowMs <= 10_000; nowMs += 50) {
    starvation.sinceHeardMs(nowMs, 250);
    if (nowMs % 250 === 0) starvation.heard(nowMs);
  }
  assert.equal(looks, 0);
  starvation.sinceHeardMs(10_400, 250);
  assert.equal(looks, 1);
});
