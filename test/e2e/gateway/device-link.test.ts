/**
 * The firmware's link in the stock VM against the real gateway (A1, A2, A9, A10, A13, N1, N3). The VM runs in test
 * mode: real sockets, no bus, and a collection of garbage before every allocation, so that a wrong pointer shows.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Gateway } from "../../../src/gateway/gateway.js";
import { MemoryGenerations } from "../../../src/gateway/generations.js";
import { TEST_KEY } from "../../support/fake-device.js";
import { plainClient, portOf } from "../../support/gateway.js";
import { until } from "../../../src/time/until.js";

const root = join(import.meta.dirname, "../../..");
const cli = join(root, "node_modules/@devicescript/cli/devicescript");
/** Compiling and starting a VM on a busy machine. */
const START_MS_MAX = 60_000;

interface Vm {
  child: ChildProcess;
  output: string;
  exit: Promise<unknown>;
}

/** A VM in a directory of its own, so that nothing it keeps is shared. */
function startVm(t: TestContext, port: number, key: Buffer): Vm {
  const dir = mkdtempSync(join(tmpdir(), "link-vm-"));
  writeFileSync(join(dir, "devsconfig.json"), "{}");
  writeFileSync(join(dir, "package.json"), "{}");
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"), "junction");
  // The cable's service, which the compiler looks for beside the program.
  symlinkSync(join(root, "services"), join(dir, "services"), "junction");
  mkdirSync(join(dir, "devs"));
  const robot = JSON.stringify(join(root, "test/device/link/robot"));
  const source = `import { describe, test } from "@devicescript/test";
import { runRobot } from ${robot};
describe("link", () => {
  test("robot", async () => await runRobot(${port}, "${key.toString("hex")}"));
});
`;
  writeFileSync(join(dir, "devs/main.ts"), source);
  const args = [cli, "run", "devs/main.ts", "--test", "--test-self-exit", "-T", "120000"];
  const child = spawn(process.execPath, args, {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
    // It is short enough as compiled, and its sources are in two folders.
    env: { ...process.env, BUDDY_IMAGE: "compiled" },
  });
  const vm: Vm = { child, output: "", exit: once(child, "exit") };
  const take = (chunk: Buffer): void => void (vm.output += String(chunk));
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  t.after(async () => {
    child.kill("SIGKILL");
    await vm.exit;
    rmSync(dir, { recursive: true, force: true });
  });
  return vm;
}

interface World {
  gateway: Gateway;
  linkPort: number;
  tcpPort: number;
  udpPort: number;
}

async function startGateway(ports: Partial<World> = {}): Promise<World> {
  const gateway = new Gateway({
    linkPort: ports.linkPort ?? 0,
    doors: [
      { protocol: "tcp", robotPort: 81, port: ports.tcpPort ?? 0 },
      { protocol: "udp", robotPort: 8888, port: ports.udpPort ?? 0 },
    ],
    keys: new Map([["*", TEST_KEY]]),
    generations: new MemoryGenerations(),
  });
  const doors = await gateway.start();
  return {
    gateway,
    linkPort: portOf(doors.link),
    tcpPort: portOf(doors.tcp[81] ?? ""),
    udpPort: portOf(doors.udp[8888] ?? ""),
  };
}

