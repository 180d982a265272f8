/**
 * The second road (A4): the firmware in the stock VM, with a network and a USB cable to one gateway. What must hold: the cable
 * takes over and gives back, there is one session at a time, a command is answered once or its client hears that it is gone,
 * and whichever comes first brings back a robot that had neither.
 */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Asker } from "../../../src/drill/run/asker.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { BoardBus } from "../../../src/usb/board-bus.js";
import { jacdac } from "../../../src/usb/jacdac.js";
import { CableService } from "../../../src/usb/cable-service.js";
import { LOOP_ROUND_STEPS, LOOP_ROUNDS, LOOP_TRIES } from "../../../src/usb/known-loop.js";
import { root } from "../../support/buddy-process.js";
import { cabledRobot } from "../../support/cabled.js";
import { get } from "../../support/gateway.js";

/** Of any one step, on a slow machine. */
const STEP_MS_MAX = 60_000;
/** QUERY's answer takes three packets of the cable's 27 a second. */
const ASK_MS = 250;

test("A4: without its network the robot goes on over the cable, and returns when that is steady", async (t) => {
  const robot = await cabledRobot(t);
  const { body, road, tcpPort, udpPort } = robot;
  await until("the network", STEP_MS_MAX, () => road() === "network");
  assert.equal((await get(tcpPort, "/health")).status, 200);
  const asker = new Asker(robot.doors.tcp[81] ?? "", ASK_MS, systemClock);
  t.after(() => asker.close());
  const answered = async (): Promise<void> => {
    const before = asker.answers;
    await until("three answers", STEP_MS_MAX, () => asker.answers >= before + 3);
  };
  await answered();

  const { generation } = robot.gateway.status();
  body.wifi(false);
  await until("the cable", STEP_MS_MAX, () => road() === "usb");
  await answered();
  assert.equal(robot.gateway.status().sessions, 1, "one session at a time");
  assert.ok(robot.gateway.status().generation > generation);

  const page = await get(tcpPort, "/health");
  assert.equal(page.status, 503);
  assert.match(page.body, /on USB: commands only/);

  const udp = createSocket("udp4");
  t.after(() => udp.close());
  let seq = 0;
  const stopFaces = systemClock.every(70, () =>
    udp.send(`FACE:150,120,40,40,20,20,90,${++seq},40`, udpPort, "127.0.0.1"),
  );
  t.after(stopFaces);
  await until("the face to be followed", STEP_MS_MAX, () =>
    robot.said.some((line) => line.includes("tracking a face")),
  );
  const packets = body.status().packetsPerS;
  assert.ok(packets <= 50, `${packets} packets a second`);

  body.wifi(true);
  await until("the network again", STEP_MS_MAX, () => road() === "network");
  await answered();
  assert.equal(robot.gateway.status().sessions, 1);
  assert.ok(robot.said.some((line) => line.includes("the network is steady again")));
  await asker.settle();
  assert.equal(asker.doubled, 0, "no command was carried out twice");
  assert.equal(body.status().panics, 0);
});

test("A4: with neither road it lives alone, and comes back by the first that is there", async (t) => {
  const { body, plug, road, gateway, told } = await cabledRobot(t, { wifi: false });
  await until("the cable", STEP_MS_MAX, () => road() === "usb");
  plug.pull();
  await until("nobody", STEP_MS_MAX, () => !gateway.status().linked);
  await until(
    "the port to be missed",
    STEP_MS_MAX,
    () => gateway.status().cable?.state === "looking",
  );
  plug.plug();
  await until("the cable again", STEP_MS_MAX, () => road() === "usb");
  plug.pull();
  body.wifi(true);
  await until("the network", STEP_MS_MAX, () => road() === "network");
  assert.ok(
    told.some((line) => /went away/.test(line)),
    told.join("\n"),
  );
  assert.equal(body.status().panics, 0);
});

/** As VS Code and `devs devtools --serial` do it: stop, send, start, all over the board's bus. */
async function deploy({ jd }: BoardBus, image: Buffer): Promise<void> {
  const { DeviceScriptManagerCmd, DeviceScriptManagerReg, OutPipe } = jacdac;
  const serviceClass = jacdac.SRV_DEVICE_SCRIPT_MANAGER;
  const manager = await until("the manager", STEP_MS_MAX, () => jd.services({ serviceClass })[0]);
  const set = (code: number, on: boolean): Promise<void> =>
    manager.register(code).sendSetBoolAsync(on, true);
  await set(DeviceScriptManagerReg.Autostart, false);
  await set(DeviceScriptManagerReg.Running, false);
  await OutPipe.sendBytes(manager, DeviceScriptManagerCmd.DeployBytecode, image);
  await set(DeviceScriptManagerReg.Running, true);
  await set(DeviceScriptManagerReg.Autostart, true);
}

test("A4, F3: a program that is deployed again, and once more, finds its cable each time", async (t) => {
  const { plug, said } = await cabledRobot(t, { usbOfGateway: false });
  const events = { log: () => undefined, gone: (error: Error) => assert.fail(error.message) };
  const bus = await BoardBus.open(plug.path, events, systemClock);
  t.after(() => bus.close());
  const service = new CableService(() => ({ receive: () => undefined, lose: () => undefined }));
  service.serve(bus, "test");
  const image = readFileSync(join(root, "dist/firmware/sim.devs"));
  for (let i = 0; i < 3; i++) {
    const starts = said.filter((line) => line.startsWith("boot ")).length;
    if (i > 0) {
      // On a machine that is busy an acknowledgement may come too late for the library; it is sent again then.
      await until("the program to be deployed", STEP_MS_MAX, () =>
        deploy(bus, image).then(
          () => true,
          () => false,
        ),
      );
      await until("the program to start", STEP_MS_MAX, () => {
        return said.filter((line) => line.startsWith("boot ")).length > starts;
      });
    }
    let isAnswered = false;
    await until("the program to answer", STEP_MS_MAX, () => {
      service.loop(i, (rounds) => (isAnswered = rounds === i));
      return isAnswered;
    });
  }
});

test("F1: the loop that a chip is measured by takes as many steps as it is said to", async (t) => {
  const { body, plug } = await cabledRobot(t, { profile: true, usbOfGateway: false });
  const events = { log: () => undefined, gone: (error: Error) => assert.fail(error.message) };
  const bus = await BoardBus.open(plug.path, events, systemClock);
  t.after(() => bus.close());
  const service = new CableService(() => ({ receive: () => undefined, lose: () => undefined }));
  service.serve(bus, "test");
  let done = 0;
  const loop = (rounds: number): void =>
    service.loop(rounds, (found) => {
      if (found === rounds) done++;
    });
  await until("the program to take the service", STEP_MS_MAX, () => {
    loop(0);
    return done > 0;
  });
  await body.profile();
  done = 0;
  for (let i = 1; i <= LOOP_TRIES; i++) {
    loop(LOOP_ROUNDS);
    await until("the loop", STEP_MS_MAX, () => done === i);
  }
  const profile = await body.profile();
  const rounds = LOOP_TRIES * LOOP_ROUNDS;
  // Nothing else is done as often meanwhile.
  const ofLoop = (profile?.pcs ?? []).map(([, steps]) => steps).filter((n) => n >= rounds * 0.99);
  const steps = ofLoop.reduce((sum, n) => sum + n, 0);
  assert.equal(Math.round(steps / rounds), LOOP_ROUND_STEPS);
});
