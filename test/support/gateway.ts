/** A gateway on free ports for one test, with the calls that its clients make. Everything is closed at the end. */
import { request, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { Gateway } from "../../src/gateway/gateway.js";
import type { GatewayDoors, GatewayOptions } from "../../src/gateway/gateway-types.js";
import { MemoryGenerations } from "../../src/gateway/generations.js";
import { FakeDevice, TEST_KEY, type FakeDeviceOptions } from "./fake-device.js";

export function portOf(door: string): number {
  return Number(door.slice(door.lastIndexOf(":") + 1));
}

export interface TestGateway {
  gateway: Gateway;
  doors: GatewayDoors;
  linkPort: number;
  tcpPort: number;
  udpPort: number;
  mirrors: { deviceId: string; data: Buffer }[];
  /** A robot that has its ports, ended with the test. */
  robot(options?: Partial<FakeDeviceOptions>): Promise<FakeDevice>;
  /** A robot that has only begun to dial. */
  dial(options?: Partial<FakeDeviceOptions>): FakeDevice;
}

export async function startGateway(
  t: TestContext,
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const mirrors: TestGateway["mirrors"] = [];
  const gateway = new Gateway({
    linkPort: 0,
    doors: [
      { protocol: "tcp", robotPort: 81, port: 0 },
      { protocol: "udp", robotPort: 8888, port: 0 },
    ],
    keys: new Map([["*", TEST_KEY]]),
    generations: new MemoryGenerations(),
    onMirror: (deviceId, _session, data) => mirrors.push({ deviceId, data: Buffer.from(data) }),
    ...options,
  });
  const doors = await gateway.start();
  t.after(() => gateway.stop());
  const linkPort = portOf(doors.link);
  const dial = (more: Partial<FakeDeviceOptions> = {}): FakeDevice => {
    const device = new FakeDevice({ linkPort, ...more });
    t.after(() => device.destroy());
    return device;
  };
  return {
    gateway,
    doors,
    linkPort,
    tcpPort: portOf(doors.tcp[81] ?? ""),
    udpPort: portOf(doors.udp[8888] ?? ""),
    mirrors,
    dial,
    robot: async (more = {}) => {
      const device = dial(more);
      await device.linked();
      return device;
    },
  };
}

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/** One HTTP request without keep-alive. */
export async function get(port: number, path = "/x"): Promise<Answer> {
  const sent = request({ host: "127.0.0.1", port, path, agent: false });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** A plain client; errors are of no interest, its end is. */
export async function plainClient(
  t: TestContext,
  port: number,
  host = "127.0.0.1",
): Promise<Socket> {
  const socket = connect({ host, port });
  socket.on("error", () => undefined);
  t.after(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** All that a socket says until it ends. */
export async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += (chunk as Buffer).toString("latin1");
  return text;
}
