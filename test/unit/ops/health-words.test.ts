/** Every state of breaker, process and heartbeat has a level, a sentence and, unless all is well, a next step. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  breakerFinding,
  processFinding,
  sightFinding,
  wait,
} from "../../../src/ops/health-words.js";
import type { Finding } from "../../../src/state/health.js";
import { PROCESS_LEVELS } from "../../../src/state/process-levels.js";
import { CircuitBreaker, type BreakerView } from "../../../src/resilience/breaker.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const base: BreakerView = new CircuitBreaker("ollama", { clock: new FakeClock() }).view();
const remedy = "Start it with `ollama serve`.";

function assertWords(finding: Finding): void {
  assert.match(finding.text, /^[A-Z0-9].*[.!?]$/s);
  assert.doesNotMatch(finding.text, /undefined|\[object|\.\.$/);
  if (finding.level !== "ok") assert.match(finding.next, /^[A-Z].*[.!?]$/s);
}

describe("words for a breaker", () => {
  const cases: [string, Partial<BreakerView>, Finding["level"], RegExp][] = [
    ["closed", {}, "ok", /^It answers\.$/],
    [
      "closed with failures",
      { failuresInRow: 2, lastError: "timeout" },
      "warn",
      /^2 calls in a row failed: timeout\.$/,
    ],
    [
      "open",
      { state: "open", retryInMs: 11_200, lastError: "timeout" },
      "bad",
      /left alone.*timeout/,
    ],
    ["half-open", { state: "halfOpen" }, "busy", /tried again/],
    ["isolated", { state: "isolated" }, "off", /person has switched it off/],
  ];
  for (const [name, facts, level, text] of cases) {
    it(`E3: ${name}: ${level}`, () => {
      const finding = breakerFinding({ ...base, ...facts }, remedy);
      assert.equal(finding.level, level);
      assert.match(finding.text, text);
      assertWords(finding);
    });
  }

  it("E3: open says when it is tried again and what a person can do", () => {
    const finding = breakerFinding({ ...base, state: "open", retryInMs: 11_200 }, remedy);
    assert.equal(
      finding.next,
      "It is tried again by itself in 12 s. Start it with `ollama serve`.",
    );
    assert.equal(finding.nextAttemptInMs, 11_200);
  });
});

describe("words for a process", () => {
  for (const phase of Object.keys(PROCESS_LEVELS) as (keyof typeof PROCESS_LEVELS)[]) {
    const level = PROCESS_LEVELS[phase];
    it(`E3: ${phase}: ${level}, as the page shows it`, () => {
      const facts = { phase, why: "killed by SIGKILL", next: "restart 1 of 5 in 30 s" };
      const finding = processFinding({ ...facts, restarts: 0, restartsMax: 5 });
      assert.equal(finding.level, level);
      assertWords(finding);
    });
  }

  it("A10: a process that runs again is well again, until it nears the end of its tries", () => {
    const facts = { phase: "running", why: "ready", next: "watched", restartsMax: 5 } as const;
    const once = processFinding({ ...facts, restarts: 1 });
    assert.equal(once.level, "ok");
    assert.match(once.text, /It runs again\. Restarts in 10 minutes: 1/);
    const finding = processFinding({ ...facts, restarts: 3 });
    assert.equal(finding.level, "warn");
    assert.match(finding.text, /Restarts in 10 minutes: 3/);
  });
});

describe("words for heartbeats", () => {
  const sights = { unknown: "busy", green: "ok", yellow: "warn", red: "bad", dead: "bad" } as const;
  for (const [sight, level] of Object.entries(sights) as [
    keyof typeof sights,
    Finding["level"],
  ][]) {
    it(`A10: ${sight}: ${level}`, () => {
      const finding = sightFinding(sight, "no beat for 1600 ms");
      assert.equal(finding.level, level);
      assertWords(finding);
    });
  }

  it("A10: hung and dead are different words", () => {
    assert.match(sightFinding("red", "no beat").text, /hangs/);
    assert.match(sightFinding("dead", "killed").text, /gone/);
  });
});

describe("waits for people", () => {
  const cases: [number, string][] = [
    [0, "a moment"],
    [999, "a moment"],
    [11_001, "12 s"],
    [119_000, "119 s"],
    [300_000, "5 min"],
  ];
  for (const [ms, text] of cases) it(`${ms} ms: ${text}`, () => assert.equal(wait(ms), text));
});
