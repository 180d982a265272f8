/**
 * L1, A8: companion (with the gateway), robot, camera and page are started by hand as processes of their own, in an order and
 * with gaps that chance chooses. Whatever it chooses, Buddy is ready at most 30 s after the last of them has been started,
 * and the page that was there first knows. START_ORDERS=100 is the long form, SEED repeats a run.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import WebSocket from "ws";
import { packageRoot } from "../../../src/host/package-root.js";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { freePorts } from "../../support/free-ports.js";

const orders = Number(process.env["START_ORDERS"] ?? 3);
const seed = Number(process.env["SEED"] ?? 1);
const READY_MS_MAX = 30_000;
const GAP_MS_MAX = orders > 3 ? 3000 : 500;

const root = packageRoot();
const NAMES = ["companion", "robot", "camera", "page"] as const;
type Name = (typeof NAMES)[number];

/** One world of processes that know each other by ports and a key only. */
class World {
  isPageWell = false;
  private readonly dir = mkdtempSync(join(tmpdir(), "buddy-order-"));
  private readonly key = randomBytes(32).toString("hex");
  private readonly children: ChildProcess[] = [];
  private socket: WebSocket | undefined;
  private isOver = false;

  constructor(private readonly ports: readonly number[]) {
    writeFileSync(join(this.dir, "link.key"), `${this.key}\n`, { mode: 0o600 });
  }

  get door(): string {
    return `127.0.0.1:${this.ports[0]}`;
  }

  start(name: Name): void {
    const [page, link, camera] = this.ports;
    if (name === "page") return this.openPage();
    if (name === "camera") return this.part("vision/demo-camera/main.js", { port: camera });
    if (name === "robot") {
      return this.part("simulator/main.js", {
        dataDir: join(this.dir, "robot"),
        firmware: join(root, "dist/firmware/sim.devs"),
        link: { host: "127.0.0.1", port: link, key: this.key },
      });
    }
    const url = `http://127.0.0.1:${camera}/stream`;
    const flags = ["--port", page, "--link-port", link, "--camera", url, "--data", this.dir];
    const others = ["--vision-port", "0", "--ws-port", "0", "--udp-port", "0", "--no-open"];
    // A robot that is not ours to start: any device's name but "sim".
    this.node("cli.js", ["start", "--robot", "elsewhere", ...others, ...flags.map(String)]);
  }

  async end(): Promise<void> {
    this.isOver = true;
    this.socket?.terminate();
    const ended = this.children
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => once(child, "exit"));
    for (const child of this.children) child.kill("SIGTERM");
    await Promise.all(ended);
    rmSync(this.dir, { recursive: true, force: true });
  }

  private part(entry: string, options: object): void {
    this.node(entry, [JSON.stringify(options)]);
  }

  private node(entry: string, args: readonly string[]): void {
    const path = join(root, "dist/src", entry);
    this.children.push(spawn(process.execPath, [path, ...args], { cwd: root, stdio: "ignore" }));
  }

  /** As the page does: connects again and again, and believes only what it was told last. */
  private openPage(): void {
    const socket = new WebSocket(`ws://${this.door}/live`, { origin: `http://${this.door}` });
    this.socket = socket;
    socket.on("message", (data, isBinary) => {
      if (isBinary) return;
      const { state } = JSON.parse(String(data)) as { state?: { robot: { linked: boolean } } };
      if (state !== undefined) this.isPageWell = state.robot.linked;
    });
    socket.on("error", () => undefined); // `close` follows.
    socket.on("close", () => {
      this.isPageWell = false;
      if (!this.isOver) setTimeout(() => this.openPage(), 200);
    });
  }
}

async function isReady(door: string): Promise<boolean> {
  const answer = await fetch(`http://${door}/readyz`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}

it(`L1, A8: ${orders} start orders, seed ${seed}: always ready within 30 s of the last start`, async (t) => {
  const chance = seededChance(seed);
  const tookMs: number[] = [];
  for (let i = 0; i < orders; i++) {
    const order = [...NAMES].map((name) => ({ name, at: chance.next() }));
    order.sort((a, b) => a.at - b.at);
    const names = order.map(({ name }) => name);
    const world = new World(await freePorts(3));
    try {
      for (const [index, name] of names.entries()) {
        if (index > 0) await systemClock.sleep(chance.next() * GAP_MS_MAX);
        world.start(name);
      }
      const startMs = performance.now();
      await until(`ready after ${names.join(", ")}`, READY_MS_MAX, async () => {
        return world.isPageWell && (await isReady(world.door));
      });
      tookMs.push(performance.now() - startMs);
    } finally {
      await world.end();
    }
  }
  const slowest = Math.max(...tookMs);
  t.diagnostic(`ready after ${tookMs.map((ms) => (ms / 1000).toFixed(1)).join(", ")} s`);
  assert.ok(slowest <= READY_MS_MAX);
});
