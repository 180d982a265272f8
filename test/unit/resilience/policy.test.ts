/**
 * The composed policy. Properties: each attempt counts at the breaker; the deadline frees the caller and aborts the
 * operation; what returned is not aborted; a full bulkhead does not speak against the backend; a fallback covers
 * failures and never a cancel or a bug; everything is counted.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isResilienceError } from "../../../src/resilience/errors.js";
import type { PolicyOptions } from "../../../src/resilience/policy.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const refused = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

function setUp(options: Partial<PolicyOptions> = {}) {
  const clock = new FakeClock();
  const resilience = new Resilience({ clock, chance: { next: () => 0.5 } });
  const breaker = resilience.breaker("ollama");
  const policy = resilience.policy({
    operation: "chat",
    attemptMs: 1000,
    retry: "model",
    breaker,
    ...options,
  });
  return { clock, resilience, breaker, policy };
}

/** An operation that never answers and notes when it is aborted. */
function hanging() {
  const aborted: unknown[] = [];
  const op = ({ signal }: { signal: AbortSignal }): Promise<never> => {
    signal.addEventListener("abort", () => aborted.push(signal.reason));
    return new Promise(() => undefined);
  };
  return { op, aborted };
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => error);

describe("policy", () => {
  it("passes a result through, with the attempt's number", async () => {
    const { policy } = setUp();
    assert.equal(await policy.run(({ attempt }) => `answer ${attempt}`), "answer 0");
    assert.equal(policy.view().successes, 1);
  });

  it("E2: retries a transient failure after its wait and counts it", async () => {
    const { clock, policy } = setUp();
    const attempts: number[] = [];
    const result = policy.run(({ attempt }) => {
      attempts.push(clock.nowMs());
      if (attempt === 0) throw refused();
      return "ok";
    });
    await clock.advance(600);
    assert.equal(await result, "ok");
    assert.deepEqual(attempts, [0, 500]);
    const { calls, attempts: made, retries, retryWaitMs, successes, failures } = policy.view();
    assert.deepEqual(
      [calls, made, retries, retryWaitMs, successes, failures],
      [1, 2, 1, 500, 1, 0],
    );
  });

  it("A3: a call that never returns is aborted, and the caller is free at the deadline", async () => {
    const { clock, policy, breaker } = setUp({ retry: "never" });
    const { op, aborted } = hanging();
    const error = caught(policy.run(op));
    await clock.advance(999);
    assert.equal(aborted.length, 0);
    await clock.advance(1);
    assert.ok(isResilienceError(await error, "RESILIENCE_DEADLINE"));
    assert.equal(aborted.length, 1);
    assert.equal(policy.view().deadlines, 1);
    assert.equal(breaker.view().counts.failures, 1, "a time-out speaks against the backend");
  });

  it("A3: the whole deadline bounds all attempts and waits together", async () => {
    const { clock, policy } = setUp({ retry: "link", totalMs: 1500 });
    const { op, aborted } = hanging();
    const startMs = clock.nowMs();
    const error = caught(policy.run(op)).then((value) => [clock.nowMs() - startMs, value] as const);
    await clock.advance(10_000);
    const [tookMs, value] = await error;
    assert.equal(tookMs, 1500);
    assert.ok(isResilienceError(value, "RESILIENCE_DEADLINE"));
    assert.equal(aborted.length, 2, "the second attempt was aborted in the middle");
    assert.equal(policy.view().inFlight, 0);
  });

  it("A3: a signal asked for only after the deadline is aborted already", async () => {
    const { clock, policy } = setUp({ retry: "never" });
    let late: AbortSignal | undefined;
    const error = caught(
      policy.run(async (call) => {
        await clock.sleep(2000);
        late = call.signal;
      }),
    );
    await clock.advance(3000);
    assert.ok(isResilienceError(await error, "RESILIENCE_DEADLINE"));
    assert.equal(late?.aborted, true);
  });

  it("what has returned is not aborted: a stream lives on", async () => {
    const { clock, policy } = setUp({ totalMs: 5000 });
    const signal = await policy.run((call) => call.signal);
    await clock.advance(60_000);
    assert.equal(signal.aborted, false);
  });

  it("the caller's abort ends the call at once, aborts the operation, and is no failure", async () => {
    const { policy, breaker } = setUp();
    const { op, aborted } = hanging();
    const caller = new AbortController();
    const error = caught(policy.run(op, caller.signal, () => assert.fail("no fallback")));
    caller.abort(new Error("the user said stop"));
    assert.ok(isResilienceError(await error, "RESILIENCE_CANCELLED"));
    assert.equal(aborted.length, 1);
    assert.equal(policy.view().cancelled, 1);
    assert.equal(breaker.view().counts.failures, 0);
  });

  it("the caller's abort ends a wait between attempts", async () => {
    const { clock, policy } = setUp();
    const caller = new AbortController();
    const error = caught(policy.run(() => Promise.reject(refused()), caller.signal));
    await clock.advance(100);
    caller.abort();
    assert.ok(isResilienceError(await error, "RESILIENCE_CANCELLED"));
  });

  it("an aborted signal makes no call", async () => {
    const { policy } = setUp();
    let calls = 0;
    const error = await caught(policy.run(() => (calls += 1), AbortSignal.abort()));
    assert.ok(isResilienceError(error, "RESILIENCE_CANCELLED"));
    assert.equal(calls, 0);
  });

  it("E1: every attempt counts at the breaker, and an open breaker ends the retries", async () => {
    const { clock, policy, breaker } = setUp({ retry: "link" });
    let calls = 0;
    const down = (): Promise<never> => {
      calls += 1;
      return Promise.reject(refused());
    };
    const first = caught(policy.run(down));
    await clock.advance(10_000);
    assert.match(String(await first), /refused/);
    assert.equal(breaker.view().state, "open");
    const second = await caught(policy.run(down));
    assert.ok(isResilienceError(second, "RESILIENCE_OPEN"));
    assert.equal(calls, 5);
    assert.equal(policy.view().refusedOpen, 1);
    breaker.close();
  });

  it("a fallback answers for a failure, and is counted", async () => {
    const { policy } = setUp({ retry: "never" });
    const answer = await policy.run(
      () => Promise.reject(refused()),
      undefined,
      (error) => `canned, because ${(error as Error).message}`,
    );
    assert.equal(answer, "canned, because refused");
    assert.equal(policy.view().fallbacks, 1);
    assert.equal(policy.view().failures, 1);
    assert.equal(policy.view().lastError, "refused");
  });

  it("a fallback does not hide a bug, and a bug is not retried", async () => {
    const { policy } = setUp();
    let calls = 0;
    const op = (): string => {
      calls += 1;
      throw new TypeError("x is undefined");
    };
    await assert.rejects(
      policy.run(op, undefined, () => "canned"),
      /x is undefined/,
    );
    assert.equal(calls, 1);
  });

  it("a full bulkhead refuses at once and says nothing about the backend", async () => {
    const { clock, policy, breaker } = setUp({
      retry: "never",
      bulkhead: { slots: 1, queueMax: 1 },
    });
    const { op } = hanging();
    const first = caught(policy.run(op));
    const second = caught(policy.run(() => "second"));
    const third = await caught(policy.run(() => "third"));
    assert.ok(isResilienceError(third, "RESILIENCE_FULL"));
    assert.deepEqual([policy.view().inFlight, policy.view().queued], [2, 1]);
    await clock.advance(1000);
    assert.ok(isResilienceError(await first, "RESILIENCE_DEADLINE"));
    assert.equal(await second, "second");
    assert.equal(policy.view().refusedFull, 1);
    assert.equal(breaker.view().counts.failures, 1, "only the hanging call");
  });

  it("a waiter in the bulkhead that is aborted leaves at once and frees its place", async () => {
    const { clock, policy } = setUp({ retry: "never", bulkhead: { slots: 1, queueMax: 1 } });
    const first = caught(policy.run(hanging().op));
    const caller = new AbortController();
    const second = caught(policy.run(() => "second", caller.signal));
    caller.abort();
    assert.ok(isResilienceError(await second, "RESILIENCE_CANCELLED"));
    assert.equal(policy.view().queued, 0);
    const third = policy.run(() => "third");
    await clock.advance(1000);
    await first;
    assert.equal(await third, "third");
  });

  it("counts latencies in buckets", async () => {
    const { clock, policy } = setUp();
    for (const ms of [0, 3, 3, 700]) {
      const done = policy.run(() => clock.sleep(ms));
      await clock.advance(ms);
      await done;
    }
    const { latencyCounts, latencySumMs } = policy.view();
    assert.equal(latencySumMs, 706);
    assert.deepEqual(latencyCounts.slice(0, 10), [1, 0, 2, 0, 0, 0, 0, 0, 0, 1]);
  });

  it("refuses figures that mean no limit", () => {
    assert.throws(() => setUp({ attemptMs: 0 }), /chat: attemptMs must be > 0, got 0/);
    assert.throws(() => setUp({ bulkhead: { slots: 0, queueMax: 1 } }), RangeError);
  });
});

