// The link comes back by itself after each cause of an outage, in short form (n = 1 each); the figures with
// n >= 20 are in docs/BENCH.md. Rows A1 (reboot), A2 (WiFi), A10 (gateway gone).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { recoveryMs } from "../bench/recovery.js";
import {
  getJson,
  PlainRobot,
  startBuddy,
  within,
  type BuddyProcess,
} from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";
import { once } from "node:events";
import { simulatorFault } from "../bench/recovery.js";

/** Well above the bar (2 s), for a busy machine; a link that does not come back fails. */
const BACK_MS_MAX = 15_000;

let buddy: BuddyProcess;

before(async () => {
  buddy = await startBuddy(["--camera", "none"]);
});

after(async () => {
  await buddy?.stop();
});

const generation = async (): Promise<number> => {
  const state = await getJson(buddy.runtime.page, "/api/state");
  return (state["robot"] as { generation: number }).generation;
};

for (const [row, outage] of [
  ["A10", "gateway"],
  ["A2", "wifi"],
  ["A1", "power"],
] as const) {
  test(`${row}: the link is back after an outage of the ${outage}, in a newer generation`, async () => {
    const before = await generation();
    const backMs = await recoveryMs(buddy, outage, 3000);
    assert.ok(backMs < BACK_MS_MAX, `${backMs} ms`);
    await until("a newer generation", 5000, async () => (await generation()) > before);
  });
}

test("A1: a client that was connected learns of the gap (close 1013), and none is left hanging", async () => {
  const robot = new PlainRobot(buddy.runtime.robotWs);
  await robot.open();
  const closed = once(robot.socket, "close");
  await simulatorFault(buddy.runtime.page, { fault: "power" });
  const [code] = (await within(5000, "the client to be closed", closed)) as [number];
  assert.equal(code, 1013);
  await until("the robot to be back", 20_000, async () => {
    const response = await fetch(`http://${buddy.runtime.robotWs}/health`);
    return response.status === 200;
  });
});

test("A2: while WiFi is off, a client is told within 1 s (503), and tracking state is not kept", async () => {
  await simulatorFault(buddy.runtime.page, { fault: "wifi", on: false });
  try {
    await until("the gateway to say so", 4000, async () => {
      const startMs = performance.now();
      const response = await fetch(`http://${buddy.runtime.robotWs}/health`, {
        signal: AbortSignal.timeout(3000),
      });
      await response.text();
      return response.status === 503 && performance.now() - startMs < 1000;
    });
    const state = await getJson(buddy.runtime.page, "/api/state");
    assert.equal((state["robot"] as { linked: boolean }).linked, false);
  } finally {
    await simulatorFault(buddy.runtime.page, { fault: "wifi", on: true });
  }
  await until("the link", 20_000, async () => {
    const state = await getJson(buddy.runtime.page, "/api/state");
    return (state["robot"] as { linked: boolean }).linked;
  });
});
