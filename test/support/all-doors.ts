/** Every door of a Buddy in one process, real but for what is behind them: page, live, audio, vision, robot, link. */
import type { TestContext } from "node:test";
import { systemChance } from "../../src/time/chance.js";
import { systemClock } from "../../src/time/clock.js";
import { VisionApi } from "../../src/vision/api.js";
import { Vision } from "../../src/vision/vision.js";
import type { VoiceApi } from "../../src/voice/voice-api.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import type { FakeDevice } from "./fake-device.js";
import { portOf, startGateway, type TestGateway } from "./gateway.js";
import { FakeServices } from "./services.js";

const JPEG = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  Buffer.alloc(3000),
  Buffer.from([0xff, 0xd9]),
]);

/** Pages that never play. */
const voice: VoiceApi = {
  addPage: (socket) => {
    socket.send('{"type":"role","isPlayer":false,"pending":0}');
    return { take: () => undefined, closed: () => undefined };
  },
  hear: () => Promise.reject(new Error("nobody speaks here")),
};

export interface AllDoors {
  readonly page: WebServer;
  readonly services: FakeServices;
  readonly visionPort: number;
  readonly gateway: TestGateway;
  /** The robot that is linked. */
  readonly robot: FakeDevice;
  close(): Promise<void>;
}

/** @param token of vision's and the robot's door, as if they were not on loopback */
export async function openAllDoors(token?: string): Promise<AllDoors> {
  const services = Object.assign(new FakeServices(systemClock), { voice });
  const page = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "1", ...(token !== undefined && { token }) },
    { services, clock: systemClock, log: () => undefined },
  );
  const eyes = new Vision({
    cameraUrl: undefined,
    intake: { host: "127.0.0.1", port: 9, token: undefined },
    clock: systemClock,
    chance: systemChance,
    log: () => undefined,
    onBroken: () => undefined,
  });
  const names = () => ({ host: "127.0.0.1", hosts: [], origins: [] });
  const vision = new VisionApi(eyes, {
    clock: systemClock,
    host: "127.0.0.1",
    port: 0,
    rules: { token, ownKey: undefined, names },
  });
  const visionPort = portOf(await vision.open());
  let index = 0;
  const stopFrames = systemClock.every(40, () => {
    const nowMs = systemClock.nowMs();
    services.frame(JPEG);
    eyes.hub.publish({ index: ++index, jpeg: JPEG, capturedAtMs: nowMs, receivedAtMs: nowMs });
  });
  const ends: (() => unknown)[] = [];
  const t = { after: (end: () => unknown) => void ends.push(end) } as TestContext;
  const gateway = await startGateway(t, token === undefined ? {} : { token });
  const robot = await gateway.robot();
  return {
    page,
    services,
    visionPort,
    gateway,
    robot,
    close: async () => {
      stopFrames();
      for (const end of ends.reverse()) await end();
      await page.close();
      await vision.close();
    },
  };
}
