import assert from "node:assert/strict";
import { test } from "node:test";
import { ServiceManager } from "../../../src/host/service-manager.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

test("C3: a service manager that asked is told of the start, a beat three times a period, and of the stop", async () => {
  const clock = new FakeClock();
  const sent: string[] = [];
  const send = async (args: readonly string[]): Promise<void> => void sent.push(args.join(" "));
  const asked = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "60000000" };
  const manager = new ServiceManager(asked, clock, send);
  await clock.advance(60_000);
  assert.deepEqual(sent, []);
  manager.ready("serving");
  assert.deepEqual(sent, ["READY=1 STATUS=serving"]);
  await clock.advance(60_000);
  assert.deepEqual(sent.slice(1), ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]);
  manager.stopping();
  await clock.advance(60_000);
  assert.equal(sent.length, 5);
  assert.equal(sent.at(-1), "STOPPING=1");
});

test("nobody is told anything who did not ask, and beats do not pile up", async () => {
  const clock = new FakeClock();
  let sent = 0;
  const never = (): Promise<void> => {
    sent += 1;
    return new Promise(() => undefined);
  };
  new ServiceManager({}, clock, never).ready("serving");
  await clock.advance(60_000);
  assert.equal(sent, 0);
  const asked = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "3000000" };
  new ServiceManager(asked, clock, never).ready("serving");
  await clock.advance(60_000);
  assert.equal(sent, 1);
});
