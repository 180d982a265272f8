/** The breaker around real calls: what it lets through, what it counts, what it tells. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CircuitBreaker } from "../../../src/resilience/breaker.js";
import { ResilienceError } from "../../../src/resilience/errors.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const down = () => Promise.reject(Object.assign(new Error("down"), { code: "ECONNREFUSED" }));

async function openBreaker(clock: FakeClock): Promise<CircuitBreaker> {
  const breaker = new CircuitBreaker("ollama", { clock });
  for (let i = 0; i < 5; i++) await assert.rejects(breaker.execute(down), /down/);
  assert.equal(breaker.view().state, "open");
  return breaker;
}

describe("circuit breaker", () => {
  it("E1: open, it does not call, says why, and when to come again", async () => {
    const clock = new FakeClock();
    const breaker = await openBreaker(clock);
    await clock.advance(10_000);
    let calls = 0;
    const error = await breaker.execute(() => (calls += 1)).catch((caught: unknown) => caught);
    assert.ok(error instanceof ResilienceError);
    assert.equal(error.code, "RESILIENCE_OPEN");
    assert.equal(error.details.retryAfterMs, 20_000);
    assert.equal(error.message, "ollama: not called, it is open; last error: down");
    assert.equal(calls, 0);
    breaker.close();
  });

  it("E1: tells of half-open after 30 s without a call, by its timer", async () => {
    const clock = new FakeClock();
    const breaker = new CircuitBreaker("ollama", { clock });
    const seen: string[] = [];
    breaker.onChange(({ from, to }, view) => seen.push(`${from} ${to} ${view.state}`));
    for (let i = 0; i < 5; i++) await assert.rejects(breaker.execute(down));
    await clock.advance(29_999);
    assert.deepEqual(seen, ["closed open open"]);
    await clock.advance(1);
    assert.deepEqual(seen, ["closed open open", "open halfOpen halfOpen"]);
  });

  it("closed for good, calls go through and their ends count for nothing: everything is stopping", async () => {
    const clock = new FakeClock();
    const breaker = new CircuitBreaker("ollama", { clock });
    const seen: string[] = [];
    await assert.rejects(breaker.execute(down));
    breaker.close();
    breaker.onChange(({ to }) => seen.push(to));
    for (let i = 0; i < 5; i++) await assert.rejects(breaker.execute(down));
    assert.equal(await breaker.execute(() => 7), 7);
    await clock.advance(60_000);
    assert.deepEqual(seen, []);
    const { state, failuresInRow, counts } = breaker.view();
    assert.deepEqual([state, failuresInRow, counts.failures], ["closed", 1, 1]);
  });

  it("E1: of 20 callers at once in half-open three are let through, the rest is refused at once", async () => {
    const clock = new FakeClock();
    const breaker = await openBreaker(clock);
    await clock.advance(30_000);
    let underWay = 0;
    let most = 0;
    const slow = async (): Promise<string> => {
      most = Math.max(most, ++underWay);
      await clock.sleep(100);
      underWay -= 1;
      return "ok";
    };
    const all = Promise.allSettled(Array.from({ length: 20 }, () => breaker.execute(slow)));
    await clock.advance(100);
    const results = await all;
    assert.equal(most, 3);
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 3);
    assert.equal(breaker.view().state, "closed");
    assert.deepEqual(breaker.view().counts, {
      calls: 8,
      successes: 3,
      failures: 5,
      rejected: 17,
      cancelled: 0,
      late: 1,
      opened: 1,
    });
  });

  it("a cancelled call and a bug of ours say nothing about the backend", async () => {
    const breaker = new CircuitBreaker("ollama", { clock: new FakeClock() });
    for (let i = 0; i < 10; i++) {
      await assert.rejects(breaker.execute(() => Promise.reject(new TypeError("ours"))));
      await assert.rejects(
        breaker.execute(() => Promise.reject(new DOMException("stop", "AbortError"))),
      );
    }
    assert.equal(breaker.view().state, "closed");
    assert.equal(breaker.view().counts.cancelled, 20);
  });

  it("E1: isolate and reset by hand", async () => {
    const breaker = new CircuitBreaker("ollama", { clock: new FakeClock() });
    breaker.isolate("maintenance");
    await assert.rejects(
      breaker.execute(() => 1),
      /a person has isolated it/,
    );
    breaker.reset();
    assert.equal(await breaker.execute(() => 1), 1);
    assert.deepEqual(
      breaker.view().transitions.map(({ reason }) => reason),
      ["maintenance", "reset by a person"],
    );
  });

  it("E1: its memory goes to another process and on from there", async () => {
    const clock = new FakeClock();
    const first = await openBreaker(clock);
    await clock.advance(10_000);
    const saved = JSON.parse(JSON.stringify(first.save())) as unknown;
    first.close();
    const second = new CircuitBreaker("ollama", { clock });
    assert.equal(second.restore(saved), undefined);
    assert.equal(second.view().counts.failures, 5);
    assert.equal(second.view().retryInMs, 20_000);
    await clock.advance(20_000);
    assert.equal(second.view().state, "halfOpen");
    assert.match(second.restore({ version: 9 }) ?? "", /version/);
    assert.equal(second.view().state, "halfOpen", "a damaged memory changes nothing");
  });

  it("refuses rules that can never close", () => {
    const clock = new FakeClock();
    const make = (rules: object) => () => new CircuitBreaker("x", { clock, rules });
    assert.throws(make({ trialsMax: 1 }), /1 trials can never give 2 successes/);
    assert.throws(make({ openMs: 0 }), /openMs must be at least 1, got 0/);
    assert.throws(make({ failuresMax: Number.NaN }), RangeError);
  });
});
