/**
 * Properties: what says a word or works is waited for without end; what does nothing is stuck, and so is what loops; the
 * limits double with each try that was stuck and stop growing; a machine that does not tell processor time is given longer;
 * the observer's own absence is nobody's quiet.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  beginWait,
  forgiveWait,
  lookAt,
  NO_EFFORT,
  PATIENCE,
  type Effort,
  type Patience,
  type Wait,
} from "../../../src/resilience/patience.js";

const patience: Patience = { quietMsMax: 10_000, cpuMsMax: 20_000 };

/** Something that is waited for and looked at every 100 ms. */
class Watched {
  nowMs = 0;
  effort: Effort = { words: 0, cpuMs: 0 };
  wait: Wait = beginWait(NO_EFFORT, 0);
  stuck: string | undefined;

  constructor(readonly tries = 0) {}

  /** Lets time pass until it is stuck or `ms` are over. @param share of one processor that it uses */
  pass(ms: number, share: number): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs && this.stuck === undefined;) {
      this.nowMs += 100;
      const { words, cpuMs } = this.effort;
      this.effort = { words, cpuMs: cpuMs === undefined ? undefined : cpuMs + 100 * share };
      this.look();
    }
    return this;
  }

  say(): this {
    this.effort = { ...this.effort, words: this.effort.words + 1 };
    return this;
  }

  look(): void {
    const { wait, stuck } = lookAt(this.wait, this.effort, this.nowMs, patience, this.tries);
    this.wait = wait;
    this.stuck = stuck;
  }
}

describe("patience", () => {
  it("what does nothing is stuck after its quiet, and not before", () => {
    const idle = new Watched().pass(9_900, 0);
    assert.equal(idle.stuck, undefined);
    assert.match(idle.pass(100, 0).stuck ?? "", /neither a word nor work for 10 s/);
  });

  it("keeping timers alive is no work", () => {
    assert.equal(new Watched().pass(60_000, 0.006).nowMs, 10_000);
  });

  it("A8: a start that works at a fiftieth of a processor is waited for, a hundred times its quiet", () => {
    const slow = new Watched().pass(990_000, 0.02);
    assert.equal(slow.stuck, undefined);
  });

  it("what loops is stuck when its processor time is over, however long that takes", () => {
    const fast = new Watched().pass(100_000, 1);
    assert.match(fast.stuck ?? "", /20 s of processor time without a word/);
    assert.equal(fast.nowMs, 20_100);
    const starved = new Watched().pass(1_000_000, 0.1);
    assert.equal(starved.nowMs, 200_100, "a tenth of the processor: ten times as long");
  });

  it("a word begins the wait anew, of what is quiet and of what loops", () => {
    const quiet = new Watched().pass(9_900, 0).say().pass(10_000, 0);
    assert.equal(quiet.stuck, undefined);
    assert.equal(quiet.pass(100, 0).nowMs, 20_000);
    const busy = new Watched().pass(19_000, 1).say().pass(19_000, 1);
    assert.equal(busy.stuck, undefined);
  });

  it("limits double with each try that was stuck, up to eight times", () => {
    const quietMs = [0, 1, 2, 3, 4, 50].map((tries) => new Watched(tries).pass(1e6, 0).nowMs);
    assert.deepEqual(quietMs, [10_000, 20_000, 40_000, 80_000, 80_000, 80_000]);
    assert.equal(new Watched(1).pass(1e6, 1).nowMs, 40_100);
    // What is work grows as well, or a longer wait would take timers for work.
    assert.equal(new Watched(3).pass(1e6, 0.006).nowMs, 80_000);
  });

  it("where processor time is not told, quiet may be work: three times as long", () => {
    const blind = new Watched();
    blind.effort = { words: 0, cpuMs: undefined };
    assert.equal(blind.pass(1e6, 1).nowMs, 30_000);
  });

  it("the time the observer itself was away is not counted", () => {
    const away = new Watched().pass(5_000, 0);
    away.nowMs += 3_600_000;
    away.wait = forgiveWait(away.wait, 3_600_000);
    assert.equal(away.pass(4_900, 0).stuck, undefined);
    assert.notEqual(away.pass(100, 0).stuck, undefined);
  });

  it("every figure leaves a start room: processor time for a loop, and more quiet than a beat", () => {
    for (const [name, { quietMsMax, cpuMsMax }] of Object.entries(PATIENCE)) {
      assert.ok(quietMsMax >= 2000 && cpuMsMax >= 2000, name);
    }
  });
});
