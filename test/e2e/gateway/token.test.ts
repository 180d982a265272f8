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
  const guard = new DoorGuard(token === NO_TOKEN ? undefined : token);
  const door = new TcpDoor(81, systemClock, open, guard);
  await door.open(undefined, 0);
  t.after(() => door.close());
  return { port: portOf(door.address), door, relayed };
}

test("A14: without the token it hears 401 and nothing reaches the robot", async (t) => {
  const { port, door, relayed } = await openDoor(t);
  for (const text of [
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /?token=wrong HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
    "x".repeat(3000),
  ]) {
    const socket = await plainClient(t, port);
    socket.write(text);
    assert.match(await readAll(socket), /^HTTP\/1\.1 401 Unauthorized\r\nWWW-Authenticate: Bearer/);
  }
  assert.deepEqual(relayed, []);
  assert.equal(door.counters.noToken, 3);
});

test("A14: with the token its bytes go to the robot as they came, in whatever pieces", async (t) => {
  const { port, relayed } = await openDoor(t);
  const request = `GET /x HTTP/1.1\r\nAuthorization: Bearer ${TOKEN}\r\n\r\nand more`;
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

test("N2: on loopback a page of another machine hears 403, and its request never gets whole", async (t) => {
  const { port, door, relayed } = await openDoor(t, NO_TOKEN);
  const request = `${UPGRADE}Origin: http://evil.example\r\n\r\n`;
  for (const cut of [0, 5, 40, request.length - 1]) {
    const socket = await plainClient(t, port);
    socket.setNoDelay(true);
    socket.setTimeout(3000, () => socket.destroy(new Error("it was let in")));
    if (cut > 0) socket.write(request.slice(0, cut));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(request.slice(cut));
    assert.match(await readAll(socket), /HTTP\/1\.1 403 Forbidden\r\n/);
  }
  assert.ok(relayed.every((text) => !text.includes("\r\n\r\n")));
  assert.equal(door.counters.foreign, 4);
});

test("N2: programs and pages of this machine get through as they are", async (t) => {
  const { port, relayed } = await openDoor(t, NO_TOKEN);
  for (const origin of ["", "Origin: http://127.0.0.1:5000\r\n", "Origin: null\r\n"]) {
    const socket = await plainClient(t, port);
    socket.write(`${UPGRADE}${origin}\r\nand Origin: http://evil.example\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
  }
  assert.equal(relayed.length, 3);
  assert.ok(relayed.every((text) => text.endsWith("evil.example\r\n\r\n")));
});
