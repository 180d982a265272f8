/**
 * D1, I3: however slowly parts start, none is taken for hung or dead, and none is started twice. The short form
 * starts 10 parts whose loops are blocked at their start. `COLD_STARTS=100 BUSY_LOOPS=4` is the long one: 100 parts
 * under four busy loops, with start delays of 0 to 10 s. `SEED` repeats a run.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { seededChance } from "../../../src/time/chance.js";
import { loops, type HeldCpu } from "../../support/held-cpu.js";
import { part, Watched } from "../../support/supervised.js";

const starts = Number(process.env["COLD_STARTS"] ?? 10);
const busyLoops = Number(process.env["BUSY_LOOPS"] ?? 0);
const seed = Number(process.env["SEED"] ?? 1);
/** Parts started together; a desk robot has about five. */
const TOGETHER = 5;
const DELAY_MS_MAX = starts > 10 ? 10_000 : 1000;

let busy: HeldCpu;
before(() => {
  busy = loops(busyLoops);
});
after(() => busy.release());

describe("cold start", () => {
  it(`D1, I3: ${starts} cold starts under ${busyLoops} busy loops, seed ${seed}: no false restart`, async (t) => {
    const chance = seededChance(seed);
    let slowestMs = 0;
    for (let done = 0; done < starts; done += TOGETHER) {
      const parts = Array.from({ length: TOGETHER }, (_, i) =>
        part(`part${i}`, { delayMs: chance.next() * DELAY_MS_MAX, busyMs: chance.next() * 2000 }),
      );
      const watched = new Watched(parts);
      const startMs = performance.now();
      watched.supervisor.start();
      const isReady = await watched.supervisor.waitUntilReady(120_000);
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
      const bad = watched.changes.filter(
        ({ to }) => !["waiting", "starting", "running"].includes(to),
      );
      const again = watched.supervisor.view().filter(({ generation }) => generation !== 1);
      await watched.supervisor.stop();
      assert.deepEqual(
        bad.map(({ text }) => text),
        [],
      );
      assert.deepEqual(again, []);
      assert.ok(isReady);
    }
    t.diagnostic(`slowest batch of ${TOGETHER} ready after ${Math.round(slowestMs)} ms`);
  });
});