/** Asks the robot a question on a stream of its own. */
async function ask<T>(t: TestContext, tcpPort: number, question: string): Promise<T> {
  const socket = await plainClient(t, tcpPort);
  socket.write(`GET /?${question} HTTP/1.1\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return JSON.parse(String(answer)) as T;
}

async function tell(t: TestContext, tcpPort: number, order: string): Promise<Socket> {
  const socket = await plainClient(t, tcpPort);
  socket.write(`GET /?${order} HTTP/1.1\r\n\r\n`);
  return socket;
}

async function echo(t: TestContext, tcpPort: number, bytes: number): Promise<void> {
  const socket = await plainClient(t, tcpPort);
  const content = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i++) content[i] = i * 7;
  const sent = Buffer.concat([Buffer.from("POST / HTTP/1.1\r\n\r\n"), content]);
  socket.write(sent);
  const got: Buffer[] = [];
  let count = 0;
  for await (const chunk of socket) {
    got.push(chunk as Buffer);
    count += (chunk as Buffer).length;
    if (count >= sent.length) break;
  }
  assert.ok(Buffer.concat(got).equals(sent), `${bytes} bytes come back as they went`);
}

interface Counts {
  faces: number;
  lastSeq: number;
  datagrams: number;
  lastDatagram: string;
  sessions: number;
  sessionEnds: number;
  mirrors: number;
}
interface Status {
  generation: number;
  dials: number;
  lastEndWords: string;
  heldBytes: number;
  streams: number;
}

test("the firmware's link in the VM: streams, datagrams, faults, restarts, WiFi", async (t) => {
  let world = await startGateway();
  t.after(() => world.gateway.stop());
  const vm = startVm(t, world.linkPort, TEST_KEY);
  const linked = (what: string, maxMs = 15_000): Promise<boolean> =>
    until(what, maxMs, () => world.gateway.status().linked);
  const { tcpPort, udpPort } = world;

  await t.test("it dials, proves itself and has its ports opened", async () => {
    await linked("first link", START_MS_MAX);
    assert.equal(world.gateway.status().generation, 1);
  });
  await t.test("eight clients of 8 KB at once are echoed byte for byte", async () => {
    await echo(t, tcpPort, 1);
    await Promise.all(Array.from({ length: 8 }, () => echo(t, tcpPort, 8192)));
  });
  await t.test("faces and datagrams arrive, the last of a burst among them", async () => {
    const sender = createSocket("udp4");
    for (let seq = 1; seq <= 50; seq++) {
      sender.send(`FACE:120,120,0,0,60,60,90,${seq}`, udpPort, "127.0.0.1");
    }
    sender.send('VISION:{"f":1}', udpPort, "127.0.0.1");
    await until("the burst", 5000, () => world.gateway.status().udp.received === 51);
    let counts: Counts;
    do counts = await ask<Counts>(t, tcpPort, "counts");
    while (counts.lastSeq !== 50 || counts.lastDatagram !== 'VISION:{"f":1}');
    sender.close();
    assert.ok(counts.faces >= 1 && counts.faces <= 50);
    assert.equal(counts.datagrams, 1, "nothing else comes as text");
  });
  await t.test("saved state passes both ways", async () => {
    const { deviceId } = world.gateway.status();
    assert.equal(world.gateway.sendMirror(deviceId, Buffer.from("kept")), true);
    while ((await ask<Counts>(t, tcpPort, "counts")).mirrors === 0);
  });
  await t.test("a handler that throws costs its own stream only", async () => {
    const broken = await tell(t, tcpPort, "throw");
    broken.resume();
    await once(broken, "close");
    const counts = await ask<Counts>(t, tcpPort, "counts");
    assert.equal(counts.sessions, 1);
    assert.match(vm.output, /fault in link stream data: as asked/);
  });
  await t.test(
    "A1: a gateway that restarts has its robot back, with a greater generation",
    async () => {
      await world.gateway.stop();
      const before = await ((): Promise<World> => startGateway(world))();
      world = before;
      await linked("after the restart");
      const counts = await ask<Counts>(t, tcpPort, "counts");
      assert.equal(counts.sessionEnds, 1);
      assert.ok((await ask<Status>(t, tcpPort, "status")).generation > 1);
      await echo(t, tcpPort, 3000);
    },
  );
  await t.test(
    "A2: without network it stops dialling, and dials at once when it is back",
    async () => {
      await tell(t, tcpPort, "wifi-off-1-s");
      await until("the link is cut", 5000, () => !world.gateway.status().linked);
      await linked("the network is back");
      const status = await ask<Status>(t, tcpPort, "status");
      assert.equal(status.lastEndWords, "");
    },
  );
  await t.test("nothing is left in its queues", async () => {
    await until("all streams are closed", 5000, () => world.gateway.status().streams === 0);
    await until("its queues to be empty", START_MS_MAX, async () => {
      const { heldBytes, streams } = await ask<Status>(t, tcpPort, "status");
      return heldBytes === 0 && streams === 1; // The one that asks.
    });
  });
  await t.test("it never panicked", async () => {
    await tell(t, tcpPort, "done");
    const [code] = (await vm.exit) as [number];
    assert.doesNotMatch(vm.output, /PANIC|Aborted|InfiniteLoop/);
    assert.equal(code, 0, vm.output.slice(-2000));
  });
});

test("N1, N3: the firmware in the VM gives a stranger nothing", async (t) => {
  const heard: Buffer[] = [];
  let connections = 0;
  // First a stranger who answers with garbage, then one who repeats what the first robot's gateway once said.
  const recorded = await recordGateway();
  const stranger = createServer((socket) => {
    connections++;
    socket.on("error", () => undefined);
    socket.on("data", (data: Buffer) => heard.push(data));
    socket.write(connections % 2 === 1 ? Buffer.from([255, 255, 1, 2, 3]) : recorded);
    t.after(() => socket.destroy());
  });
  stranger.listen(0, "127.0.0.1");
  await once(stranger, "listening");
  t.after(() => stranger.close());
  const { port } = stranger.address() as { port: number };
  const vm = startVm(t, port, TEST_KEY);
  // The third time it has met both.
  await until("it keeps dialling", START_MS_MAX, () => connections >= 3);
  // Two frames may come as one piece; each has two bytes of its length before it.
  for (const data of heard) {
    for (let at = 0; at < data.length; at += 2 + data.readUInt16LE(at)) {
      const [bytes, type] = [data.readUInt16LE(at), data[at + 2]];
      const isHello = bytes === 34 && type === 0x01;
      const isRefusal = bytes === 2 && type === 0x0f;
      assert.ok(isHello || isRefusal, `said ${data.toString("hex")}`);
    }
  }
  assert.doesNotMatch(vm.output, /PANIC|Aborted/);
});

/** What a gateway with the right key says to another device: CHALLENGE, WELCOME and some more. */
async function recordGateway(): Promise<Buffer> {
  const world = await startGateway();
  const { FakeDevice } = await import("../../support/fake-device.js");
  const heard: Buffer[] = [];
  const proxy = createServer((near) => {
    const far = connect({ host: "127.0.0.1", port: world.linkPort });
    for (const socket of [near, far]) socket.on("error", () => undefined);
    far.on("data", (data: Buffer) => heard.push(data));
    near.pipe(far).pipe(near);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as { port: number };
  const double = new FakeDevice({ linkPort: port });
  await double.linked();
  double.destroy();
  proxy.close();
  await world.gateway.stop();
  return Buffer.concat(heard);
}
