// The life of the VM's process. Properties: it is spawned once and replaced for ever; silence, death and exit each
// lead to one kill at most and one restart; a VM that never comes up backs off; a stop ends everything.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isUnstable,
  newVmLife,
  REBOOT_MS,
  stepVmLife,
  type VmInput,
  type VmLife,
} from "../../../../src/simulator/vm/vm-life.js";
import { PATIENCE } from "../../../../src/resilience/patience.js";

const SILENT_MS_MAX = PATIENCE.vmSilence.quietMsMax;

class Run {
  life: VmLife = newVmLife(0);
  nowMs = 0;
  /** Share of one processor that the VM's process uses. */
  share = 0;
  words = 0;
  private cpuMs = 0;

  tick(): string[] {
    return this.put({ kind: "tick", effort: { words: this.words, cpuMs: this.cpuMs } });
  }

  /** Feeds one input and returns the kinds of its effects. */
  put(input: VmInput): string[] {
    const { life, effects } = stepVmLife(this.life, input, this.nowMs);
    this.life = life;
    return effects.map((effect) => effect.kind);
  }

  /** Lets time pass in ticks, with or without frames, and returns all effects. */
  pass(ms: number, heard: boolean): string[] {
    const seen: string[] = [];
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs += 250;
      if (heard) seen.push(...this.put({ kind: "frame" }));
      this.cpuMs += 250 * this.share;
      seen.push(...this.tick());
    }
    return seen;
  }

  up(): void {
    if (this.life.phase.kind === "stopped") this.put({ kind: "start" });
    this.put({ kind: "frame" });
    assert.equal(this.life.phase.kind, "running");
  }
}

test("a start spawns one VM, its first frame makes it run, and a second start does nothing", () => {
  const run = new Run();
  assert.deepEqual(run.put({ kind: "start" }), ["spawn"]);
  assert.deepEqual(run.put({ kind: "start" }), []);
  assert.deepEqual(run.put({ kind: "frame" }), ["came-up"]);
  assert.deepEqual(run.put({ kind: "frame" }), []);
});

test("A1: a VM that is killed boots again after a second, as often as it takes", () => {
  const run = new Run();
  run.up();
  for (let i = 1; i <= 20; i++) {
    assert.deepEqual(run.put({ kind: "exited", why: "killed by SIGKILL" }), ["lost"]);
    assert.deepEqual(run.pass(REBOOT_MS - 250, false), []);
    assert.deepEqual(run.pass(250, false), ["spawn"]);
    assert.equal(run.life.restarts, i);
    run.up();
  }
});

test("A10: silence is told apart from a slow announcement, and ends the VM once", () => {
  const run = new Run();
  run.up();
  assert.deepEqual(run.pass(60_000, true), []);
  assert.deepEqual(run.pass(SILENT_MS_MAX - 250, false), []);
  assert.deepEqual(run.pass(250, false), ["kill"]);
  assert.deepEqual(run.pass(1000, false), []);
  assert.deepEqual(run.put({ kind: "exited", why: "killed by SIGKILL" }), ["lost"]);
});

test("silence is not held against a VM while this process itself was held up", () => {
  const run = new Run();
  run.up();
  run.nowMs += 10_000;
  assert.deepEqual(run.tick(), []);
  assert.deepEqual(run.pass(SILENT_MS_MAX - 250, false), []);
  assert.deepEqual(run.pass(250, false), ["kill"]);
});

test("a death is followed by one kill, and its reason is what is told", () => {
  const run = new Run();
  run.up();
  assert.deepEqual(run.put({ kind: "dead", why: "Aborted()" }), ["kill"]);
  assert.deepEqual(run.put({ kind: "dead", why: "RuntimeError" }), []);
  assert.deepEqual(run.put({ kind: "frame" }), []);
  const { effects } = stepVmLife(run.life, { kind: "exited", why: "SIGKILL" }, run.nowMs);
  assert.deepEqual(effects, [{ kind: "lost", why: "Aborted()", waitMs: REBOOT_MS }]);
});

