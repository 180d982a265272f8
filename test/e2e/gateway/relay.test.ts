/** The gateway with a robot behind it: real HTTP and WebSocket clients, real datagrams, credit, slow and many clients. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { LinkCode } from "../../../src/wire/errors.js";
import type { Stream } from "../../../devs/link/forward.js";
import { get, plainClient, readAll, startGateway } from "../../support/gateway.js";
import { CLIENTS_MAX } from "../../../src/gateway/tcp-door.js";
import { until } from "../../../src/time/until.js";

/** What the gateway wants to see before it tells the robot; the robot of these tests reads no heads. */
const REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

test("HTTP and WebSocket clients reach the robot through the forwarded port", async (t) => {
  const { robot, tcpPort, gateway } = await startGateway(t);
  await robot();
  assert.equal((await get(tcpPort, "/health")).body, "robot /health\n");
  const client = new WebSocket(`ws://127.0.0.1:${tcpPort}/`);
  await once(client, "open");
  client.send("QUERY");
  const [data] = (await once(client, "message")) as [Buffer];
  assert.equal(String(data), "echo QUERY");
  client.close();
  const [code] = (await once(client, "close")) as [number];
  assert.equal(code, 1005);
  const status = gateway.status();
  assert.equal(status.linked, true);
  assert.equal(status.deviceId, "0123456789abcdef");
  assert.equal(status.generation, 1);
});

test("the forwarded port is there on IPv6 loopback too", async (t) => {
  const { robot, tcpPort } = await startGateway(t);
  await robot();
  const socket = await plainClient(t, tcpPort, "::1");
  socket.write("GET /six HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n");
  assert.match(await readAll(socket), /robot \/six/);
});

test("A12: faces reach the robot with the time they waited; the newest wins", async (t) => {
  const { robot, udpPort, gateway } = await startGateway(t);
  const device = await robot();
  const sender = createSocket("udp4");
  t.after(() => sender.close());
  for (let seq = 1; seq <= 20; seq++) {
    sender.send(`FACE:120,120,0,0,60,60,90,${seq}`, udpPort, "127.0.0.1");
  }
  const isLast = (): boolean => device.pictures.at(-1)?.seq === 20;
  await device.until(isLast);
  const { udp } = gateway.status();
  assert.equal(udp.received, 20);
  assert.equal(udp.sent + udp.replaced, 20);
  assert.ok(device.pictures.every(({ isThere, waitMs }) => isThere && waitMs <= 100));
});

test("hostile datagrams of any length leave the gateway and the robot well", async (t) => {
  const { robot, udpPort, gateway } = await startGateway(t);
  const device = await robot();
  const sender = createSocket("udp4");
  t.after(() => sender.close());
  for (const length of [0, 1, 255, 256, 1020, 1500, 65_507]) {
    await new Promise((resolve) =>
      sender.send(Buffer.alloc(length, 0x41), udpPort, "127.0.0.1", resolve),
    );
  }
  sender.send("NO_FACE,77", udpPort, "127.0.0.1");
  await device.until(() => device.pictures.some(({ isThere, seq }) => !isThere && seq === 77));
  assert.equal(gateway.status().udp.oversize, 4);
});

test("A9: 32 clients of 64 KiB each: credit holds and every byte comes back", async (t) => {
  const echo = (stream: Stream): void => {
    stream.onData = (data) => void stream.send(Buffer.from(data));
  };
  const { robot, tcpPort, gateway } = await startGateway(t);
  const device = await robot({ onStream: echo });
  const sent = Buffer.alloc(65_536);
  for (let i = 0; i < sent.length; i++) sent[i] = i * 7;
  sent.write(REQUEST);
  const size = sent.length;
  let whole = 0;
  let refused = 0;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const socket = await plainClient(t, tcpPort);
      socket.write(sent);
      const got: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of socket) {
        got.push(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        if (bytes >= size) break;
      }
      if (Buffer.concat(got).equals(sent)) whole++;
      else if (String(got[0]).startsWith("HTTP/1.1 503")) refused++;
    }),
  );
  assert.equal(whole, 16, "as many as the robot has streams");
  assert.equal(refused, 16, "the others hear so");
  assert.equal(device.session.state, "open", "the robot never saw more than its credit");
  assert.equal(gateway.status().tcp.busy, 16);
});

