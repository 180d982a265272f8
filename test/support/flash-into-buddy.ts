/** A running Buddy without a robot, a blank board, and one command: then it is linked, answers and follows a face. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { findRunning } from "../../src/datadir/running.js";
import { until } from "../../src/time/until.js";
import { TestBoard } from "./board.js";
import { getJson, launchBuddy } from "./buddy-process.js";
import { scratch } from "./simulator.js";

const STEP_MS_MAX = 90_000;

export async function flashIntoBuddy(): Promise<object> {
  const dataDir = join(scratch(), "data");
  const buddy = launchBuddy(["--robot", "board"], { dataDir });
  const board = new TestBoard("esp32s3", undefined, {}, "buddy_s3", dataDir);
  try {
    const door = await until("its page", STEP_MS_MAX, () => buddy.page());
    const link = async (): Promise<Record<string, unknown>> =>
      (await getJson(door, "/api/state"))["link"] as Record<string, unknown>;
    await until("its doors", STEP_MS_MAX, () => findRunning(dataDir).kind === "running");
    assert.equal((await link())["state"], "away", "there is no robot yet");
    const { error, result, ms } = await board.run();
    assert.equal(error, undefined, error?.message);
    assert.ok(result?.["reply"], "the robot has answered");
    assert.equal((await link())["deviceId"], board.sim.deviceId);
    await until("a face to be followed", STEP_MS_MAX, async () => {
      const robot = (await getJson(door, "/api/state"))["robot"] as Record<string, unknown>;
      return robot["linked"] === true && robot["tracking"] === true;
    });
    await until("its ready line", STEP_MS_MAX, () => buddy.isReady());
    return { flashMs: ms };
  } finally {
    await board.close();
    await buddy.stop();
  }
}
