// The robot's doors as a client finds them after `npm start`: the firmware in the stock machine, behind link and
// gateway. Every check of the conformance list, Python's `websockets` and Chromium. Rows A6, A14, F1, F4 (no input, however
// hostile, ends the program).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startBuddy, type BuddyProcess } from "./buddy-process.js";
import type { RobotDoors } from "./conformance-clients.js";
import { checkChromium, checkPython, chromiumSkip, pythonSkip } from "./real-clients.js";
import {
  checkFiveClients,
  checkHoarders,
  checkHostileDatagrams,
  checkHttp,
  checkStream,
  checkTracking,
  checkV2,
  checkVerbs,
  checkViolations,
} from "./robot-conformance.js";

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

  it("every verb and error, nothing unsolicited", () => checkVerbs(doors));
  it("STREAM pushes to its client only", () => checkStream(doors));
  it("request ids and pushes on /v2", () => checkV2(doors));
  it("/health, 404 and 405", () => checkHttp(doors));
  it("A6: tracking refuses big moves, NO_FACE ends it", () => checkTracking(doors));
  it("five clients at once", () => checkFiveClients(doors));
  it("violations of RFC 6455 and of limits", () => checkViolations(doors));
  it("F4: half requests and half messages, all at once", () => checkHoarders(doors));
  it("A14: hostile datagrams", () => checkHostileDatagrams(doors));
  it("Python's websockets", { skip: pythonSkip }, () => checkPython(doors));
  it("Chromium", { skip: chromiumSkip }, () => checkChromium(doors));
});
