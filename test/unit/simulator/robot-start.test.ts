/** The first start of a simulated robot: as long as something is heard of it, four lost VMs at most, silence has an end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RobotStart } from "../../../src/simulator/robot-start.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

test("A8: a start that gives a sign is waited for, an hour if it must be", async () => {
  const clock = new FakeClock();
  const start = new RobotStart(clock);
  for (let i = 0; i < 36; i++) {
    await clock.advance(100_000);
    start.sign();
  }
  start.settled();
  await start.done;
});

test("silence ends it, and the words say for how long", async () => {
  const clock = new FakeClock();
  const start = new RobotStart(clock);
  const refused = assert.rejects(start.done, {
    code: "SIM_VM_SILENT",
    message: "the robot did not come up: nothing was heard of it for 3 min",
  });
  await clock.advance(180_000);
  await refused;
});

test("four lost VMs end it, and the words name the last one's fault", async () => {
  const start = new RobotStart(new FakeClock());
  const refused = assert.rejects(start.done, /its VM was lost 4 times; exited with 1/);
  for (let i = 0; i < 4; i++) start.lost("exited with 1");
  await refused;
});
