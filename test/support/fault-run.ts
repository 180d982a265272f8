/** One fault: the run that meets it, and the one behind it. */
import assert from "node:assert/strict";
import { until } from "../../src/time/until.js";
import { TestBoard, type Outcome } from "./board.js";
import type { BoardFault } from "./board-faults.js";
import { WIFI } from "./wifi.js";

const SETTLE_MS_MAX = 20_000;

export async function runFault(
  fault: BoardFault,
  linkPort: number,
): Promise<{ first: Outcome; second: Outcome }> {
  let isOver = false;
  let asked = 0;
  const board = new TestBoard("esp32s3", linkPort, {
    ...(fault.air && { air: fault.air }),
    faults: {
      fateOf: (...packet) => (isOver ? "pass" : (fault.fate?.(...packet) ?? "pass")),
      // The third question is the one behind the writing of the runtime.
      md5Of: (right) =>
        fault.md5 && !isOver && ++asked === 3 ? Buffer.alloc(right.length, 7) : right,
    },
  });
  const obstacle = await fault.obstacle?.(linkPort);
  const letGo = await fault.holder?.(board.sim.path);
  const controller = new AbortController();
  try {
    const before = board.content();
    const deps = fault.deps?.() ?? {};
    const first = await board.run(fault.options?.(), {
      ...deps,
      signal: controller.signal,
      ...(fault.cancelAt !== undefined && {
        tell: {
          step: (name: string) => {
            if (name === fault.cancelAt) setImmediate(() => controller.abort());
          },
          done: () => undefined,
          failed: () => undefined,
        },
      }),
    });
    assert.equal(first.error?.code, fault.code, `${fault.name}: ${first.error?.message}`);
    if (first.error) assert.ok(first.error.next.length > 10, "a remedy is told");
    const shown = JSON.stringify([first.error?.message, first.error?.next, first.steps]);
    assert.ok(!shown.includes(WIFI.password), "no password is shown");
    if (fault.says) assert.match(first.error?.message ?? "", fault.says);
    if (fault.writesNothing) assert.ok(board.content().equals(before), "nothing was written");
    isOver = true;
    await letGo?.();
    await new Promise<void>((resolve) => (obstacle ? obstacle.close(() => resolve()) : resolve()));
    if (fault.code === "FLASH_UNPLUGGED") board.sim.replug();
    await until(
      "the board to be there again",
      SETTLE_MS_MAX,
      () => board.sim.state !== "resetting",
    );
    const second = await board.run();
    assert.equal(second.error, undefined, `${fault.name}, second run: ${second.error?.message}`);
    assert.ok(second.result?.["reply"], "the robot has answered");
    return { first, second };
  } finally {
    await board.close();
  }
}
