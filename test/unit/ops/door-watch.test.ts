/**
 * The page's door is asked every 10 s, however much else changes, and a stop leaves no trace of it: a door that closes under
 * the question is no failure, no finding and no alert.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Operations } from "../../../src/companion/operations.js";
import { watchDoor } from "../../../src/ops/door-watch.js";
import { Liveness } from "../../../src/resilience/liveness.js";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";

let dir: string;
let door: Server;
let clock: FakeClock;
let asked: number;
let connections: number;
let answers: boolean;
let lines: string[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "buddy-door-"));
  clock = new FakeClock();
  asked = 0;
  connections = 0;
  answers = true;
  lines = [];
  door = createServer((request, response) => {
    if (request.url === "/healthz") asked += 1;
    if (answers) response.end("{}");
  });
  door.on("connection", () => (connections += 1));
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
});
afterEach(() => {
  door.closeAllConnections();
  door.close();
  rmSync(dir, { recursive: true, force: true });
});

async function watched(): Promise<{ ops: Operations; end: () => void }> {
  const ops = new Operations({
    dataDir: dir,
    clock,
    chance: seededChance(1),
    supervisor: {
      view: () => [],
      changes: () => [],
      restart: () => undefined,
      liveness: new Liveness(clock),
      listen: () => () => undefined,
    },
    secrets: [],
    show: (part, level, message) => lines.push(`${part} ${level} ${message}`),
  });
  await ops.start();
  const end = watchDoor({
    clock,
    dataDir: dir,
    door: `127.0.0.1:${(door.address() as AddressInfo).port}`,
    token: undefined,
    policies: ops,
    alerts: ops.alerts,
    watch: (source) => ops.watch(source),
    writeTrouble: () => undefined,
  });
  return { ops, end };
}

const levelOf = (ops: Operations): string | undefined =>
  ops.state().parts.find(({ id }) => id === "web")?.level;

/** The network's time is its own: looks until it is so, with 100 ms of ours at each look. */
async function settle(what: string, isTrue: () => boolean): Promise<void> {
  await until(what, 10_000, async () => {
    await clock.advance(100);
    return isTrue();
  });
}

test("E3: the page's door is asked every 10 s and no oftener, whatever else changes meanwhile", async () => {
  const { ops, end } = await watched();
  await settle("the first answer", () => levelOf(ops) === "ok");
  const before = asked;
  const models = ops.policy("ollama chat", {
    backend: { id: "ollama", title: "Ollama", remedy: "" },
    attemptMs: 1000,
    retry: "never",
  });
  for (let round = 1; round <= 6; round++) {
    for (let i = 0; i < 100; i++) {
      ops.changed("robot", "link", "camera", "process-vision");
      if (i % 10 === 0) await assert.rejects(models.run(() => Promise.reject(new Error("down"))));
      await clock.advance(100);
    }
    await until(`question ${round}`, 10_000, () => asked >= before + round);
    assert.equal(asked, before + round);
    assert.ok(
      connections >= asked,
      "a connection that is kept tells nothing of a door that takes none",
    );
  }
  end();
  ops.quiesce();
  await ops.stop();
});

test("E1, C5: a door that closes while it is asked for the last time leaves no trace", async () => {
  const { ops, end } = await watched();
  await settle("the first answer", () => levelOf(ops) === "ok");
  answers = false;
  const before = asked;
  await settle("a question that is open", () => asked > before);
  lines = [];
  ops.quiesce();
  end();
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
  // What an aborted question leaves is here within a few turns of the loop; so would be what a later one left.
  for (let i = 0; i < 300; i++) await clock.advance(100);
  await ops.stop();
  assert.deepEqual(ops.alerts.recent(), []);
  assert.ok(!existsSync(join(dir, "alerts.log")));
  const saved = JSON.parse(readFileSync(join(dir, "breakers.json"), "utf8")) as {
    breakers: { web: { counts: { failures: number }; failures: number } };
  };
  assert.deepEqual([saved.breakers.web.counts.failures, saved.breakers.web.failures], [0, 0]);
  assert.deepEqual(lines, []);
});
