/** A robot with both roads to a gateway in this process: its WiFi, and a USB cable. */
import { join } from "node:path";
import type { TestContext } from "node:test";
import { RobotClient } from "../../src/robot/robot-client.js";
import { UsbPlug } from "../../src/simulator/usb-plug.js";
import type { RobotOptions } from "../../src/simulator/simulator-types.js";
import { deviceIdOf, SimulatedRobot } from "../../src/simulator/simulator.js";
import { systemChance } from "../../src/time/chance.js";
import { systemClock } from "../../src/time/clock.js";
import { root } from "./buddy-process.js";
import { startGateway, type TestGateway } from "./gateway.js";
import { scratch } from "./simulator.js";

export const KEY = Buffer.alloc(32, 0x5a);

export interface Cabled extends TestGateway {
  readonly robot: never;
  readonly plug: UsbPlug;
  readonly body: SimulatedRobot;
  readonly client: RobotClient;
  readonly deviceId: string;
  readonly said: string[];
  readonly told: string[];
  /** The road of the open link; undefined while there is none. */
  road(): "network" | "usb" | undefined;
}

export async function cabledRobot(
  t: TestContext,
  { usbOfGateway = true, ...more }: Partial<RobotOptions> & { usbOfGateway?: boolean } = {},
): Promise<Omit<Cabled, "robot">> {
  const folder = scratch();
  const path = join(folder, "usb");
  const deviceId = deviceIdOf(folder);
  const told: string[] = [];
  const said: string[] = [];
  const started = await startGateway(t, {
    keys: new Map([["*", KEY]]),
    ...(usbOfGateway && { cable: { port: path, name: folder } }),
    log: (_, message) => told.push(message),
  });
  const body = new SimulatedRobot({
    dataDir: join(folder, "robot"),
    firmware: join(root, "dist/firmware/sim.devs"),
    deviceId,
    link: { host: "127.0.0.1", port: started.linkPort, key: KEY.toString("hex") },
    clock: systemClock,
    ...more,
  });
  body.on("console", (text) => said.push(text));
  const plug = new UsbPlug(body, path);
  plug.plug();
  t.after(async () => {
    await body.stop();
    plug.pull();
  });
  await body.start();
  const silent = { onOpen: () => undefined, onLost: () => undefined, onPose: () => undefined };
  const client = new RobotClient(() => started.doors.tcp[81], silent, systemClock, systemChance);
  client.start();
  t.after(() => client.stop());
  const road = (): "network" | "usb" | undefined => started.gateway.status().road ?? undefined;
  return { ...started, deviceId, plug, body, client, said, told, road };
}
