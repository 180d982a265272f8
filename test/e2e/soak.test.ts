// 30 FACE/s + 3 VISION/s + 1 QUERY/s for a while (SOAK_S=600 for the ten minutes of `npm run soak`): no QUERY is
// missed, nothing restarts, memory stays flat.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { systemClock } from "../../src/time/clock.js";
import { DatagramSender, PlainRobot } from "../support/buddy-process.js";
import { descendants } from "../support/processes.js";
import { count, World } from "./endure-world.js";

const soakS = count("SOAK_S", 25);
const TICKS_PER_S = 30;
/** By then all code has run and every buffer has its size. */
const WARM_S = 5;
/** Growth that is noise of the garbage collectors, per process. */
const GROWTH_BYTES_MAX = 40 * 1024 * 1024;

/** What the program holds, garbage left out, is read so often at either end; the least is what it always holds. */
const HEAP_READINGS = 5;
/** A leak of one word with each message is 3 KB in a short run. */
const HEAP_GROWTH_BYTES_MAX = 2048;

const PAGE_BYTES = 4096;
function rssBytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return pages * PAGE_BYTES;
}

async function heapHeld(world: World): Promise<number> {
  const readings: number[] = [];
  for (let i = 0; i < HEAP_READINGS; i++) {
    // One that does not come in time on a busy machine is none.
    const heap = await world.robot.heap(true);
    if (heap) readings.push(heap.usedBytes);
  }
  assert.ok(readings.length > 0, "its heap could be read");
  return Math.min(...readings);
}

test(`a face, scenes and questions for ${soakS} s: no QUERY missed, no restart, memory flat`, async (t) => {
  assert.ok(soakS >= 3 * WARM_S, "too short to see whether memory is flat");
  const world = await World.start();
  const runtime = world.companion?.runtime;
  assert.ok(runtime);
  const udp = new DatagramSender(runtime.robotUdp);
  const robot = new PlainRobot(runtime.robotWs);
  try {
    await robot.open();
    const before = await world.state();
    // The companion and its parts, and the robot's VM.
    const pids = descendants(process.pid);
    let tick = 0;
    let answered = 0;
    let slowestMs = 0;
    const talk = async (untilS: number): Promise<void> => {
      const startMs = systemClock.nowMs() - (tick * 1000) / TICKS_PER_S;
      while (tick < untilS * TICKS_PER_S) {
        tick++;
        const x = 120 + Math.round(8 * Math.sin(tick / 20));
        udp.send(`FACE:${x},120,0,0,60,60,90,${tick},20`);
        if (tick % 10 === 0)
          udp.send('!VISION:{"f":1,"fc":1,"ex":"happy","nv":0.05,"ob":0,"mv":0.05}');
        if (tick % TICKS_PER_S === 0) {
          const askedMs = systemClock.nowMs();
          const state = await robot.ask("!QUERY", 5000);
          assert.equal(typeof state["servoBase"], "number");
          slowestMs = Math.max(slowestMs, systemClock.nowMs() - askedMs);
          answered++;
        }
        const dueMs = startMs + (tick * 1000) / TICKS_PER_S;
        await systemClock.sleep(Math.max(0, dueMs - systemClock.nowMs()));
      }
    };
    await talk(WARM_S);
    const rssWarm = pids.map(rssBytes);
    const heapWarm = await heapHeld(world);
    await talk(soakS);
    const growth = pids.map((pid, i) => rssBytes(pid) - (rssWarm[i] as number));
    const heapEnd = await heapHeld(world);
    t.diagnostic(
      `${answered} QUERYs, slowest ${slowestMs.toFixed(0)} ms, growth ${growth.join(" ")} bytes, robot's heap ${heapWarm} then ${heapEnd} bytes`,
    );
    assert.equal(answered, soakS);
    assert.deepEqual(robot.unasked, []);
    assert.equal((await world.state()).generation, before.generation, "the link was lost");
    assert.equal(world.panics, 0);
    assert.doesNotMatch(world.companion?.output() ?? "", /panicked|backoff/);
    assert.ok(heapEnd - heapWarm < HEAP_GROWTH_BYTES_MAX, `heap held: ${heapWarm}, ${heapEnd}`);
    assert.ok(Math.max(...growth) < GROWTH_BYTES_MAX, `memory grew: ${growth.join(" ")}`);
  } finally {
    robot.close();
    udp.close();
    await world.end();
  }
});
