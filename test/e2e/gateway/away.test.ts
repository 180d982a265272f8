/** What clients hear while the robot is away or goes away, and which session counts. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { Gateway } from "../../../src/gateway/gateway.js";
import { PortError } from "../../../src/doors/listeners.js";
import { MemoryGenerations } from "../../../src/gateway/generations.js";
import { LinkCode } from "../../../src/wire/errors.js";
import type { Stream } from "../../../devs/link/forward.js";
import { get, plainClient, portOf, readAll, startGateway } from "../../support/gateway.js";
import { until } from "../../../src/time/until.js";

test("A2: while the robot is away every request gets 503 with Retry-After, and so does half a request", async (t) => {
  const { tcpPort, gateway } = await startGateway(t);
  const answer = await get(tcpPort);
  assert.equal(answer.status, 503);
  assert.equal(answer.headers["retry-after"], "1");
  assert.equal(answer.headers.connection, "close");
  const half = await plainClient(t, tcpPort);
  half.write("GET / HTTP/1.1\r\nHos");
  assert.match(await readAll(half), /^HTTP\/1\.1 503 /);
  assert.equal(gateway.status().tcp.away, 2);
  assert.equal(gateway.status().linked, false);
});

test("A2: a WebSocket upgrade while the robot is away is refused with 503", async (t) => {
  const { tcpPort } = await startGateway(t);
  const client = new WebSocket(`ws://127.0.0.1:${tcpPort}/`);
  client.on("error", () => undefined);
  const [, response] = (await once(client, "unexpected-response")) as [
    unknown,
    { statusCode: number },
  ];
  assert.equal(response.statusCode, 503);
});

test("A1: when the robot's connection breaks a WebSocket client is closed with 1013", async (t) => {
  const { robot, tcpPort, gateway } = await startGateway(t);
  const device = await robot();
  const client = new WebSocket(`ws://127.0.0.1:${tcpPort}/`);
  await once(client, "open");
  device.destroy();
  const [code] = (await once(client, "close")) as [number];
  assert.equal(code, 1013);
  assert.equal(gateway.status().lastEnd?.name, "LINK_LOST");
  assert.equal((await get(tcpPort)).status, 503);
});

test("A2: a robot that hangs is given up as LINK_SILENT; its clients hear 1013 or 503", async (t) => {
  const { robot, tcpPort, gateway } = await startGateway(t);
  const device = await robot();
  const client = new WebSocket(`ws://127.0.0.1:${tcpPort}/`);
  await once(client, "open");
  device.freeze();
  const asking = get(tcpPort);
  const [code] = (await once(client, "close")) as [number];
  assert.equal(code, 1013);
  assert.equal((await asking).status, 503);
  assert.equal(gateway.status().lastEnd?.name, "LINK_SILENT");
});

test("a client in the middle of a robot's frame is cut, not given a frame it cannot read", async (t) => {
  const streams: Stream[] = [];
  const { robot, tcpPort, gateway } = await startGateway(t);
  const device = await robot({ onStream: (stream) => streams.push(stream) });
  const socket = await plainClient(t, tcpPort);
  socket.write("GET / HTTP/1.1\r\n\r\n");
  await until("the stream", 5000, () => streams.length === 1);
  streams[0]?.send(Buffer.from("HTTP/1.1 101 x\r\n\r\n\x81\x05hel", "latin1"));
  const [head] = (await once(socket, "data")) as [Buffer];
  device.destroy();
  const rest = await readAll(socket);
  assert.equal(head.toString("latin1") + rest, "HTTP/1.1 101 x\r\n\r\n\x81\x05hel");
  assert.equal(gateway.status().tcp.torn, 1);
});

test("the newest proven session of a device wins and the older one is told why", async (t) => {
  const { robot, tcpPort, gateway } = await startGateway(t);
  const first = await robot();
  const second = await robot();
  await first.until(() => first.session.state === "ended");
  assert.equal(first.session.endCode, LinkCode.LINK_REPLACED);
  assert.equal(second.session.generation > first.session.generation, true);
  assert.equal((await get(tcpPort)).status, 200);
  assert.equal(gateway.status().replaced, 1);
  assert.equal(gateway.status().sessions, 1);
});

test("the ports stay with the first device; another one gets them when it goes", async (t) => {
  const { robot, tcpPort, gateway } = await startGateway(t);
  const first = await robot();
  const other = await robot({ id: "00000000000000aa" });
  assert.deepEqual(
    other.listening.map(({ code }) => code),
    [LinkCode.PORT_TAKEN, LinkCode.PORT_TAKEN],
  );
  assert.equal(gateway.status().deviceId, "0123456789abcdef");
  first.destroy();
  await other.until(() => other.listening.length === 4);
  assert.ok(other.listening.slice(2).every(({ code }) => code === LinkCode.OK));
  assert.equal((await get(tcpPort)).status, 200);
  assert.equal(gateway.status().deviceId, "00000000000000aa");
});

test("a generation is greater than any the device has seen", async (t) => {
  const { robot } = await startGateway(t);
  const device = await robot({ generationSeen: 41 });
  assert.equal(device.session.generation, 42);
});

test("N1: a wrong key is refused on both sides, shows in the status and, once, in the log", async (t) => {
  const lines: string[] = [];
  const { dial, gateway } = await startGateway(t, {
    keys: new Map([["0123456789abcdef", Buffer.alloc(32, 1)]]),
    log: (level, message) => lines.push(`${level} ${message}`),
  });
  const wrongKey = dial();
  const stranger = dial({ id: "00000000000000aa" });
  for (const device of [wrongKey, stranger]) {
    await device.until(() => device.session.state === "ended");
    assert.equal(device.session.endCode, LinkCode.LINK_KEY);
  }
  await until("both are counted", 5000, () => gateway.status().link.refused === 2);
  assert.equal(gateway.status().lastRefused?.name, "LINK_KEY");
  assert.equal(gateway.status().link.proven, 0);
  assert.equal(lines.length, 1, lines.join("; "));
  assert.match(
    lines[0] ?? "",
    /^warn link refused to 127\.0\.0\.1 \(device (0123456789abcdef|00000000000000aa)\): LINK_KEY$/,
  );
});

test("stop says goodbye: 1001 to WebSocket clients, LINK_CLOSING to the robot, every port closed", async (t) => {
  const { robot, gateway, tcpPort } = await startGateway(t);
  const device = await robot();
  const client = new WebSocket(`ws://127.0.0.1:${tcpPort}/`);
  await once(client, "open");
  const closed = once(client, "close") as Promise<[number]>;
  await gateway.stop();
  assert.equal((await closed)[0], 1001);
  await device.until(() => device.session.state === "ended");
  assert.equal(device.session.endCode, LinkCode.LINK_CLOSING);
  await assert.rejects(get(tcpPort), { code: "ECONNREFUSED" });
});

test("L2: a port in use is named, and no other door stays open", async (t) => {
  const blocker = createServer();
  blocker.listen(0, "127.0.0.1");
  await once(blocker, "listening");
  t.after(() => blocker.close());
  const port = (blocker.address() as { port: number }).port;
  const gateway = new Gateway({
    linkPort: 0,
    doors: [{ protocol: "tcp", robotPort: 81, port }],
    keys: new Map(),
    generations: new MemoryGenerations(),
  });
  await assert.rejects(gateway.start(), (error: unknown) => {
    assert.ok(error instanceof PortError);
    assert.equal(error.code, "PORT_TAKEN");
    assert.match(error.message, new RegExp(`robot's TCP port 81.*127\\.0\\.0\\.1:${port}`));
    return true;
  });
  await assert.rejects(plainClient(t, portOf(gateway.doors().link)), { code: "ECONNREFUSED" });
});
