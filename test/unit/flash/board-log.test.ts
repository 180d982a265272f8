import assert from "node:assert/strict";
import { test } from "node:test";
import { BoardLog } from "../../../src/flash/board-log.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { PtyError, SerialLine } from "../../../src/usb/pty.js";
import { placeOf } from "../../../src/usb/serial-port.js";
import { encodeUsbLog } from "../../../src/usb/usb-frames.js";

test("F2: what the robot says of its WiFi over USB is heard, once it was given time to come by itself", async (t) => {
  let line: SerialLine;
  try {
    line = new SerialLine();
  } catch (error) {
    if (error instanceof PtyError) return t.skip(`NOT RUN: ${error.message}`);
    throw error;
  }
  t.after(() => line.close());
  const clock = new FakeClock();
  const log = new BoardLog(placeOf({ path: line.path }), clock);
  t.after(() => log.close());
  const say = (text: string): void => line.send(encodeUsbLog(`wifi: ${text}`));
  say("just started");
  assert.equal(log.wifi, undefined, "its port is not opened yet");
  await clock.advance(8000);
  // What came before the port was open is gone.
  await until("its words", 10_000, () => {
    say("the network is in sight");
    return log.wifi !== undefined;
  });
  assert.equal(log.wifi, "the network is in sight");
  assert.equal(log.isRefused(), false);
  say("thrown out again and again: password?");
  await until("the refusal", 10_000, () => log.isRefused());
});
