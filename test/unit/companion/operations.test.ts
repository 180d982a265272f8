/**
 * One health truth. Properties: a policy's breaker is health, alert, metric and log line at once; its state outlives a
 * restart; what is not looked at is not called ready; no secret leaves by any way; a full disk costs lines only.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Operations } from "../../../src/companion/operations.js";
import type { Finding } from "../../../src/state/health.js";
import { Liveness } from "../../../src/resilience/liveness.js";
import type { Backend } from "../../../src/resilience/policies.js";
import type { PartView, SupervisorListener } from "../../../src/supervisor/supervisor-types.js";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const SECRET = "0123456789abcdef-secret";
const OLLAMA: Backend = { id: "ollama", title: "Ollama", remedy: "Start it with `ollama serve`." };
const spec = { backend: OLLAMA, attemptMs: 1000, retry: "never" } as const;

let dir: string;
let clock: FakeClock;
let liveness: Liveness;
let lines: string[];
let parts: Set<SupervisorListener>;
let views: PartView[];

function operations(): Operations {
  return new Operations({
    dataDir: dir,
    clock,
    chance: seededChance(1),
    supervisor: {
      view: () => views,
      changes: () => [],
      restart: (name) => void lines.push(`restart ${name}`),
      liveness,
      listen: (listener) => {
        parts.add(listener);
        return () => parts.delete(listener);
      },
    },
    secrets: [SECRET],
    show: (part, level, message) => lines.push(`${part} ${level} ${message}`),
  });
}

async function failTimes(ops: Operations, times: number, why = "no answer"): Promise<void> {
  const policy = ops.policy("ollama chat", spec);
  for (let i = 0; i < times; i++) {
    const call = policy.run(() => Promise.reject(new Error(why)));
    await assert.rejects(call);
  }
}

/** Lets checks that read the disk end; the clock is ours, the file system is not. */
async function settle(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isTrue(); i++) {
    await clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(isTrue());
}

