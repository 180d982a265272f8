import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { Rates } from "../../../src/mcp/rates.js";
import { MODEL_SCOPE, OWNER_SCOPE } from "../../../src/mcp/scope.js";

const RULES = {
  ...MODEL_SCOPE.rates,
  move: { burst: 2, perMinute: 30 },
  say: { burst: 1, perMinute: 6 },
};

test("A14: a burst is let through, then one call each period, and a rest earns no more than the burst", async () => {
  const clock = new FakeClock();
  const rates = new Rates(clock, RULES);
  assert.deepEqual([rates.take("move"), rates.take("move")], [0, 0]);
  assert.equal(rates.take("move"), 2000);
  await clock.advance(1999);
  assert.ok(rates.take("move") > 0);
  await clock.advance(1);
  assert.equal(rates.take("move"), 0);
  await clock.advance(3_600_000);
  assert.deepEqual([rates.take("move"), rates.take("move")], [0, 0]);
  assert.ok(rates.take("move") > 0);
});

test("A14: kinds do not take from each other", () => {
  const rates = new Rates(new FakeClock(), RULES);
  assert.equal(rates.take("say"), 0);
  assert.ok(rates.take("say") > 0);
  assert.equal(rates.take("move"), 0);
});

test("A14: a model may do no more than its owner, in range and in rate", () => {
  for (const kind of ["move", "say", "photo", "read"] as const) {
    assert.ok(MODEL_SCOPE.rates[kind].perMinute < OWNER_SCOPE.rates[kind].perMinute, kind);
  }
  assert.ok(MODEL_SCOPE.panDegMax < OWNER_SCOPE.panDegMax);
  assert.ok(MODEL_SCOPE.tiltDegMax < OWNER_SCOPE.tiltDegMax);
});
