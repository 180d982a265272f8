/**
 * What any client may rely on at the robot's doors (PROTOCOL §2 and §3), as checks that run against any robot given
 * by its addresses: the firmware's classes in Node, the simulator behind the gateway, a board. The robot must be
 * ready, with no camera, and must not be used by others meanwhile (one more client is fine). A failed check throws.
 */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { setTimeout as delay } from "node:timers/promises";
import {
  REPLY_MS_MAX,
  type RobotDoors,
  type State,
  type TextClient,
  withClients,
} from "./conformance-clients.js";
import { OK, TRACKING, VERB_REPLIES, RANGES } from "./robot-replies.js";

export { checkHoarders, checkViolations } from "./conformance-violations.js";

/** How long to listen for frames that must not come. */
const QUIET_MS = 400;

/** Every verb and error of PROTOCOL §2, with and without `!`; one reply each and nothing more. */
export const checkVerbs = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 1, async (clients) => verbs(clients[0] as TextClient));

async function verbs(client: TextClient): Promise<void> {
  for (const [line, reply] of VERB_REPLIES) {
    assert.equal(await client.ask(line), reply, line.slice(0, 60));
    if (line.length < 2040)
      assert.equal(await client.ask(`!${line}\r\n`), reply, `!${line.slice(0, 60)}`);
  }
  const satisfied = JSON.parse(await client.ask("SATISFY:social,0.1")) as State;
  assert.equal(satisfied["need"], "social");
  assert.equal(typeof satisfied["value"], "number");
  client.socket.send(Buffer.from("QUERY"), { binary: true });
  await checkState(client);
  await delay(QUIET_MS);
  assert.equal(client.waiting(), 0, "nothing unsolicited, no answer to a binary message");
}

/** QUERY's fields: types and ranges that the old host relies on (§2.5). */
async function checkState(client: TextClient): Promise<void> {
  const text = await client.ask("QUERYxyz");
  assert.ok(
    Buffer.byteLength(text) < 1024 && !text.includes("null") && !("ok" in JSON.parse(text)),
  );
  const state = JSON.parse(text) as State;
  for (const [key, min, max] of RANGES) {
    const value = state[key];
    assert.ok(
      typeof value === "number" && value >= min && value <= max,
      `${key} is ${String(value)}`,
    );
  }
  for (const key of ["tracking", "wondering", "wantsToSpeak", "animating", "hasVisionTarget"])
    assert.equal(typeof state[key], "boolean", key);
  assert.match(
    String(state["emotion"]),
    /^(NEUTRAL|EXCITED|CURIOUS|CONTENT|ANXIOUS|STARTLED|BORED|CONFUSED)$/,
  );
  assert.match(
    String(state["behavior"]),
    /^(IDLE|EXPLORE|INVESTIGATE|SOCIAL_ENGAGE|RETREAT|REST|PLAY|VIGILANT)$/,
  );
  assert.match(
    String(state["epistemic"]),
    /^(confident|uncertain|confused|learning|conflicted|wondering)$/,
  );
}

/** STREAM:on pushes to its client only, and stops. */
export const checkStream = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 2, async (clients) => stream(...(clients as [TextClient, TextClient])));

async function stream(client: TextClient, other: TextClient): Promise<void> {
  assert.equal(await client.ask("STREAM:on"), '{"ok":true,"streaming":true}');
  for (let i = 0; i < 3; i++) assert.match(await client.next(), /^STATE:\{"arousal":/);
  client.socket.send("STREAM:off");
  let reply = await client.next();
  while (reply.startsWith("STATE:")) reply = await client.next();
  assert.equal(reply, '{"ok":true,"streaming":false}');
  await delay(700);
  assert.equal(client.waiting() + other.waiting(), 0);
}

/** The opt-in path: ids and pushes. */
export const checkV2 = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 1, async (clients) => v2(clients[0] as TextClient), "/v2");

async function v2(client: TextClient): Promise<void> {
  assert.equal(await client.ask("17 IDLE"), `17 ${OK}`);
  assert.equal(await client.ask("IDLE"), '0 {"ok":false,"reason":"no_id"}');
  assert.match(await client.ask("18 QUERY"), /^18 \{"arousal":/);
  assert.equal(await client.ask("19 WATCH:40"), '19 {"ok":true,"watch":40}');
  for (let i = 0; i < 10; i++)
    assert.match(await client.next(), /^\* POSE \d+,\d+,\d+,[012],\d+,\d+$/);
}

/** Every line of `/health` of a robot that has read its memory: the nine of old, and those of PROTOCOL §2.5. */
const HEALTH_LINES: readonly RegExp[] = [
  /^OK$/,
  /^heap:\d+$/,
  /^psram:0$/,
  /^wifi:[01]$/,
  /^udp:\d+$/,
  /^ws_in:\d+$/,
  /^ws_out:\d+$/,
  /^frames:0$/,
  /^uptime:\d+$/,
  /^wifi_phase:(off|scanning|joining|online|lost)$/,
  /^wifi_losses:\d+$/,
  /^boots:[1-9]\d*$/,
  /^boot_reason:(first|power|panic|asked|watchdog|update)$/,
  /^safe:[01]$/,
  /^generation:\d+$/,
  /^saved_in:(settings|fram|eeprom)$/,
  /^saved_age:(-1|\d+)$/,
  /^stage:(here|away|alone|resting)$/,
  /^faults:\d+$/,
  /^pause:\d+$/,
  /^late:\d+$/,
  /^late_level:[0-5]$/,
  /^udp_invalid:\d+$/,
  /^udp_dropped:\d+$/,
];

/** Exactly these lines, in this order, and nothing behind the last. */
export function checkHealthLines(body: string): void {
  const lines = body.split("\n");
  for (const [i, pattern] of HEALTH_LINES.entries()) assert.match(lines[i] ?? "(none)", pattern);
  assert.deepEqual(lines.slice(HEALTH_LINES.length), [], "lines that PROTOCOL does not name");
}

/** All of `/health`, and what is not there. */
export async function checkHttp(doors: RobotDoors): Promise<void> {
  const health = await fetch(`http://${doors.host}:${doors.port}/health`);
  assert.equal(health.status, 200);
  assert.match(String(health.headers.get("content-type")), /^text\/plain/);
  checkHealthLines(await health.text());
  assert.equal((await fetch(`http://${doors.host}:${doors.port}/nothing`)).status, 404);
  const post = await fetch(`http://${doors.host}:${doors.port}/health`, { method: "POST" });
  assert.equal(post.status, 405);
}

/** While faces come, big moves are refused and small ones are laid over the gaze; NO_FACE ends it. */
export const checkTracking = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 1, async (clients) => tracking(doors, clients[0] as TextClient));

