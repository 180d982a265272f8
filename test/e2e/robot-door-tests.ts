/** The whole conformance list as tests, against doors that are known once the tests run. */
import { it } from "node:test";
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

export function robotDoorTests(doors: () => RobotDoors): void {
  it("every verb and error, nothing unsolicited", () => checkVerbs(doors()));
  it("STREAM pushes to its client only", () => checkStream(doors()));
  it("request ids and pushes on /v2", () => checkV2(doors()));
  it("/health, 404 and 405", () => checkHttp(doors()));
  it("A6: tracking refuses big moves, NO_FACE ends it", () => checkTracking(doors()));
  it("five clients at once", () => checkFiveClients(doors()));
  it("violations of RFC 6455 and of limits", () => checkViolations(doors()));
  it("half requests and half messages, all at once", () => checkHoarders(doors()));
  it("A14: hostile datagrams", () => checkHostileDatagrams(doors()));
  it("Python's websockets", { skip: pythonSkip }, () => checkPython(doors()));
  it("Chromium", { skip: chromiumSkip }, () => checkChromium(doors()));
}
