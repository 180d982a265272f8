/** Every door of a Buddy in one process, real but for what is behind them: page, live, audio, vision, robot, link. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { TlsFiles } from "../../src/doors/tls-files.js";
import { systemChance } from "../../src/time/chance.js";
import { systemClock } from "../../src/time/clock.js";
import { VisionApi } from "../../src/vision/api.js";
import { Vision } from "../../src/vision/vision.js";
import type { VoiceApi } from "../../src/voice/voice-api.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { ownCertificate } from "./certificate.js";
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
  heard: (text) => ({ kind: "words", text }),
};

export interface AllDoors {
  readonly page: WebServer;
  readonly services: FakeServices;
  readonly visionPort: number;
  /** The page and vision once more, with a certificate of their own. */
  readonly secure: { readonly pagePort: number; readonly visionPort: number; readonly ca: string };
  readonly gateway: TestGateway;
  /** The robot that is linked. */
  readonly robot: FakeDevice;
  close(): Promise<void>;
}

/** @param token of vision's and the robot's door, as if they were not on loopback */
export async function openAllDoors(token?: string): Promise<AllDoors> {
  const services = Object.assign(new FakeServices(systemClock), { voice });
  const openPage = (files: { readonly tls?: TlsFiles }): Promise<WebServer> =>
    startWebServer(
      { host: "127.0.0.1", port: 0, version: "1", ...(token !== undefined && { token }), ...files },
      { services, clock: systemClock, log: () => undefined },
    );
  const folder = mkdtempSync(join(tmpdir(), "buddy-doors-"));
  const { key, cert: ca } = ownCertificate();
  const paths = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  writeFileSync(paths.certFile, ca);
  writeFileSync(paths.keyFile, key);
  const tls = new TlsFiles(paths, systemClock, () => undefined);
  const page = await openPage({});
  const securePage = await openPage({ tls });
  const eyes = new Vision({
    cameraUrl: undefined,
    intake: { host: "127.0.0.1", port: 9, token: undefined },
    clock: systemClock,
    chance: systemChance,
    log: () => undefined,
    onBroken: () => undefined,
  });
  const names = () => ({ host: "127.0.0.1", hosts: [], origins: [] });
  const visionWith = (files: { readonly tls?: TlsFiles }): VisionApi =>
    new VisionApi(eyes, {
      clock: systemClock,
      host: "127.0.0.1",
      port: 0,
      rules: { token, ownKey: undefined, names },
      ...files,
    });
  const vision = visionWith({});
  const visionPort = portOf(await vision.open());
  const secureVision = visionWith({ tls });
  const secureVisionPort = portOf(await secureVision.open());
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
    secure: { pagePort: securePage.port, visionPort: secureVisionPort, ca },
    gateway,
    robot,
    close: async () => {
      stopFrames();
      for (const end of ends.reverse()) await end();
      for (const door of [page, securePage, vision, secureVision]) await door.close();
      tls.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