async function tracking(doors: RobotDoors, client: TextClient): Promise<void> {
  const udp = createSocket("udp4");
  const send = (line: string) => udp.send(line, doors.udpPort, doors.host);
  let seq = 0;
  const timer = setInterval(() => send(`FACE:120,120,0,0,60,60,90,${++seq}`), 66);
  try {
    await untilTracking(client, true);
    for (const line of [
      "LOOK:90,100",
      "ATTENTION:left",
      "LISTENING",
      "CELEBRATE",
      "NOD:1",
      "SHAKE:1",
    ])
      assert.equal(await client.ask(line), TRACKING, line);
    for (const line of ["PERFORM:watching", "PHYSICAL:sigh"])
      assert.equal(await client.ask(line), TRACKING, line);
    for (const line of [
      "THINKING",
      "STOP_THINKING",
      "SPEAKING",
      "STOP_SPEAKING",
      "ACKNOWLEDGE",
      "EXPRESS:content",
      "IDLE",
    ])
      assert.equal(await client.ask(line), OK, line);
    clearInterval(timer);
    for (let i = 0; i < 3; i++) {
      send(`NO_FACE,${++seq}`);
      await delay(40);
    }
    await untilTracking(client, false);
  } finally {
    clearInterval(timer);
    udp.close();
  }
}

async function untilTracking(client: TextClient, wanted: boolean): Promise<void> {
  const endMs = performance.now() + REPLY_MS_MAX;
  while ((await client.state())["tracking"] !== wanted) {
    if (performance.now() > endMs) throw new Error(`tracking never became ${wanted}`);
    await delay(30);
  }
}

/** Five clients at once: each gets its own replies, all of them, in its own order. */
export const checkFiveClients = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 5, fiveClients);

async function fiveClients(clients: TextClient[]): Promise<void> {
  await Promise.all(
    clients.map(async (client, index) => {
      for (let i = 0; i < 40; i++) {
        // Now one by one, now three at once.
        const lines = Array.from({ length: i % 2 ? 3 : 1 }, (_, k) => `C${index}.${i}.${k}`);
        for (const line of lines) client.socket.send(line);
        for (const line of lines)
          assert.equal((JSON.parse(await client.next()) as State)["cmd"], line);
        if (i % 10 === 0) assert.equal(typeof (await client.state())["servoBase"], "number");
      }
      assert.equal(client.waiting(), 0);
    }),
  );
}

/** Datagrams of 0 to 65,507 bytes: the robot keeps its state, counts what it saw, and answers on. */
export const checkHostileDatagrams = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 1, async (clients) => hostile(doors, clients[0] as TextClient));

async function hostile(doors: RobotDoors, client: TextClient): Promise<void> {
  const before = await client.state();
  const udp = createSocket("udp4");
  const lines = [
    ...[
      "",
      "!LOOK:10,80",
      "LOOK:10,80",
      "ESP32_READY",
      "FACE:",
      "FACE:1,2,3",
      "NO_FACE,x",
      "!VISION:",
    ],
    "FACE:9999,0,0,0,0,0,0,1",
    "FACE:1e3,1,1,1,1,1,1,1",
    "FACE:\u0000190,120,0,0,60,60,90,1",
    "FACE:190,120,0,0,60,60,90,1\nFACE:190,120,0,0,60,60,90,2",
    `FACE:${"1".repeat(240)}`,
    `!VISION:${"[".repeat(240)}`,
    `!VISION:{"nv":${"9".repeat(200)}}x`,
  ];
  const datagrams = lines.map((line) => Buffer.from(line));
  for (const n of [1, 127, 128, 255, 256, 257, 1020, 1021, 1472, 9000, 65507])
    for (const fill of [0, 0x46, 0xff]) datagrams.push(Buffer.alloc(n, fill));
  for (const data of datagrams) {
    await new Promise((resolve) => udp.send(data, doors.udpPort, doors.host, resolve));
    // The gateway keeps the newest of a kind each 12 ms; this way the robot sees most of them.
    await delay(15);
  }
  udp.close();
  const after = await client.state();
  assert.ok(Number(after["invalidUdp"]) > Number(before["invalidUdp"]), "counted");
  assert.ok(Number(after["uptime"]) >= Number(before["uptime"]), "not restarted");
  assert.equal(after["tracking"], false);
}
