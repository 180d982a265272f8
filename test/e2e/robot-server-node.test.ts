// The robot's server behind real sockets, with real clients: `ws`, Python's `websockets` and Chromium. The same checks
// run against the whole system; here they need no machine and take seconds.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { openRobotDoor, type RobotDoor } from "../support/robot-door.js";
import { robotDoorTests } from "./robot-door-tests.js";

describe("the robot's server in Node", () => {
  let door: RobotDoor;
  before(async () => {
    door = await openRobotDoor();
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.faults, []);
  });

  robotDoorTests(() => door);
});
