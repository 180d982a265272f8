// `npm run dev`, with a Buddy that has a fake robot. Properties:
// - the page comes from its sources, also where a folder of them has the name of a door;
// - what the page asks reaches that Buddy, as if its own page asked; what another site asks is refused as ever;
// - without a running Buddy it ends, and says how one is started.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { root, within } from "../support/buddy-process.js";
import { FakeServices } from "../support/services.js";

const START_MS_MAX = 60_000;
const services = new FakeServices(systemClock);
let buddy: WebServer;
let dev: ChildProcess;
let page = "";

function run(...args: string[]): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, [join(root, "scripts/dev.mjs"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output };
}

before(async () => {
  buddy = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "0.1.0", pageDir: root },
    { services, clock: systemClock, log: () => undefined },
  );
  const running = run("--port", "0", "--buddy", buddy.url);
  dev = running.child;
  await until("the page's address", START_MS_MAX, () => {
    assert.equal(dev.exitCode, null, running.output());
    page = /^page (\S+\/) /m.exec(running.output())?.[1] ?? "";
    return page !== "";
  });
});

after(async () => {
  dev.kill();
  await buddy.close();
});

test("the page comes from its sources, with the client that reloads it", async () => {
  assert.match(await (await fetch(page)).text(), /@vite\/client[^]*main\.tsx/);
  const source = await fetch(`${page}live/connection.ts`);
  assert.match(await source.text(), /export class \w*Connection/);
});

test("what the page asks and says reaches Buddy", async () => {
  const origin = new URL(page).origin;
  const state = await fetch(`${page}api/state`);
  assert.equal(state.status, 200);
  const answer = await fetch(`${page}api/command`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: '{"line":"NOD:2"}',
  });
  assert.equal(answer.status, 200, await answer.text());
  const socket = new WebSocket(`${page.replace("http", "ws")}live`, { origin });
  const [hello] = (await within(20_000, "hello", once(socket, "message"))) as [Buffer];
  assert.equal((JSON.parse(String(hello)) as { type: string }).type, "hello");
  socket.terminate();
});

test("A14: what another site asks is refused by Buddy, as without it", async () => {
  const origin = "http://elsewhere.example";
  const answer = await fetch(`${page}api/command`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: '{"line":"NOD:2"}',
  });
  assert.equal(answer.status, 403);
  const socket = new WebSocket(`${page.replace("http", "ws")}live`, { origin });
  const [error] = (await within(20_000, "a refusal", once(socket, "error"))) as [Error];
  assert.match(error.message, /403/);
});

test("without a running Buddy it says how one is started", async () => {
  // A port that was just given back is nobody's.
  const nobody = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "0.1.0", pageDir: root },
    { services, clock: systemClock, log: () => undefined },
  );
  await nobody.close();
  const { child, output } = run("--buddy", nobody.url);
  const [code] = (await within(START_MS_MAX, "its end", once(child, "close"))) as [number];
  assert.equal(code, 1);
  assert.match(output(), /no Buddy answers at [^]*npm start/);
});
