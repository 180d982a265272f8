/**
 * E3. Properties: every backend is checked every 10 s and soon after a poke; a change of level is told once, with why
 * and what next; a check that hangs or throws is a finding; nothing is told after a stop.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  changeLine,
  HealthMonitor,
  NO_HEALTH,
  notReadyReasons,
  overall,
  stepHealth,
  type Checked,
  type Health,
} from "../../../src/ops/health.js";
import type { Finding } from "../../../src/state/health.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const ok: Finding = { level: "ok", text: "It answers.", next: "" };
const bad: Finding = {
  level: "bad",
  text: "It does not answer.",
  next: "Start it.",
  lastError: "ECONNREFUSED",
  nextAttemptInMs: 30_000,
};

const checked = (id: string, finding: Finding, isNeeded = false): Checked => ({
  id,
  title: id.toUpperCase(),
  isNeeded,
  finding,
});

/** Plays rounds of findings, a second apart. */
function play(rounds: readonly (readonly Checked[])[]): Health {
  return rounds.reduce<Health>(
    (health, round, i) => stepHealth(health, round, i * 1000).health,
    NO_HEALTH,
  );
}

describe("health core", () => {
  it("E3: says how it is, since when, the last error and the next attempt", () => {
    const { backends } = play([
      [checked("ollama", ok)],
      [checked("ollama", bad)],
      [checked("ollama", bad)],
    ]);
    assert.deepEqual(backends, [
      {
        id: "ollama",
        title: "OLLAMA",
        isNeeded: false,
        level: "bad",
        text: "It does not answer.",
        next: "Start it.",
        sinceWallMs: 1000,
        checkedWallMs: 2000,
        lastError: { text: "ECONNREFUSED", wallMs: 1000 },
        nextAttemptWallMs: 32_000,
      },
    ]);
  });

  it("E3: a change of level is told once, with where it came from", () => {
    const { changes } = play([
      [checked("a", ok)],
      [checked("a", bad)],
      [checked("a", bad)],
      [checked("a", ok)],
    ]);
    assert.deepEqual(
      changes.map(({ wallMs, from, to }) => [wallMs, from, to]),
      [
        [0, undefined, "ok"],
        [1000, "ok", "bad"],
        [3000, "bad", "ok"],
      ],
    );
    const line = changes[1] && changeLine(changes[1]);
    assert.equal(line, "A: ok -> bad, because: It does not answer.; next: Start it.");
  });

  it("keeps the last error after recovery, and takes a new one", () => {
    const other = { ...bad, lastError: "ETIMEDOUT" };
    const back = play([[checked("a", bad)], [checked("a", ok)]]);
    assert.deepEqual(back.backends[0]?.lastError, { text: "ECONNREFUSED", wallMs: 0 });
    const next = play([[checked("a", bad)], [checked("a", ok)], [checked("a", other)]]);
    assert.deepEqual(next.backends[0]?.lastError, { text: "ETIMEDOUT", wallMs: 2000 });
  });

  it("what is not checked now stays as it is", () => {
    const { backends } = play([[checked("a", ok), checked("b", bad)], [checked("a", ok)]]);
    assert.deepEqual(
      backends.map(({ id, level, checkedWallMs }) => [id, level, checkedWallMs]),
      [
        ["a", "ok", 1000],
        ["b", "bad", 0],
      ],
    );
  });

  it("keeps the last 100 changes and cuts long texts", () => {
    const flapping = Array.from({ length: 300 }, (_, i) => [checked("a", i % 2 ? ok : bad)]);
    assert.equal(play(flapping).changes.length, 100);
    const long = play([[checked("a", { ...bad, text: "x".repeat(10_000) })]]);
    assert.equal(long.backends[0]?.text.length, 500);
  });

  const finding = (level: Finding["level"]): Finding => ({ ...ok, level, text: `${level}.` });
  const cases: [string, Finding["level"][], string, string][] = [
    ["nothing checked", [], "busy", "Nothing has been checked yet."],
    ["all well", ["ok", "off"], "ok", "Everything works."],
    ["one starts", ["ok", "busy"], "busy", "B1: busy."],
    ["the worst wins and is named", ["ok", "bad", "warn", "bad"], "bad", "B1: bad. B3: bad."],
  ];
  for (const [name, levels, level, text] of cases) {
    it(`overall: ${name}: ${level}`, () => {
      const health = play([levels.map((one, i) => checked(`b${i}`, finding(one)))]);
      assert.deepEqual(overall(health), { level, text });
    });
  }

  it("readiness: only what is needed counts, and worse is still ready", () => {
    const health = play([
      [
        checked("gateway", bad, true),
        checked("vision", { ...ok, level: "busy", text: "It is starting." }, true),
        checked("camera", { ...ok, level: "warn" }, true),
        checked("ollama", bad),
      ],
    ]);
    assert.deepEqual(notReadyReasons(health), [
      "GATEWAY: It does not answer. Start it.",
      "VISION: It is starting.",
    ]);
  });
});

