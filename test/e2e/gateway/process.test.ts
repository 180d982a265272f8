/** The gateway as a supervised process: options, doors, status, every way to end, what survives a kill. */
import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { FakeDevice, TEST_KEY } from "../../support/fake-device.js";
import { get, portOf } from "../../support/gateway.js";
import { until } from "../../../src/time/until.js";

const main = join(import.meta.dirname, "../../../src/gateway/main.ts");

interface Part {
  child: ChildProcess;
  messages: Record<string, unknown>[];
  stderr: string;
  exit: Promise<unknown[]>;
}

function startPart(t: TestContext, options: unknown): Part {
  const child = fork(main, [JSON.stringify(options)], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const part: Part = { child, messages: [], stderr: "", exit: once(child, "exit") };
  child.on("message", (message) => part.messages.push(message as Record<string, unknown>));
  child.stderr?.on("data", (chunk) => (part.stderr += String(chunk)));
  t.after(() => child.kill("SIGKILL"));
  return part;
}

async function ready(part: Part): Promise<Record<string, string>> {
  const find = (): Record<string, unknown> | undefined =>
    part.messages.find((message) => message.type === "ready");
  await until("ready", 20_000, () => find() !== undefined);
  return find() as Record<string, string>;
}

function makeDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "gateway-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const keys = { "*": TEST_KEY.toString("hex") };

test("it opens its doors, tells them, follows the link and stops on request", async (t) => {
  const dataDir = makeDir(t);
  const part = startPart(t, { linkPort: 0, wsPort: 0, udpPort: 0, dataDir, keys });
  const doors = await ready(part);
  assert.match(doors.udp ?? "", /^127\.0\.0\.1:\d+$/);
  const double = new FakeDevice({ linkPort: portOf(doors.link ?? "") });
  t.after(() => double.destroy());
  await double.linked();
  assert.equal((await get(portOf(doors.ws ?? ""), "/up")).body, "robot /up\n");
  const isLinked = (message: Record<string, unknown>): boolean =>
    message.type === "status" && (message.status as { linked: boolean }).linked;
  await until("status says linked", 5000, () => part.messages.some(isLinked));
  assert.equal(double.session.sendMirror(Buffer.from("state")), true);
  await until("saved state goes up", 5000, () =>
    part.messages.some(({ type }) => type === "mirror"),
  );
  part.child.send({ type: "mirror", deviceId: "0123456789abcdef", data: "a2VwdA==" });
  await double.until(() => double.mirrors.length === 1);
  assert.equal(String(double.mirrors[0]), "kept");
  part.child.send({ type: "stop" });
  assert.deepEqual((await part.exit).slice(0, 1), [0]);
});

test("L6: it ends when its parent is gone", async (t) => {
  const part = startPart(t, { linkPort: 0, wsPort: 0, udpPort: 0, dataDir: makeDir(t), keys });
  await ready(part);
  part.child.disconnect();
  assert.deepEqual((await part.exit).slice(0, 1), [0]);
});

test("A1: after kill -9 the next one gives greater generations", async (t) => {
  const dataDir = makeDir(t);
  let last = 0;
  for (let start = 0; start < 2; start++) {
    const part = startPart(t, { linkPort: 0, wsPort: 0, udpPort: 0, dataDir, keys });
    const doors = await ready(part);
    const double = new FakeDevice({ linkPort: portOf(doors.link ?? "") });
    t.after(() => double.destroy());
    await double.linked();
    assert.ok(double.session.generation > last);
    last = double.session.generation;
    part.child.kill("SIGKILL");
    await part.exit;
  }
});

test("wrong options end with 2 and say what was wrong, without the key", async (t) => {
  const secret = "f".repeat(63);
  const part = startPart(t, {
    linkPort: 70_000,
    wsPort: 0,
    udpPort: 0,
    dataDir: "x",
    keys: { "*": secret },
  });
  assert.equal((await part.exit)[0], 2);
  assert.match(part.stderr, /linkPort/);
  assert.match(part.stderr, /keys/);
  assert.doesNotMatch(part.stderr, /ffff/);
});

test("L2: a taken port ends it with a line that names the port", async (t) => {
  const first = startPart(t, { linkPort: 0, wsPort: 0, udpPort: 0, dataDir: makeDir(t), keys });
  const doors = await ready(first);
  const linkPort = portOf(doors.link ?? "");
  const second = startPart(t, { linkPort, wsPort: 0, udpPort: 0, dataDir: makeDir(t), keys });
  assert.equal((await second.exit)[0], 1);
  assert.match(
    second.stderr,
    new RegExp(`link: cannot listen on 127\\.0\\.0\\.1:${linkPort}: the port is in use`),
  );
});
