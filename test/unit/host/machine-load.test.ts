/**
 * Load is seen by either sign, lasts for ten seconds after the last one, and is over a minute after it; a process that does
 * next to nothing, or waits for its disk now and then, is no sign.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LoadWatch, type LoadLook } from "../../../src/host/machine-load.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

/** A machine with a load average, on which this process is busy for a share of the time and is given a share of that. */
class Machine {
  readonly clock = new FakeClock();
  loadPerCore = 0.3;
  busy = 0.1;
  given = 1;
  private busyMs = 0;
  private cpuMs = 0;
  private atMs = 0;
  readonly watch = new LoadWatch(this.clock, () => this.look());

  constructor() {
    this.watch.start();
  }

  private look(): LoadLook {
    const ms = this.clock.nowMs() - this.atMs;
    this.atMs += ms;
    this.busyMs += ms * this.busy;
    this.cpuMs += ms * this.busy * this.given;
    return { loadPerCore: this.loadPerCore, busyMs: this.busyMs, cpuMs: this.cpuMs };
  }

  async after(ms: number): Promise<{ isLoaded: boolean; isCalm: boolean }> {
    await this.clock.advance(ms);
    const { isLoaded, isCalm } = this.watch;
    return { isLoaded, isCalm };
  }
}

const CALM = { isLoaded: false, isCalm: true };
const LOADED = { isLoaded: true, isCalm: false };

describe("load", () => {
  it("is not seen on a machine that has room", async () => {
    assert.deepEqual(await new Machine().after(600_000), CALM);
  });

  it("C3: is seen by the load average", async () => {
    const machine = new Machine();
    machine.loadPerCore = 2.5;
    assert.deepEqual(await machine.after(5000), LOADED);
  });

  it("C3: is seen by a process that gets a tenth of what it wants, as under a quota", async () => {
    const machine = new Machine();
    machine.given = 0.1;
    assert.deepEqual(await machine.after(5000), LOADED);
    assert.deepEqual(await machine.after(600_000), LOADED);
  });

  it("a loop that does next to nothing, or waits for its disk a little, is no sign", async () => {
    const idle = new Machine();
    [idle.busy, idle.given] = [0.01, 0.01];
    assert.deepEqual(await idle.after(60_000), CALM);
    const disk = new Machine();
    disk.given = 0.5;
    assert.deepEqual(await disk.after(60_000), CALM);
  });

  it("is over a minute after its last sign, and neither there nor over in between", async () => {
    const machine = new Machine();
    machine.loadPerCore = 3;
    await machine.after(5000);
    machine.loadPerCore = 0.3;
    assert.deepEqual(await machine.after(9000), LOADED);
    assert.deepEqual(await machine.after(2000), { isLoaded: false, isCalm: false });
    assert.deepEqual(await machine.after(60_000), CALM);
    machine.watch.stop();
  });
});