describe("resilience", () => {
  it("E1: keeps breakers over a restart, also those made later, and tells of damage", async () => {
    const first = setUp();
    for (let i = 0; i < 5; i++)
      await caught(first.breaker.execute(() => Promise.reject(refused())));
    const text = first.resilience.save();
    first.resilience.close();

    const second = new Resilience({ clock: first.clock });
    assert.deepEqual(second.restore(text), []);
    assert.equal(second.breaker("ollama").view().state, "open");
    assert.equal(second.breaker("camera").view().state, "closed");
    second.close();

    assert.match(second.restore("{")[0] ?? "", /not JSON/);
    assert.match(second.restore("[]")[0] ?? "", /not version 1/);
    assert.match(
      second.restore('{"version":1,"breakers":{"redis":{"version":1}}}')[0] ?? "",
      /breaker redis: /,
    );
    assert.equal(second.breaker("redis").view().state, "closed");
  });

  it("has one breaker per backend and tells of every transition", async () => {
    const { resilience, breaker } = setUp();
    assert.equal(resilience.breaker("ollama"), breaker);
    const seen: string[] = [];
    resilience.onBreakerChange(({ to }, view) => seen.push(`${view.backend} ${to}`));
    for (let i = 0; i < 5; i++) await caught(breaker.execute(() => Promise.reject(refused())));
    assert.deepEqual(seen, ["ollama open"]);
    assert.deepEqual(
      resilience.view().operations.map(({ operation, backend }) => [operation, backend]),
      [["chat", "ollama"]],
    );
    resilience.close();
  });
});
