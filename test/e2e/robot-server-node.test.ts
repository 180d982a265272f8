// The robot's server behind real sockets, with real clients: `ws`, Python's `websockets` and Chromium. The same checks
// run against the whole system; here they need no machine and take seconds.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkChromium, checkPython, chromiumSkip, pythonSkip } from "./real-clients.js";
import { openRobotDoor, type RobotDoor } from "../support/robot-door.js";
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

describe("the robot's server in Node", () => {
  let door: RobotDoor;
  before(async () => {
    door = await openRobotDoor();
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.faults, []);
  });

  it("every verb and error, nothing unsolicited", () => checkVerbs(door));
  it("STREAM pushes to its client only", () => checkStream(door));
  it("request ids and pushes on /v2", () => checkV2(door));
  it("/health, 404 and 405", () => checkHttp(door));
  it("A6: tracking refuses big moves, NO_FACE ends it", () => checkTracking(door));
  it("five clients at once", () => checkFiveClients(door));
  it("violations of RFC 6455 and of limits", () => checkViolations(door));
  it("half requests and half messages, all at once", () => checkHoarders(door));
  it("A14: hostile datagrams", () => checkHostileDatagrams(door));

  it("Python's websockets", { skip: pythonSkip }, () => checkPython(door));
  it("Chromium", { skip: chromiumSkip }, () => checkChromium(door));
});
