// A14: with `--host` every door asks for the token, of programs on this machine too, and Buddy's own parts have it: the head
// follows the face. What the terminal says is enough to find it. All traffic stays on loopback.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import type { Runtime } from "../../src/datadir/runtime-file.js";
import { DatagramSender, startBuddy, type BuddyProcess } from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";

let buddy: BuddyProcess;
let token: string;

before(async () => {
  buddy = await startBuddy(["--host", "0.0.0.0"]);
  token = readFileSync(join(buddy.dataDir, "token"), "utf8").trim();
});

after(async () => {
  await buddy?.stop();
});

const door = (name: Exclude<keyof Runtime, "pid">): string =>
  `127.0.0.1:${buddy.runtime[name].split(":").at(-1)}`;

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function robot(): Promise<{ linked: boolean; tracking: boolean; invalidUdp: number }> {
  const answer = await fetch(`http://${door("page")}/api/state`, { headers: bearer() });
  const { robot: fields } = (await answer.json()) as { robot: Record<string, unknown> };
  return fields as Awaited<ReturnType<typeof robot>>;
}

test("A14: Buddy's own parts show the token: linked, and the head follows the face", async () => {
  await until("tracking", 20_000, async () => {
    const { linked, tracking } = await robot();
    return linked && tracking;
  });
});

test("A14: the terminal says where the token for programs is, and does not print it", () => {
  assert.match(buddy.output(), /^ready http:\/\/\S+\?token=\S+$/m);
  assert.ok(buddy.output().includes(join(buddy.dataDir, "token")));
  assert.ok(!buddy.output().includes(token));
});

for (const [name, path] of [
  ["page", "/api/state"],
  ["page", "/metrics"],
  ["page", "/stream"],
  ["visionApi", "/state"],
  ["visionApi", "/snapshot"],
  ["robotWs", "/health"],
] as const) {
  test(`A14: ${name} ${path}: 401 without the token, 200 with it`, async () => {
    const ask = async (headers: Record<string, string>): Promise<number> => {
      const answer = await fetch(`http://${door(name)}${path}`, { headers });
      await answer.body?.cancel();
      return answer.status;
    };
    assert.equal(await ask({}), 401);
    assert.equal(await ask({ authorization: "Bearer wrong-token-of-32-characters-xx" }), 401);
    assert.equal(await ask(bearer()), 200);
  });
}

test("A14: the robot's WebSocket: 401 without the token, the greeting with it in header or path", async () => {
  const refused = new WebSocket(`ws://${door("robotWs")}/`);
  refused.on("error", () => undefined); // `unexpected-response` is what is looked at.
  const [, answer] = (await once(refused, "unexpected-response")) as [
    unknown,
    { statusCode: number },
  ];
  assert.equal(answer.statusCode, 401);
  for (const [path, headers] of [
    ["/", bearer()],
    [`/?token=${token}`, {}],
  ] as const) {
    const socket = new WebSocket(`ws://${door("robotWs")}${path}`, { headers });
    const [greeting] = (await once(socket, "message")) as [Buffer];
    assert.match(String(greeting), /"ok":true/);
    socket.terminate();
  }
});

test("A14: datagrams without the token never reach the robot; with it they do", async () => {
  const udp = new DatagramSender(door("robotUdp"));
  try {
    const { invalidUdp: before } = await robot();
    udp.send("NONSENSE");
    udp.send(`token=${token} NONSENSE`);
    const { invalidUdp } = await until("the one with the token", 5000, async () => {
      const now = await robot();
      return now.invalidUdp > before && now;
    });
    assert.equal(invalidUdp, before + 1);
  } finally {
    udp.close();
  }
});
