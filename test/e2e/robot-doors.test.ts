// The robot's doors as a client finds them after `npm start`: the firmware in the stock machine, behind link and
// gateway. Every check of the conformance list, Python's `websockets` and Chromium. Rows A6, A14, F1, F4 (no input, however
// hostile, ends the program).
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { startBuddy, type BuddyProcess } from "../support/buddy-process.js";
import type { RobotDoors } from "./conformance-clients.js";
import { robotDoorTests } from "./robot-door-tests.js";

describe("the robot's doors", () => {
  let buddy: BuddyProcess;
  let doors: RobotDoors;
  const portOf = (door: string) => Number(door.slice(door.lastIndexOf(":") + 1));

  before(async () => {
    buddy = await startBuddy(["--camera", "none"]);
    const { robotWs, robotUdp } = buddy.runtime;
    doors = { host: "127.0.0.1", port: portOf(robotWs), udpPort: portOf(robotUdp) };
  });
  after(async () => {
    await buddy.stop();
    assert.doesNotMatch(buddy.output(), /panick|OutOfMemory|InfiniteLoop|fault in/);
  });

  robotDoorTests(() => doors);
});
