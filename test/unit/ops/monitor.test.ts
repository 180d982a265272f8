/** C5: the monitor looks every 5 min, tells, and has no means to act. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judge, Monitor, type AlertSink, type Sample } from "../../../src/ops/monitor.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const HOUR_MS = 3_600_000;
const well: Sample = {
  readiness: { kind: "ready" },
  diskFreeBytes: 10e9,
  diskFreeShare: 0.5,
  backupAgeMs: HOUR_MS,
  logTrouble: undefined,
};
const unreachable = { kind: "unreachable", why: "connect ECONNREFUSED" } as const;
const notReady = { kind: "notReady", reasons: ["Robot: it is away."] } as const;

describe("monitor's judgement", () => {
  const cases: [string, Partial<Sample>, number, string[]][] = [
    ["all well", {}, 0, []],
    ["not ready once: perhaps a restart", { readiness: notReady }, 1, []],
    ["not ready twice", { readiness: notReady }, 2, ["readiness warning"]],
    ["unreachable once", { readiness: unreachable }, 1, []],
    ["unreachable twice", { readiness: unreachable }, 2, ["readiness critical"]],
    ["little room", { diskFreeBytes: 150e6 }, 0, ["disk warning"]],
    ["hardly any room", { diskFreeBytes: 40e6 }, 0, ["disk critical"]],
    ["a small share of a large disk", { diskFreeShare: 0.02 }, 0, ["disk warning"]],
    ["disk unknown: no verdict", { diskFreeBytes: undefined }, 0, []],
    ["nobody makes backups here", { backupAgeMs: "unwatched" }, 0, []],
    ["no backup", { backupAgeMs: undefined }, 0, ["backup warning"]],
    ["backup of yesterday", { backupAgeMs: 30 * HOUR_MS }, 0, []],
    ["backup of two days ago", { backupAgeMs: 48 * HOUR_MS }, 0, ["backup warning"]],
    ["log lines lost", { logTrouble: "ENOSPC" }, 0, ["log warning"]],
  ];
  for (const [name, facts, looks, expected] of cases) {
    it(`C5: ${name}: ${expected.join(", ") || "no alert"}`, () => {
      const bad = judge({ ...well, ...facts }, looks).flatMap((verdict) =>
        verdict.kind === "bad" ? [verdict.facts] : [],
      );
      assert.deepEqual(
        bad.map(({ key, severity }) => `${key} ${severity}`),
        expected,
      );
      for (const { text, next } of bad) assert.ok(text.length > 10 && next.length > 5);
    });
  }
});

describe("monitor", () => {
  function setUp(sample: (signal: AbortSignal) => Promise<Sample>) {
    const clock = new FakeClock();
    const told: string[] = [];
    const active = new Set<string>();
    const sink: AlertSink = {
      raise({ key, severity }) {
        if (!active.has(key)) told.push(`${key} ${severity}`);
        active.add(key);
      },
      clear(key) {
        if (active.delete(key)) told.push(`${key} cleared`);
      },
    };
    return { clock, told, monitor: new Monitor(clock, sample, sink) };
  }

  it("C5: looks at its start and every 5 min, and stops", async () => {
    let looks = 0;
    const { clock, monitor } = setUp(() => {
      looks += 1;
      return Promise.resolve(well);
    });
    monitor.start();
    monitor.start();
    await clock.advance(HOUR_MS);
    assert.equal(looks, 13);
    monitor.stop();
    await clock.advance(HOUR_MS);
    assert.equal(looks, 13);
  });

  it("C5: tells of a companion that does not answer at the second look, and of its return", async () => {
    let now: Sample = { ...well, readiness: unreachable };
    const { clock, told, monitor } = setUp(() => Promise.resolve(now));
    monitor.start();
    await clock.advance(0);
    assert.deepEqual(told, []);
    await clock.advance(300_000);
    assert.deepEqual(told, ["readiness critical"]);
    now = well;
    await clock.advance(300_000);
    assert.deepEqual(told, ["readiness critical", "readiness cleared"]);
    monitor.stop();
  });

  it("a look that fails or hangs is told, ends in time, and the next one sees again", async () => {
    let mode: "hang" | "throw" | "well" = "hang";
    let aborted = 0;
    const { clock, told, monitor } = setUp((signal) => {
      signal.addEventListener("abort", () => (aborted += 1));
      if (mode === "throw") throw new Error("boom");
      return mode === "hang" ? new Promise(() => undefined) : Promise.resolve(well);
    });
    monitor.start();
    await clock.advance(20_000);
    assert.equal(aborted, 1);
    assert.deepEqual(told, ["monitor warning"]);
    mode = "throw";
    await clock.advance(300_000);
    mode = "well";
    await clock.advance(300_000);
    assert.deepEqual(told, ["monitor warning", "monitor cleared"]);
    monitor.stop();
  });
});
