/** A14, N2: a client meets the forwarded port of a gateway that other machines can reach, or only this one. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { DoorGuard } from "../../../src/gateway/door-guard.js";
import type { StreamClient } from "../../../src/gateway/session-types.js";
import { TcpDoor } from "../../../src/gateway/tcp-door.js";
import { systemClock } from "../../../src/time/clock.js";
import { plainClient, portOf, readAll } from "../../support/gateway.js";

const TOKEN = "a-token-of-20-chars!";
/** The port is on loopback. */
const NO_TOKEN = "";

interface Door {
  port: number;
  door: TcpDoor;
  /** What reached the robot, by stream. */
  relayed: string[];
}

async function openDoor(t: TestContext, token: string = TOKEN): Promise<Door> {
  const relayed: string[] = [];
  const open = (client: StreamClient) => {
    const index = relayed.push("") - 1;
    return {
      waitingBytes: () => 0,
      send: (data: Buffer) => {
        relayed[index] += data.toString("latin1");
        client.onData(Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
      },
      shut: () => undefined,
    };
  };
  const names = { host: "127.0.0.1", hosts: [], origins: [] };
  const guard = new DoorGuard(systemClock, names, token === NO_TOKEN ? undefined : token);
  const door = new TcpDoor(81, systemClock, open, () => true, guard);
  await door.open(undefined, 0);
  t.after(() => door.close());
  return { port: portOf(door.address), door, relayed };
}

test("A14: without the token it hears 401 and nothing reaches the robot", async (t) => {
  const { port, door, relayed } = await openDoor(t);
  for (const text of [
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /?token=wrong HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
  ]) {
    const socket = await plainClient(t, port);
    socket.write(text);
    assert.match(await readAll(socket), /^HTTP\/1\.1 401 Unauthorized\r\nWWW-Authenticate: Bearer/);
  }
  assert.deepEqual(relayed, []);
  assert.equal(door.counters.noToken, 2);
});

test("what is no HTTP request, or too long for one, is refused at once and never reaches the robot", async (t) => {
  const { port, door, relayed } = await openDoor(t, NO_TOKEN);
  for (const [bytes, status] of [
    ["\x16\x03\x01", 400],
    ["GET / HTTP/1.1\n\n", 400],
    ["x".repeat(3000), 431],
  ] as const) {
    const socket = await plainClient(t, port);
    socket.write(bytes);
    assert.match(await readAll(socket), new RegExp(`^HTTP/1\\.1 ${status} `));
  }
  assert.deepEqual(relayed, []);
  assert.equal(door.counters.malformed, 3);
});

test("A14: with the token its bytes go to the robot as they came, in whatever pieces", async (t) => {
  const { port, relayed } = await openDoor(t);
  const request = `GET /x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\nand more`;
  const socket = await plainClient(t, port);
  socket.setNoDelay(true);
  for (const piece of [request.slice(0, 20), request.slice(20)]) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => socket.once("data", resolve));
  assert.equal(relayed.join(""), request);
});

const UPGRADE = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n";

test("N2: a page that is not ours hears 403, and nothing of its request reaches the robot", async (t) => {
  const { port, door, relayed } = await openDoor(t, NO_TOKEN);
  const request = `${UPGRADE}Origin: http://evil.example\r\n\r\n`;
  for (const cut of [0, 5, 40, request.length - 1]) {
    const socket = await plainClient(t, port);
    socket.setNoDelay(true);
    socket.setTimeout(3000, () => socket.destroy(new Error("it was let in")));
    if (cut > 0) socket.write(request.slice(0, cut));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(request.slice(cut));
    assert.match(await readAll(socket), /HTTP\/1\.1 403 Forbidden\r\n/);
  }
  assert.deepEqual(relayed, []);
  assert.equal(door.counters.foreign, 4);
});

test("N2: programs and its own pages get through as they are", async (t) => {
  const { port, relayed } = await openDoor(t, NO_TOKEN);
  for (const origin of ["", "Origin: http://127.0.0.1\r\n"]) {
    const socket = await plainClient(t, port);
    socket.write(`${UPGRADE}${origin}\r\nand Origin: http://evil.example\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
  }
  assert.equal(relayed.length, 2);
  assert.ok(relayed.every((text) => text.endsWith("evil.example\r\n\r\n")));
});
