// 30 FACE/s + 3 VISION/s + 1 QUERY/s for a minute (SOAK_S=600 for the ten minutes of `npm run soak`): no QUERY is
// missed, nothing restarts, memory stays flat.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DatagramSender, getJson, PlainRobot, startBuddy } from "../support/buddy-process.js";
import { descendants } from "../support/processes.js";

const SOAK_S = Number(process.env["SOAK_S"] ?? 60);
/** Growth that is noise of the garbage collectors, per process. */
const GROWTH_BYTES_MAX = 40 * 1024 * 1024;

/** The robot's heap breathes with its collections: the most that is free in a window says how much is in use. */
const HEAP_WINDOW_S = 20;
const HEAP_LOSS_BYTES_MAX = 4096;

const PAGE_BYTES = 4096;
function rssBytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return pages * PAGE_BYTES;
}

test(`a face, scenes and questions for ${SOAK_S} s: no QUERY missed, no restart, memory flat`, async (t) => {
  assert.ok(SOAK_S >= 3 * HEAP_WINDOW_S, "too short to see whether the heap is flat");
  const buddy = await startBuddy(["--camera", "none"]);
  const udp = new DatagramSender(buddy.runtime.robotUdp);
  const robot = new PlainRobot(buddy.runtime.robotWs);
  try {
    await robot.open();
    const robotState = async (): Promise<{ generation: number; heapFreeBytes?: number }> => {
      const state = await getJson(buddy.runtime.page, "/api/state");
      return state["robot"] as { generation: number; heapFreeBytes?: number };
    };
    const heapFree: { atS: number; bytes: number }[] = [];
    const mostFree = (fromS: number): number =>
      Math.max(
        ...heapFree
          .filter(({ atS }) => atS >= fromS && atS < fromS + HEAP_WINDOW_S)
          .map(({ bytes }) => bytes),
      );
    const before = await robotState();
    const pids = [buddy.child.pid as number, ...descendants(buddy.child.pid as number)];
    const startMs = performance.now();
    let warm: number[] = [];
    let answered = 0;
    let slowestMs = 0;
    let tick = 0;
    while (performance.now() - startMs < SOAK_S * 1000) {
      tick++;
      const x = 120 + Math.round(8 * Math.sin(tick / 20));
      udp.send(`FACE:${x},120,0,0,60,60,90,${tick},20`);
      if (tick % 10 === 0)
        udp.send('!VISION:{"f":1,"fc":1,"ex":"happy","nv":0.05,"ob":0,"mv":0.05}');
      if (tick % 30 === 0) {
        const askedMs = performance.now();
        const state = await robot.ask("!QUERY", 2000);
        assert.equal(typeof state["servoBase"], "number");
        slowestMs = Math.max(slowestMs, performance.now() - askedMs);
        answered++;
      }
      if (tick % 60 === 0) {
        const { heapFreeBytes } = await robotState();
        if (heapFreeBytes !== undefined) heapFree.push({ atS: tick / 30, bytes: heapFreeBytes });
      }
      if (tick === 300) warm = pids.map(rssBytes);
      const dueMs = startMs + (tick * 1000) / 30;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    }
    assert.ok(answered >= SOAK_S * 0.8, `only ${answered} QUERYs in ${SOAK_S} s`);
    assert.deepEqual(robot.unasked, []);
    assert.equal((await robotState()).generation, before.generation, "the link was lost");
    assert.doesNotMatch(buddy.output(), /panicked|backoff/);
    const [heapEarly, heapLate] = [mostFree(HEAP_WINDOW_S), mostFree(SOAK_S - HEAP_WINDOW_S)];
    const growth = pids.map((pid, i) => rssBytes(pid) - (warm[i] as number));
    t.diagnostic(
      `${answered} QUERYs, slowest ${slowestMs.toFixed(0)} ms, growth ${growth.join(" ")} bytes, robot's heap free ${heapEarly} then ${heapLate} bytes`,
    );
    assert.ok(heapEarly - heapLate < HEAP_LOSS_BYTES_MAX, `heap free: ${heapEarly}, ${heapLate}`);
    assert.ok(Math.max(...growth) < GROWTH_BYTES_MAX, `memory grew: ${growth.join(" ")}`);
  } finally {
    robot.close();
    udp.close();
    await buddy.stop();
  }
});
