// Properties: what the condition gives comes back; the limit is an error that names what was waited for, and the last look is
// after it; what the condition throws ends the wait.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../../src/time/until.js";

test("gives back the first truthy thing, of a promise too", async () => {
  let looks = 0;
  assert.equal(
    await until("three looks", 10_000, () => (++looks === 3 ? "there" : ""), 1),
    "there",
  );
  assert.equal(looks, 3);
  assert.equal(await until("a promise", 10_000, async () => 7, 1), 7);
});

test("the limit is an error that says what was waited for, as it is then", async () => {
  let looks = 0;
  const never = (): boolean => ++looks < 0;
  await assert.rejects(until("a thing", 0, never, 1), { message: "waited 0 ms for a thing" });
  await assert.rejects(
    until(() => `look ${looks}`, 0, never, 1),
    (error: Error) => error.message === `waited 0 ms for look ${looks}`,
  );
});

test("a look that comes after the limit counts", async () => {
  let looks = 0;
  assert.equal(await until("a second look", 1, () => ++looks === 2, 30), true);
});

test("what the condition throws ends the wait", async () => {
  const broken = (): never => {
    throw new Error("broken");
  };
  await assert.rejects(until("it", 10_000, broken), { message: "broken" });
});