const levelOf = (ops: Operations, id: string): string | undefined =>
  ops.state().parts.find((part) => part.id === id)?.level;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "buddy-ops-"));
  clock = new FakeClock();
  liveness = new Liveness(clock);
  lines = [];
  parts = new Set();
  views = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("operations", () => {
  it("E1, E3: an open breaker is health, alert, metric and line, and all of it ends with it", async () => {
    const ops = operations();
    await ops.start();
    await failTimes(ops, 5);
    await settle(() => levelOf(ops, "ollama") === "bad");
    const part = ops.state().parts.find(({ id }) => id === "ollama");
    assert.equal(part?.state, "red");
    assert.match(part?.text ?? "", /left alone for now: no answer/);
    assert.match(
      part?.next ?? "",
      /tried again by itself in .* s\. Start it with `ollama serve`\./,
    );
    assert.equal(part?.lastError?.text, "no answer");
    assert.ok((part?.nextAttemptWallMs ?? 0) > clock.wallMs());
    assert.equal(ops.state().level, "bad");
    assert.deepEqual(
      ops.alerts.active().map(({ key }) => key),
      ["breaker ollama"],
    );
    assert.match(
      await ops.registry.metrics(),
      /^buddy_breaker_state\{backend="ollama",state="open"\} 1$/m,
    );
    assert.match(await ops.registry.metrics(), /^buddy_health\{backend="ollama",level="bad"\} 1$/m);
    assert.ok(lines.some((line) => /^breakers warn Ollama: closed -> open/.test(line)));
    assert.equal(ops.details().breakers[0]?.breaker.transitions.at(-1)?.to, "open");
    assert.ok(ops.resetBreaker("ollama"));
    assert.equal(ops.resetBreaker("nobody"), false);
    await settle(() => levelOf(ops, "ollama") === "ok");
    assert.deepEqual(ops.alerts.active(), []);
    const history = ops.details().backends.find(({ id }) => id === "ollama")?.history;
    assert.deepEqual(
      history?.map(([, level]) => level),
      ["ok", "bad", "ok"].slice(-(history?.length ?? 0)),
    );
    await ops.stop();
  });

  it("E1: a breaker is still open after a restart of the companion", async () => {
    const first = operations();
    await first.start();
    await failTimes(first, 5);
    await first.stop();
    const second = operations();
    await second.start();
    await assert.rejects(
      second.policy("ollama chat", spec).run(() => "never called"),
      { code: "RESILIENCE_OPEN" },
    );
    assert.equal(second.breakerOf("ollama")?.counts.opened, 1);
    await second.stop();
  });

  it("a damaged file of breakers is told and costs only their memory", async () => {
    writeFileSync(join(dir, "breakers.json"), "{half");
    const ops = operations();
    await ops.start();
    assert.ok(lines.some((line) => /companion warn saved breakers: not JSON/.test(line)));
    assert.equal(await ops.policy("ollama chat", spec).run(() => 7), 7);
    await ops.stop();
  });

  it("`recovered` closes an open breaker and leaves a closed one alone", async () => {
    const ops = operations();
    await ops.start();
    ops.recovered("ollama", "not there yet");
    await failTimes(ops, 5);
    ops.recovered("ollama", "its process is ready");
    assert.equal(ops.breakerOf("ollama")?.state, "closed");
    assert.match(ops.breakerOf("ollama")?.transitions.at(-1)?.reason ?? "", /process is ready/);
    await ops.stop();
  });

  it("a vital call goes out while the breaker is open", async () => {
    const ops = operations();
    await ops.start();
    await failTimes(ops, 5);
    const vital = ops.policy("ollama stop", { ...spec, isVital: true });
    assert.equal(await vital.run(() => "out"), "out");
    await ops.stop();
  });

  it("is not ready before everything needed was looked at and found well", async () => {
    const ops = operations();
    let isUp = false;
    ops.watch({
      id: "robot",
      title: "Robot",
      isNeeded: true,
      check: () =>
        isUp
          ? { level: "ok", text: "It answers.", next: "" }
          : { level: "bad", text: "It is away.", next: "Wait." },
    });
    assert.equal(ops.reasons().length, 1);
    await ops.start();
    await settle(() => levelOf(ops, "robot") === "bad" && levelOf(ops, "disk") !== undefined);
    assert.deepEqual(ops.reasons(), ["Robot: It is away. Wait."]);
    isUp = true;
    ops.changed("robot");
    await settle(() => levelOf(ops, "robot") === "ok");
    assert.deepEqual(ops.reasons(), []);
    await ops.stop();
  });

  it("a change asks only the source that tells of it", async () => {
    const ops = operations();
    const asked: string[] = [];
    for (const id of ["speech", "camera", "process-vision"]) {
      const check = (): Finding => {
        asked.push(id);
        return { level: "ok", text: "It works.", next: "" };
      };
      ops.watch({ id, title: id, check });
    }
    await ops.start();
    await settle(() => asked.length === 3 && levelOf(ops, "disk") !== undefined);
    asked.length = 0;
    ops.changed("speech");
    await settle(() => asked.length > 0);
    assert.deepEqual(asked, ["speech"]);
    asked.length = 0;
    const facts = { wallMs: 0, part: "vision", why: "it crashed", next: "see its log", text: "" };
    for (const listener of parts) listener.change?.({ ...facts, from: "running", to: "backoff" });
    await settle(() => asked.length > 1);
    assert.deepEqual(asked.sort(), ["camera", "process-vision"]);
    await ops.stop();
  });

  it("C5: a part that was given up is an alert with its next step, until it runs again", async () => {
    const ops = operations();
    await ops.start();
    const facts = { wallMs: 0, part: "vision", why: "it crashed", next: "see its log" };
    for (const listener of parts) listener.alert?.(facts);
    assert.deepEqual(
      ops.alerts.active().map(({ key, severity }) => `${key} ${severity}`),
      ["part vision critical"],
    );
    const change = { ...facts, from: "starting", to: "running", text: "" };
    for (const listener of parts) listener.change?.(change);
    assert.deepEqual(ops.alerts.active(), []);
    await ops.stop();
    const told = readFileSync(join(dir, "alerts.log"), "utf8");
    assert.match(told, /"event":"raised".*Face detector was given up: it crashed/);
    assert.match(told, /"event":"cleared".*Face detector runs again/);
  });

  it("no secret stands in lines, files, health or alerts", async () => {
    const ops = operations();
    await ops.start();
    ops.note("gateway", "info", `dialled with ${SECRET}`);
    await failTimes(ops, 5, `refused key ${SECRET}`);
    ops.watch({
      id: "leaky",
      title: "Leaky",
      check: () => ({ level: "bad", text: `has ${SECRET}`, next: SECRET, lastError: SECRET }),
    });
    await settle(() => levelOf(ops, "leaky") === "bad");
    const shown = JSON.stringify([lines, ops.state(), ops.details(), ops.alerts.recent()]);
    await ops.stop();
    const files = readdirSync(dir, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".log"))
      .map((name) => readFileSync(join(dir, name), "utf8"));
    assert.match(files.join(""), /gateway: dialled with \[redacted\]/);
    assert.ok(!`${shown}${files.join("")}${await ops.registry.metrics()}`.includes(SECRET));
  });

  it("each part has its log file; a name that could leave the folder has none", async () => {
    const ops = operations();
    await ops.start();
    ops.note("vision", "warn", "one\nline");
    ops.note("../evil", "info", "two");
    await ops.stop();
    assert.match(readFileSync(join(dir, "logs/vision.log"), "utf8"), /warn vision: one ⏎ line\n/);
    assert.match(readFileSync(join(dir, "logs/companion.log"), "utf8"), /two/);
    assert.ok(!existsSync(join(dir, "evil.log")));
  });

  it("M2: a data directory that cannot be written to is told, and nothing else stops", async () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    const whole = dir;
    dir = join(file, "below");
    const ops = operations();
    await ops.start();
    ops.note("vision", "info", "lost");
    assert.equal(await ops.policy("ollama chat", spec).run(() => 7), 7);
    await settle(() => ops.alerts.active().some(({ key }) => key === "log"));
    assert.match(await ops.registry.metrics(), /^buddy_log_losing 1$/m);
    await ops.stop();
    dir = whole;
  });
});