test("a client that does not read is cut at 64 KB, and the others do not notice", async (t) => {
  const streams: Stream[] = [];
  const closed: number[] = [];
  const { robot, tcpPort, gateway } = await startGateway(t);
  await robot({
    onStream: (stream) => {
      streams.push(stream);
      stream.onClose = (code) => closed.push(code);
      stream.onData = (data) => void stream.send(Buffer.from(data));
    },
  });
  const slow = await plainClient(t, tcpPort);
  slow.pause();
  slow.write(REQUEST);
  await until("the slow client's stream", 5000, () => streams.length === 1);
  const flood = Buffer.alloc(1022, 1);
  // The kernel's buffers take a few MB before the gateway's count.
  for (let kb = 0; closed.length === 0 && kb < 64_000; kb++) {
    streams[0]?.send(flood);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until("the robot hears of it", 5000, () => closed.length === 1);
  assert.deepEqual(closed, [LinkCode.STREAM_SLOW]);
  assert.equal(gateway.status().tcp.slow, 1);
  const other = await plainClient(t, tcpPort);
  other.write(REQUEST);
  const [echoed] = (await once(other, "data")) as [Buffer];
  assert.equal(String(echoed), REQUEST);
});

test("A14: with all places taken the newest client is served and the oldest idle one goes", async (t) => {
  const { robot, tcpPort, gateway } = await startGateway(t);
  await robot();
  const idle = await Promise.all(
    Array.from({ length: CLIENTS_MAX }, () => plainClient(t, tcpPort)),
  );
  await until("all are in", 5000, () => gateway.status().tcp.clients === CLIENTS_MAX);
  const gone = Promise.race(idle.map((socket) => once(socket, "close")));
  const answer = await get(tcpPort, "/late");
  assert.equal(answer.body, "robot /late\n");
  await gone;
  assert.equal(gateway.status().tcp.evicted, 1);
});

test("a client that asks nothing is cut; a reset client ends its stream", async (t) => {
  const closed: number[] = [];
  const { robot, tcpPort, gateway } = await startGateway(t);
  await robot({ onStream: (stream) => (stream.onClose = (code) => closed.push(code)) });
  const broken = await plainClient(t, tcpPort);
  broken.write(REQUEST);
  await until("its stream", 5000, () => gateway.status().streams === 1);
  broken.resetAndDestroy();
  await until("the robot hears of it", 5000, () => closed.length === 1);
  assert.equal(closed[0], LinkCode.STREAM_RESET);
  const idle = await plainClient(t, tcpPort);
  const half = await plainClient(t, tcpPort);
  half.write("GET / HTTP/1.1\r\nHos");
  const answers = await Promise.all([readAll(idle), readAll(half)]);
  assert.equal(answers[0], "");
  assert.match(answers[1], /^HTTP\/1\.1 408 /);
  assert.equal(gateway.status().tcp.idle, 2);
});

test("saved state passes both ways", async (t) => {
  const { robot, gateway, mirrors } = await startGateway(t);
  const device = await robot();
  assert.equal(device.session.sendMirror(Buffer.from("saved by the robot")), true);
  await until("the gateway has it", 5000, () => mirrors.length === 1);
  assert.equal(String(mirrors[0]?.data), "saved by the robot");
  assert.equal(mirrors[0]?.deviceId, "0123456789abcdef");
  assert.equal(gateway.sendMirror("0123456789abcdef", Buffer.from("kept for it")), true);
  await device.until(() => device.mirrors.length === 1);
  assert.equal(String(device.mirrors[0]), "kept for it");
  assert.equal(gateway.sendMirror("ffffffffffffffff", Buffer.alloc(1)), false);
  assert.equal(gateway.sendMirror("0123456789abcdef", Buffer.alloc(1025)), false);
});
