/**
 * Every door at once, at a chip's speed and in virtual time, so that the same happens each time: the stock VM with the firmware
 * against the gateway's own session. `npm run drill -- flood-robot --chip esp32c3` does it in real time with all processes.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../../src/host/package-root.js";
import { flood } from "../../support/virtual/flood.js";
import { VirtualRobot } from "../../support/virtual/robot.js";

const HEAL_MS_MAX = 30_000;
const SLICE_STEPS_MAX = 12_000;
const STOP_MS_MAX = 1000;

const FLOOD_MS = 60_000;

test("F4, F5, A9: 60 virtual seconds of faces, junk, bursts, a deaf client and mirrors at a C3's pace", async () => {
  const firmware = join(packageRoot(), "dist", "firmware", "sim.devs");
  const robot = await VirtualRobot.start("esp32c3", firmware);
  after(() => robot.stop());
  const told = await flood(robot);
  await robot.time.pass(FLOOD_MS);
  assert.ok(await told.end(HEAL_MS_MAX), "everything asked has its end");
  assert.deepEqual(robot.troubles, [], "no panic, no link lost");
  assert.equal(robot.generation, 1);
  assert.equal(told.companionLosses, 0);
  const slowest = Math.round(Math.max(...told.stopsMs));
  console.log(
    `${told.stopsMs.length} STOPs, slowest ${slowest} ms; ${told.asked} lines, ${told.answered} answered; ` +
      `longest slice ${robot.longestSlice} steps`,
  );
  assert.ok(told.stopsMs.length > 60 && slowest <= STOP_MS_MAX, `STOP in ${slowest} ms`);
  assert.ok(told.answered > 100);
  assert.equal(told.lost, 0, "lines that nothing was said to");
  assert.equal(told.asked, told.answered + told.refused);
  assert.ok(robot.longestSlice <= SLICE_STEPS_MAX, `a slice of ${robot.longestSlice} steps`);
});
