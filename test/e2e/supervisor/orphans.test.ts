/**
 * L6: however the companion ends, its parts end too, with what they started and the ports they held. The companion
 * here is test/fixtures/parts/parent.ts, a process of its own.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterEach, describe, it } from "node:test";
import { fixture } from "../../support/supervised.js";
import { isAlive } from "../../support/processes.js";
import { until } from "../../../src/time/until.js";

/** A part must be gone this long after its parent was killed. */
const ORPHAN_MS_MAX = 5000;

interface Facts {
  readonly pid: number;
  readonly doors: Record<string, string>;
}

class Parent {
  readonly process: ChildProcess;
  text = "";

  constructor(parts: Record<string, Record<string, unknown>>) {
    const args = ["--import", "tsx", fixture("parent.ts"), JSON.stringify(parts)];
    this.process = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => (this.text += text));
  }

  async parts(): Promise<Record<string, Facts>> {
    await until("the parts are ready", 60_000, () => /^pids .*\n/m.test(this.text));
    const line = /^pids (.*)$/m.exec(this.text)?.[1] ?? "{}";
    return JSON.parse(line) as Record<string, Facts>;
  }
}

let parent: Parent | undefined;
let pids: number[] = [];

afterEach(() => {
  // Whatever went wrong, nothing of this test stays behind.
  for (const pid of [parent?.process.pid, ...pids]) {
    if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGKILL");
  }
  pids = [];
});

async function begin(
  parts: Record<string, Record<string, unknown>>,
): Promise<Record<string, Facts>> {
  parent = new Parent(parts);
  const facts = await parent.parts();
  pids = Object.values(facts).map(({ pid }) => pid);
  return facts;
}

/** Is somebody listening on `host:port`? */
function isOpen(door: string): Promise<boolean> {
  const [host = "", port = ""] = door.split(":");
  return new Promise((resolve) => {
    const socket = connect(Number(port), host);
    socket.on("connect", () => resolve(!socket.destroy().connecting));
    socket.on("error", () => resolve(false));
  });
}

interface Seen {
  readonly parent: string;
  readonly peers: Record<string, string>;
}

/** Asks a fixture part how it sees the others until it sees them as expected. */
async function untilSeen(what: string, door: string, expected: Seen): Promise<void> {
  let seen: Seen | undefined;
  for (const endMs = performance.now() + 15_000; performance.now() < endMs;) {
    seen = JSON.parse(await readAll(door)) as Seen;
    const peers = Object.entries(expected.peers);
    const isSo = peers.every(([name, sight]) => seen?.peers[name] === sight);
    if (seen.parent === expected.parent && isSo) return;
  }
  assert.fail(`${what}: ${JSON.stringify(seen)}`);
}

async function readAll(door: string): Promise<string> {
  const [host = "", port = ""] = door.split(":");
  let text = "";
  for await (const chunk of connect(Number(port), host)) text += String(chunk);
  return text;
}

async function assertAllGone(facts: Record<string, Facts>): Promise<void> {
  const endMs = performance.now() + ORPHAN_MS_MAX;
  await until("no orphan", ORPHAN_MS_MAX, () => !pids.some(isAlive));
  for (const { doors } of Object.values(facts)) {
    // A killed process may hold its sockets until the last of its threads is gone.
    while ((await isOpen(doors["tcp"] ?? "")) && performance.now() < endMs);
    assert.equal(await isOpen(doors["tcp"] ?? ""), false, "its port is free");
  }
}

describe("orphans", { concurrency: 1 }, () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`L6: ${signal} to the companion ends every part in order, cleanly`, async () => {
      const facts = await begin({ gateway: {}, vision: {} });
      parent?.process.kill(signal);
      await assertAllGone(facts);
      await until("the companion", 5000, () => parent?.process.exitCode === 0);
      assert.match(parent?.text ?? "", /gateway info cleaned up/);
      assert.match(parent?.text ?? "", /report \{"killed":\[\],"left":\[\]\}/);
    });
  }

  it("L6: kill -9 of the companion alone leaves no part after 5 s, whatever they do at their end", async () => {
    const facts = await begin({
      gateway: {},
      slow: { cleanUpMs: 60_000 },
      simulator: { grandchild: true },
    });
    const grandchildren = pids.flatMap(childrenOf);
    assert.equal(grandchildren.length, 1);
    pids.push(...grandchildren);
    parent?.process.kill("SIGKILL");
    await assertAllGone(facts);
  });

  it("L6: kill -9 of a companion whose parts are still starting leaves none", async () => {
    parent = new Parent({ vision: { readyAfterMs: -1 }, gateway: { busyMs: 1000 } });
    const companion = parent.process.pid ?? 0;
    await until("both started", 30_000, () => childrenOf(companion).length === 2);
    pids = childrenOf(companion);
    parent.process.kill("SIGKILL");
    await until("no orphan", ORPHAN_MS_MAX + 5000, () => !pids.some(isAlive));
  });

  it("A10: SIGSTOP of the companion is known to its parts as hung; they live on, and see it green after SIGCONT", async () => {
    const facts = await begin({ vision: {}, gateway: {} });
    const door = facts["vision"]?.doors["tcp"] ?? "";
    await untilSeen("a live companion", door, { parent: "green", peers: { gateway: "green" } });
    parent?.process.kill("SIGSTOP");
    // Who is behind a hung companion is not known any more.
    await untilSeen("a hung companion", door, { parent: "red", peers: { gateway: "unknown" } });
    assert.ok(pids.every(isAlive));
    parent?.process.kill("SIGCONT");
    await untilSeen("it again", door, { parent: "green", peers: { gateway: "green" } });
    assert.doesNotMatch(
      parent?.text ?? "",
      /-> (hung|backoff)/,
      "its own absence is nobody's silence",
    );
    parent?.process.kill("SIGTERM");
    await assertAllGone(facts);
  });

  it("L6: SIGTERM to one part ends it cleanly, and it is not restarted", async () => {
    const facts = await begin({ gateway: {} });
    process.kill(facts["gateway"]?.pid ?? 0, "SIGTERM");
    await until("ended", 10_000, () => /gateway: running -> ended/.test(parent?.text ?? ""));
    await assertAllGone(facts);
  });
});

/** Ids of the node processes a process has started (tsx's own helpers are not parts). */
function childrenOf(pid: number): number[] {
  return readChildren(pid).filter((child) => readCommand(child).startsWith(process.execPath));
}

function readChildren(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

function readCommand(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8");
}
