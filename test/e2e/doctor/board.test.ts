/** `buddy doctor --board` against the firmware in the stock VM at a chip's pace, with its USB socket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CHIPS } from "../../../src/simulator/vm/chips.js";
import { systemClock } from "../../../src/time/clock.js";
import { lookAtBoard } from "../../../src/usb/board-look.js";
import { cabledRobot, KEY } from "../../support/cabled.js";

test("F2: a board on a port is looked at over its cable, and its chip is measured from outside", async (t) => {
  const { deviceId, plug, linkPort } = await cabledRobot(t, {
    chip: "esp32c3",
    usbOfGateway: false,
  });
  const found = await lookAtBoard(plug.path, KEY.toString("hex"), systemClock);
  assert.equal(found.deviceId, deviceId);
  assert.match(found.runtime ?? "", /^2\.16\.\d+$/);
  assert.equal(found.program.isRunning, true);
  assert.match(found.program.sha256 ?? "", /^[0-9a-f]{64}$/);
  assert.equal(found.settings?.dials, `127.0.0.1:${linkPort}`);
  assert.equal(found.settings.key, "ours");
  assert.ok(!JSON.stringify(found).includes(KEY.toString("hex")), "no secret is told");
  assert.equal(typeof found.wifi?.address, "string");
  // A machine that is busy makes it slower, and nothing makes it faster than the chip that it plays.
  assert.ok(found.stepsPerS !== undefined && found.stepsPerS > 0);
  const model = CHIPS.esp32c3.stepsPerS;
  assert.ok(found.stepsPerS <= 1.15 * model, `${found.stepsPerS} steps a second, model ${model}`);
  t.diagnostic(`${found.stepsPerS} steps a second, model ${model}`);
});
