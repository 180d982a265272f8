/**
 * WiFi and sockets of the simulated robot. Properties: off really cuts, in silence or at once; what TCP held goes out
 * when the network is back; a robot without WiFi finds no network; a frame from the host is answered at once.
 */
import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { after, afterEach, before, describe, it } from "node:test";
import { systemClock } from "../../../src/time/clock.js";
import { startRobot, stopRobots, type Watched } from "../../support/simulator.js";
import { until } from "../../../src/time/until.js";

const ECHOES = 200;

/** Stands for the gateway: remembers connections and what came on them. */
class Host {
  readonly sockets: Socket[] = [];
  readonly ends: string[] = [];
  text = "";
  private readonly server: Server;

  constructor() {
    this.server = createServer((socket) => {
      this.sockets.push(socket);
      socket.setNoDelay(true);
      socket.on("data", (data) => (this.text += data.toString("latin1")));
      socket.on("error", (error: NodeJS.ErrnoException) => this.ends.push(error.code ?? ""));
      socket.on("end", () => this.ends.push("end"));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  link() {
    const address = this.server.address();
    assert.ok(address !== null && typeof address === "object");
    return { host: "127.0.0.1", port: address.port, key: "0".repeat(64) };
  }

  get socket(): Socket {
    const socket = this.sockets.at(-1);
    assert.ok(socket);
    return socket;
  }

  async echo(text: string): Promise<number> {
    const from = this.text.length;
    const startMs = systemClock.nowMs();
    this.socket.write(text);
    await until(`the echo of ${text}`, 5000, () => this.text.slice(from).includes(text));
    return systemClock.nowMs() - startMs;
  }
}

describe("A2: simulated WiFi", () => {
  let host: Host;
  before(async () => {
    host = new Host();
    await host.open();
  });
  afterEach(stopRobots);
  after(() => host.close());

  async function dialled(mode: string, wifi = true): Promise<Watched> {
    const count = host.sockets.length;
    const watched = await startRobot(mode, { link: host.link(), wifi });
    if (wifi) await until("a connection", 20_000, () => host.sockets.length > count);
    return watched;
  }

  it("off in silence: nothing passes, nobody is told, and it goes on when WiFi is back", async () => {
    const { robot, said } = await dialled("echo");
    await host.echo("before");
    robot.wifi(false, "silent");
    const mark = host.text.length;
    host.socket.write("during");
    await systemClock.sleep(500);
    assert.equal(host.text.length, mark);
    assert.deepEqual(host.ends, []);
    assert.ok(!said.some((text) => text.startsWith("socket close")));
    robot.wifi(true);
    await until("what was under way", 5000, () => host.text.slice(mark) === "during");
    await host.echo("after");
  });

  it("off with a reset: the connection breaks at both ends", async () => {
    const { robot, line } = await withLines(dialled("echo"));
    await host.echo("before");
    const ends = host.ends.length;
    robot.wifi(false, "reset");
    await until("the host's end", 5000, () => host.ends.length > ends);
    await line(/^socket (close|error)/);
  });

  it("off at start: no network for a socket, and a connection as soon as there is one", async () => {
    const count = host.sockets.length;
    const { robot, line } = await withLines(dialled("echo", false));
    await line(/^no network: *network not available/);
    assert.equal(host.sockets.length, count);
    robot.wifi(true);
    await until("a connection", 5000, () => host.sockets.length > count);
  });

  it("off over a restart of the VM stays off", async () => {
    const { robot, said } = await dialled("echo");
    robot.wifi(false);
    robot.kill();
    const isRefused = (): boolean => said.some((text) => text.startsWith("no network"));
    await until("a refused socket", 15_000, isRefused);
  });

  it("wakes the VM for what arrives (figures only)", async (t) => {
    await dialled("echo");
    const rtts: number[] = [];
    for (let i = 0; i < ECHOES; i++) {
      const from = host.text.length;
      const startMs = systemClock.nowMs();
      host.socket.write("ping!");
      await new Promise<void>((resolve) => host.socket.once("data", () => resolve()));
      rtts.push(systemClock.nowMs() - startMs);
      assert.equal(host.text.slice(from), "ping!");
      await systemClock.sleep(3);
    }
    rtts.sort((a, b) => a - b);
    const at = (share: number): string => (rtts[Math.floor(share * rtts.length)] ?? 0).toFixed(2);
    t.diagnostic(`TCP echo through the VM: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, n ${ECHOES}`);
  });
});

async function withLines(started: Promise<Watched>) {
  const watched = await started;
  return { robot: watched.robot, line: (pattern: RegExp) => watched.line(pattern) };
}