test("a VM that never comes up is tried again ever later, at most every 10 s, and a good start forgives", () => {
  const run = new Run();
  run.put({ kind: "start" });
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    const { life, effects } = stepVmLife(run.life, { kind: "exited", why: "1" }, run.nowMs);
    run.life = life;
    const [lost] = effects;
    assert.ok(lost?.kind === "lost");
    waits.push(lost.waitMs);
    assert.deepEqual(run.pass(lost.waitMs, false), ["spawn"]);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 10_000, 10_000]);
  run.up();
  run.put({ kind: "exited", why: "1" });
  assert.deepEqual(run.pass(REBOOT_MS, false), ["spawn"]);
});

test("a start that does nothing ends after 20 s, the next one is given twice that", () => {
  const run = new Run();
  run.put({ kind: "start" });
  assert.deepEqual(run.pass(19_750, false), []);
  assert.deepEqual(run.pass(250, false), ["kill"]);
  run.put({ kind: "exited", why: "killed by SIGKILL" });
  assert.deepEqual(run.pass(REBOOT_MS, false), ["spawn"]);
  assert.deepEqual(run.pass(39_750, false), []);
  assert.deepEqual(run.pass(250, false), ["kill"]);
});

test("A8: a start at a fiftieth of a processor is waited for and tells that it works, one that loops is ended", () => {
  const slow = new Run();
  slow.put({ kind: "start" });
  slow.share = 0.02;
  const seen = slow.pass(600_000, false);
  assert.deepEqual(new Set(seen), new Set(["at-work"]));
  assert.ok(seen.length > 20, "often enough for whoever waits for it");
  slow.up();
  const loop = new Run();
  loop.put({ kind: "start" });
  loop.share = 1;
  assert.ok(!loop.pass(PATIENCE.vmStart.cpuMsMax, false).includes("kill"));
  assert.ok(loop.pass(250, false).includes("kill"));
});

test("A8: a VM that is starved is not taken for silent; one that loops is, however much it prints", () => {
  const starved = new Run();
  starved.up();
  starved.share = 0.03;
  assert.deepEqual(starved.pass(60_000, false), []);
  assert.equal(starved.life.phase.kind, "running");
  const loop = new Run();
  loop.up();
  loop.share = 1;
  loop.words = 1;
  assert.deepEqual(loop.pass(SILENT_MS_MAX, false), []);
  loop.words = 2;
  assert.deepEqual(loop.pass(1000, false), ["kill"]);
});

test("more than five restarts in a minute are reported as unstable, and forgotten later", () => {
  const run = new Run();
  run.up();
  for (let i = 0; i < 6; i++) {
    assert.equal(isUnstable(run.life, run.nowMs), false);
    run.put({ kind: "exited", why: "killed" });
    run.pass(REBOOT_MS, false);
    run.up();
  }
  assert.equal(isUnstable(run.life, run.nowMs), true);
  run.pass(60_000, true);
  assert.equal(isUnstable(run.life, run.nowMs), false);
});

test("L6: a stop kills what runs and starts nothing again, in every phase", () => {
  const running = new Run();
  running.up();
  assert.deepEqual(running.put({ kind: "stop" }), ["kill"]);
  assert.deepEqual(running.put({ kind: "stop" }), []);
  assert.deepEqual(running.put({ kind: "exited", why: "killed" }), []);
  assert.deepEqual(running.pass(30_000, false), []);
  assert.equal(running.life.phase.kind, "stopped");

  const waiting = new Run();
  waiting.up();
  waiting.put({ kind: "exited", why: "killed" });
  assert.deepEqual(waiting.put({ kind: "stop" }), []);
  assert.deepEqual(waiting.pass(30_000, false), []);

  const ending = new Run();
  ending.up();
  ending.put({ kind: "dead", why: "Aborted()" });
  assert.deepEqual(ending.put({ kind: "stop" }), []);
  assert.deepEqual(ending.put({ kind: "exited", why: "killed" }), []);
  assert.deepEqual(ending.pass(30_000, false), []);
  assert.deepEqual(ending.put({ kind: "start" }), ["spawn"]);
});
