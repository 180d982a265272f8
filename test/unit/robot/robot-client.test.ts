// Properties: commands carry ids; nothing is queued for an absent robot; a lost robot is found again
// by itself; pose pushes are parsed or dropped.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocketServer } from "ws";
import { parsePose, type Pose } from "../../../src/robot/pose.js";
import { RobotClient } from "../../../src/robot/robot-client.js";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";

async function fakeRobotDoor(port = 0): Promise<{ server: WebSocketServer; port: number }> {
  const server = new WebSocketServer({ port, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const [id, ...rest] = String(data).split(" ");
      socket.send(`${id} {"ok":true,"line":${JSON.stringify(rest.join(" "))}}`);
      if (rest[0]?.startsWith("WATCH")) socket.send("* POSE 901,1150,850,2,17,12");
    });
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function client(
  port: number,
  token?: string,
): {
  robot: RobotClient;
  next: (event: string) => Promise<unknown>;
} {
  const waiting = new Map<string, (value: unknown) => void>();
  const fire = (event: string, value: unknown): void => waiting.get(event)?.(value);
  const robot = new RobotClient(
    () => `127.0.0.1:${port}`,
    {
      onOpen: () => fire("open", undefined),
      onLost: (reason) => fire("lost", reason),
      onPose: (pose: Pose) => fire("pose", pose),
    },
    systemClock,
    seededChance(1),
    token,
  );
  return { robot, next: (event) => new Promise((resolve) => waiting.set(event, resolve)) };
}

test("A1: commands work, a lost robot is reported, and the client finds it again", async () => {
  const first = await fakeRobotDoor();
  const { robot, next } = client(first.port);
  await assert.rejects(robot.command("QUERY"), { code: "ROBOT_AWAY" });
  const [opened, posed] = [next("open"), next("pose")];
  robot.start();
  await opened;
  assert.equal(JSON.parse(await robot.command("LOOK:90,100")).line, "LOOK:90,100");
  assert.equal(((await posed) as Pose).faceSeq, 17);

  const lost = next("lost");
  for (const socket of first.server.clients) socket.close(1013);
  first.server.close();
  assert.equal(await lost, "the robot is away");
  await assert.rejects(robot.command("QUERY"), { code: "ROBOT_AWAY" });

  const again = next("open");
  const second = await fakeRobotDoor(first.port);
  await again;
  assert.equal(robot.connects, 2);
  robot.stop();
  second.server.close();
});

test("A1: a robot that comes within reach while a dial is under way is dialled as soon as that has failed", async () => {
  const refusals: (() => void)[] = [];
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    verifyClient: (_, done) => {
      if (refusals.length < 1) refusals.push(() => done(false, 503));
      else done(true);
    },
  });
  await once(server, "listening");
  // Retries never come: what dials again is the kick.
  const robot = new RobotClient(
    () => `127.0.0.1:${(server.address() as AddressInfo).port}`,
    { onOpen: () => undefined, onLost: () => undefined, onPose: () => undefined },
    { ...systemClock, after: () => () => undefined },
    seededChance(1),
  );
  try {
    robot.start();
    await until("the dial to be under way", 20_000, () => refusals.length > 0);
    robot.kick();
    refusals[0]?.();
    await until("the second dial", 20_000, () => robot.isLinked);
  } finally {
    robot.stop();
    server.close();
  }
});

test("a command that is not one line is refused with its reason and not sent", async () => {
  const { robot } = client(1);
  await assert.rejects(robot.command("NOD:1\nLOOK:1,1"), { code: "ROBOT_LINE" });
  await assert.rejects(robot.command(""), { code: "ROBOT_LINE" });
  await assert.rejects(robot.command("x".repeat(3000)), { code: "ROBOT_LINE" });
});

test("pose pushes that are not six finite numbers are dropped", () => {
  assert.deepEqual(parsePose("900,1150,850,0,0,65535"), {
    baseDeg: 90,
    nodDeg: 115,
    tiltDeg: 85,
    reflex: "lost",
    faceSeq: undefined,
    faceAgeMs: undefined,
  });
  for (const bad of ["", "1,2,3", "900,1150,850,7,0,0", "900,1150,NaN,0,0,0", "1,2,3,0,5,6,7"]) {
    assert.equal(parsePose(bad), undefined, bad);
  }
});

test("A14: to a door that asks for a token it shows it", async () => {
  const { server, port } = await fakeRobotDoor();
  const { robot, next } = client(port, "secret");
  const [opened, asked] = [next("open"), once(server, "connection")];
  robot.start();
  const [, request] = (await asked) as [unknown, { headers: Record<string, string> }];
  await opened;
  robot.stop();
  server.close();
  assert.equal(request.headers["authorization"], "Bearer secret");
});
