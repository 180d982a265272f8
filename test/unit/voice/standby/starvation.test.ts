// I3: a renderer that waits for a CPU or a disk is not taken for one that hangs; one that is stopped or loops is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Starvation, type ProcessLook } from "../../../../src/voice/standby/starvation.js";

function silentFor(ms: number, look: (atMs: number) => ProcessLook | undefined): number {
  let nowMs = 0;
  const starvation = new Starvation(() => look(nowMs), 0);
  let starvedMs = 0;
  for (nowMs = 0; nowMs <= ms; nowMs += 5) starvedMs = starvation.sinceHeardMs(nowMs);
  return starvedMs;
}

test("time without a CPU counts, nothing else does", () => {
  const cases: readonly [string, (atMs: number) => ProcessLook | undefined, number][] = [
    ["runnable, no CPU", () => ({ state: "R", cpuNs: 5 }), 65],
    ["waits for a disk", () => ({ state: "D", cpuNs: 5 }), 65],
    ["loops on a CPU", (atMs) => ({ state: "R", cpuNs: atMs * 1e6 }), 0],
    ["loops on a third of a CPU", (atMs) => ({ state: "R", cpuNs: (atMs * 1e6) / 3 }), 43],
    ["stopped", () => ({ state: "T", cpuNs: 5 }), 0],
    ["sleeps for ever", () => ({ state: "S", cpuNs: 5 }), 0],
    ["no /proc", () => undefined, 0],
  ];
  for (const [name, look, starvedMs] of cases)
    assert.equal(Math.round(silentFor(80, look)), starvedMs, name);
});

test("a sign of life ends the count", () => {
  const starvation = new Starvation(() => ({ state: "R", cpuNs: 5 }), 0);
  for (let nowMs = 0; nowMs <= 60; nowMs += 5) starvation.sinceHeardMs(nowMs);
  starvation.heard(60);
  assert.equal(starvation.sinceHeardMs(65), 0);
});
