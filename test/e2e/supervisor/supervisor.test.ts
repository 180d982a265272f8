/**
 * The supervisor with real processes. Waits are for conditions with generous bounds; the figures of the rules
 * themselves are proved in test/unit/supervisor/part-core.test.ts with time as an argument.
 */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { part, msUntil, Watched } from "../../support/supervised.js";
import { isAlive } from "../../support/processes.js";
import { until } from "../../../src/time/until.js";
import type { MachineLoad, PartSpec } from "../../../src/supervisor/supervisor-types.js";

let watched: Watched | undefined;

function supervise(parts: readonly PartSpec[], conditions = {}, load?: MachineLoad): Watched {
  watched = new Watched(parts, conditions, load);
  watched.supervisor.start();
  return watched;
}

afterEach(async () => {
  const report = await watched?.supervisor.stop("the test is over");
  assert.deepEqual(report?.left ?? [], []);
});

describe("supervisor", { concurrency: 1 }, () => {
  it("A8: starts parts in the order of readiness, and stops them in reverse", async () => {
    const w = supervise([
      part("page", {}, {}, ["vision"]),
      part("vision", { readyAfterMs: 200 }, {}, ["gateway"]),
      part("gateway", { readyAfterMs: 200 }),
    ]);
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    await w.supervisor.stop();
    const order = w.changes
      .filter(({ to }) => ["starting", "running", "stopping", "stopped"].includes(to))
      .map(({ part: name, to }) => `${name} ${to}`);
    assert.deepEqual(order, [
      "gateway starting",
      "gateway running",
      "vision starting",
      "vision running",
      "page starting",
      "page running",
      "page stopping",
      "page stopped",
      "vision stopping",
      "vision stopped",
      "gateway stopping",
      "gateway stopped",
    ]);
  });

  it("A8: waits for a condition outside, and starts anyway after the bound", async () => {
    let linked = false;
    const w = supervise(
      [part("mind", {}, {}, ["robot"]), part("voice", {}, { needsMsMax: 400 }, ["camera"])],
      { robot: () => linked, camera: () => false },
    );
    const anyway = await w.change("voice", "starting");
    assert.match(anyway.why, /camera not ready after 0\.4 s, starting anyway/);
    assert.equal(w.view("mind").phase, "waiting");
    linked = true;
    assert.ok(await w.supervisor.waitUntilReady(60_000));
  });

  it("A8: a part made of another's doors waits for them however long, and its restarts are not spent", async () => {
    let isGatewayAllowed = false;
    const options: PartSpec["options"] = ({ doorsOf }) => {
      if (doorsOf("gateway") === undefined) throw new Error("no door yet");
      return {};
    };
    const w = supervise(
      [
        part("gateway", {}, {}, ["permission"]),
        { ...part("robot", {}, { needsMsMax: 100, restartsMax: 0 }, ["gateway"]), options },
      ],
      { permission: () => isGatewayAllowed },
    );
    await until("the robot to be refused", 30_000, () =>
      w.changes.some(({ why }) => why === "cannot start without gateway"),
    );
    assert.equal(w.view("robot").phase, "waiting");
    isGatewayAllowed = true;
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    assert.deepEqual(w.alerts, []);
  });

  it("crashes on an unhandled rejection, with its reason in the line", async () => {
    const w = supervise([part("bad", { exitAfterMs: 10, exit: "reject" }, { restartsMax: 0 })]);
    const change = await w.change("bad", "givenUp");
    assert.match(change.why, /unhandled rejection: Error: told to reject/);
  });

  it("C3: a clean exit is never restarted", async () => {
    const w = supervise([part("job", { exitAfterMs: 10, exit: "clean" }), part("other")]);
    await w.change("job", "ended");
    await w.supervisor.waitUntilReady(30_000, ["other"]);
    assert.equal(w.view("job").phase, "ended");
    assert.equal(w.view("job").generation, 1);
    assert.equal(w.alerts.length, 0);
  });

  it("A10: SIGSTOP is known as hung, by all parts; SIGCONT makes it green without a restart", async (t) => {
    const w = supervise([part("vision"), part("gateway")]);
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    const pid = w.pid("vision");
    const hung = w.change("vision", "hung");
    process.kill(pid, "SIGSTOP");
    const noticedMs = await msUntil("hung", 10_000, () => w.view("vision").phase === "hung");
    assert.match((await hung).why, /while its process is there/);
    assert.ok(isAlive(pid));
    assert.equal(w.supervisor.liveness.of("vision"), "red");
    w.supervisor.send("gateway", { type: "echo" });
    await until("gateway answers", 5000, () => w.messages.length > 0);
    assert.deepEqual(w.messages[0]?.message["peers"], { vision: "red", gateway: "green" });
    process.kill(pid, "SIGCONT");
    await until("green", 10_000, () => w.supervisor.liveness.of("vision") === "green");
    assert.equal(w.pid("vision"), pid);
    t.diagnostic(`hung noticed after ${Math.round(noticedMs)} ms`);
  });

  it("A10: a part that stays hung is killed and restarted", async () => {
    const w = supervise([part("vision", {}, { silence: { quietMsMax: 2000, cpuMsMax: 2000 } })]);
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    const pid = w.pid("vision");
    process.kill(pid, "SIGSTOP");
    const backoff = await w.change("vision", "backoff");
    assert.match(backoff.why, /no beat for .* s, hung/);
    await w.change("vision", "running");
    assert.ok(!isAlive(pid));
    assert.notEqual(w.pid("vision"), pid);
  });

  it("A8: a start that works is waited for; one that does nothing is killed, and says what it said last", async () => {
    const start = { quietMsMax: 1000, cpuMsMax: 60_000 };
    const w = supervise([
      part("voice", { busyMs: 4000 }, { start }),
      part("vision", { readyAfterMs: -1, progress: "half of it is loaded" }, { start }),
    ]);
    const stuck = w.change("vision", "stopping", 60_000);
    await until("its words", 60_000, () => w.view("vision").why === "half of it is loaded");
    assert.match((await stuck).why, /neither a word nor work for 1.0 s/);
    await until("voice to be ready", 60_000, () => w.view("voice").ready);
    assert.equal(w.view("voice").generation, 1);
  });

  it("C3: what was given up on an overloaded machine is tried again when that is over", async () => {
    const load = { isLoaded: true, isCalm: false };
    const crash = part("vision", { exitAfterMs: 0, exit: "crash" }, { restartsMax: 0 });
    const w = supervise([crash], {}, load);
    await w.change("vision", "givenUp", 60_000);
    assert.match(w.view("vision").next, /overloaded/);
    Object.assign(load, { isLoaded: false, isCalm: true });
    await until("a second end", 60_000, () => {
      const { generation, phase } = w.view("vision");
      return generation === 2 && phase === "givenUp";
    });
    assert.doesNotMatch(w.view("vision").next, /overloaded/, "this time it is its own fault");
  });

  it("A10: SIGKILL is known as dead at once, and told apart from hung", async (t) => {
    const w = supervise([part("vision", {}, { firstRetryMs: 500 })]);
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    process.kill(w.pid("vision"), "SIGKILL");
    const noticedMs = await msUntil(
      "dead",
      5000,
      () => w.supervisor.liveness.of("vision") === "dead",
    );
    const last = w.changes.at(-1);
    assert.equal(last?.from, "running");
    assert.match(last?.why ?? "", /killed by SIGKILL/);
    await until("green again", 30_000, () => w.supervisor.liveness.of("vision") === "green");
    t.diagnostic(`death noticed after ${Math.round(noticedMs)} ms`);
  });

  it("C3: a stuck stop is killed after its bound", async () => {
    const w = supervise([part("vision", { stuckStop: true }, { stopMsMax: 1000 })]);
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    const pid = w.pid("vision");
    const report = await w.supervisor.stop();
    assert.ok(!isAlive(pid));
    assert.deepEqual(report, { killed: [], left: [] });
    assert.ok(w.changes.some(({ why }) => why.includes("still there after 1.0 s")));
  });

  it("stops a hung part at once instead of waiting for it", async () => {
    const w = supervise([part("vision")]);
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    const pid = w.pid("vision");
    process.kill(pid, "SIGSTOP");
    await w.change("vision", "hung");
    await w.supervisor.stop();
    assert.ok(!isAlive(pid));
    assert.ok(w.changes.some(({ why }) => why.includes("and it is hung")));
  });

  it("bounds the whole stop, and says who was killed for it", async () => {
    const w = new Watched([part("vision", { stuckStop: true })]);
    const bounded = new Watched([]);
    assert.deepEqual(await bounded.supervisor.stop(), { killed: [], left: [] });
    w.supervisor.start();
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    const stopped = w.supervisor.stop("bye", 500);
    assert.deepEqual(await stopped, { killed: ["vision"], left: [] });
  });

  it("C3: the memory cap restarts a part, and says how much it had", async () => {
    const w = supervise([part("vision", { ballastMiB: 150 }, { memoryBytesMax: 150 * 1_048_576 })]);
    const backoff = await w.change("vision", "backoff", 60_000);
    assert.match(backoff.why, /MiB of memory, allowed 150 MiB/);
  });

  it("a restart by a person opens the next generation and keeps the budget whole", async () => {
    const w = supervise([part("vision")]);
    assert.ok(await w.supervisor.waitUntilReady(60_000));
    const running = w.change("vision", "running");
    w.supervisor.restart("vision");
    await running;
    assert.equal(w.view("vision").generation, 2);
    assert.equal(w.view("vision").restarts, 0);
  });

  it("sweeps what a killed part leaves behind", async () => {
    const w = supervise([part("simulator", { grandchild: true })]);
    await until(
      "grandchild",
      60_000,
      () => typeof w.view("simulator").status["grandchild"] === "number",
    );
    const grandchild = w.view("simulator").status["grandchild"] as number;
    assert.ok(isAlive(grandchild));
    process.kill(w.pid("simulator"), "SIGKILL");
    await until("grandchild gone", 5000, () => !isAlive(grandchild));
  });

  it("a command that does not exist is a failed start, not a crash of the companion", async () => {
    const missing = {
      ...part("voice"),
      command: { file: "/nonexistent/voice", args: [], env: {} },
    };
    const w = supervise([{ ...missing, policy: { restartsMax: 1, firstRetryMs: 10 } }]);
    await until("given up", 20_000, () => w.view("voice").phase === "givenUp");
    assert.match(w.alerts[0]?.why ?? "", /could not be started: .*ENOENT/);
  });

  it("options it does not accept are told in plain words and not tried again", async () => {
    const w = supervise([part("vision", { prot: 1 })]);
    const change = await w.change("vision", "givenUp", 60_000);
    assert.match(change.why, /bad options: .*Unrecognized key: "prot"/);
    assert.equal(w.view("vision").generation, 1);
  });

  it("refuses needs in a circle and needs that nobody offers", () => {
    assert.throws(
      () => new Watched([part("a", {}, {}, ["b"]), part("b", {}, {}, ["a"])]),
      /parts need each other: a > b > a/,
    );
    assert.throws(() => new Watched([part("a", {}, {}, ["x"])]), /a needs unknown x/);
    assert.throws(() => new Watched([part("a"), part("a")]), /two parts named a/);
  });
});