describe("health monitor", () => {
  function setUp(check: (signal: AbortSignal) => Finding | Promise<Finding>) {
    const clock = new FakeClock();
    let checks = 0;
    const monitor = new HealthMonitor(clock, [
      {
        id: "a",
        title: "A",
        check: (signal) => {
          checks += 1;
          return check(signal);
        },
      },
    ]);
    const seen: string[] = [];
    monitor.onHealthChange((change) => seen.push(`${change.from} ${change.to}`));
    return { clock, monitor, seen, count: () => checks };
  }

  it("E3: checks at its start and every 10 s", async () => {
    const { clock, monitor, count } = setUp(() => ok);
    monitor.start();
    monitor.start();
    await clock.advance(0);
    assert.equal(count(), 1);
    await clock.advance(30_000);
    assert.equal(count(), 4);
    monitor.stop();
    await clock.advance(30_000);
    assert.equal(count(), 4);
  });

  it("E3: checks within 100 ms of a change, a burst of changes once", async () => {
    let now = ok;
    const { clock, monitor, seen, count } = setUp(() => now);
    monitor.start();
    await clock.advance(1000);
    now = bad;
    for (let i = 0; i < 50; i++) monitor.poke("a");
    await clock.advance(100);
    assert.deepEqual(seen, ["undefined ok", "ok bad"]);
    assert.equal(count(), 2);
    monitor.stop();
  });

  it("a check that never ends is aborted and is itself the finding; rounds do not pile up", async () => {
    let aborted = 0;
    const { clock, monitor, count } = setUp((signal) => {
      signal.addEventListener("abort", () => (aborted += 1));
      return new Promise(() => undefined);
    });
    monitor.start();
    await clock.advance(5000);
    assert.equal(aborted, 1);
    assert.match(
      monitor.view().backends[0]?.text ?? "",
      /could not be checked: .*no answer in 5000 ms/,
    );
    await clock.advance(60_000);
    assert.equal(count(), 7);
    monitor.stop();
  });

  it("a change that comes while a check is under way is checked again", async () => {
    let release: (finding: Finding) => void = () => undefined;
    const { clock, monitor, seen, count } = setUp(
      () => new Promise((resolve) => (release = resolve)),
    );
    monitor.start();
    await clock.advance(1000);
    monitor.poke("a");
    await clock.advance(100);
    assert.equal(count(), 1);
    release(ok);
    await clock.advance(100);
    assert.equal(count(), 2);
    release(bad);
    await clock.advance(0);
    assert.deepEqual(seen, ["undefined ok", "ok bad"]);
    monitor.stop();
  });

  it("a check that throws is a finding", async () => {
    const { clock, monitor } = setUp(() => {
      throw new Error("boom");
    });
    monitor.start();
    await clock.advance(0);
    assert.equal(monitor.view().backends[0]?.level, "bad");
    assert.equal(monitor.view().backends[0]?.lastError?.text, "boom");
    monitor.stop();
  });

  it("a round of thirty checks is no leak: Node warns of nothing", async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", onWarning);
    const clock = new FakeClock();
    const monitor = new HealthMonitor(clock, []);
    for (let i = 0; i < 30; i++) {
      monitor.add({ id: `${i}`, title: `${i}`, check: () => new Promise(() => undefined) });
    }
    monitor.start();
    await clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
    monitor.stop();
    process.off("warning", onWarning);
    assert.deepEqual(warnings, []);
  });

  it("E3: a stop cancels what is being asked, and nothing is told after it", async () => {
    let release: (finding: Finding) => void = () => undefined;
    let asked: AbortSignal | undefined;
    const { clock, monitor, seen } = setUp((signal) => {
      asked = signal;
      return new Promise((resolve) => (release = resolve));
    });
    monitor.start();
    await clock.advance(0);
    assert.equal(asked?.aborted, false);
    monitor.stop();
    assert.equal(asked?.aborted, true);
    release(bad);
    await clock.advance(60_000);
    assert.deepEqual(seen, []);
  });
});
