/** When the device dials: full jitter, for ever, and no more than six dials a minute in the long run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLACED_WAIT_MS, RetryPlan } from "../../../../devs/link/retry.js";
import { seededChance } from "../../../../src/time/chance.js";
import { LinkCode } from "../../../../src/wire/errors.js";

test("A2: waits are jittered over the whole span, which doubles from 250 ms to 1 s", () => {
  const longest = new RetryPlan();
  const shortest = new RetryPlan();
  const spans = [];
  for (let i = 0; i < 6; i++) {
    spans.push(longest.nextWaitMs(0, 0.999_999, LinkCode.LINK_LOST) + 1);
    assert.equal(shortest.nextWaitMs(0, 0, LinkCode.LINK_LOST), 0);
  }
  assert.deepEqual(spans, [250, 500, 1000, 1000, 1000, 1000]);
});

test("A2: a gateway that comes back within 15 s is dialled within 1 s", () => {
  const plan = new RetryPlan();
  const chance = seededChance(7);
  for (let nowMs = 0; nowMs < 15_000;) {
    const waitMs = plan.nextWaitMs(nowMs, chance.next(), LinkCode.LINK_LOST);
    assert.ok(waitMs <= 1000, `${waitMs} ms after ${nowMs} ms`);
    nowMs += waitMs;
  }
});

test("a gateway that stays away is dialled over spans of 10 s", () => {
  const plan = new RetryPlan();
  for (let i = 0; i < 36; i++) plan.nextWaitMs(0, 0, LinkCode.LINK_LOST);
  assert.ok(plan.nextWaitMs(0, 0.999, LinkCode.LINK_LOST) > 9000);
});

test("a session of 10 s starts the waits over, a shorter one does not", () => {
  const plan = new RetryPlan();
  for (let i = 0; i < 6; i++) plan.nextWaitMs(0, 0, LinkCode.OK);
  plan.noteSessionEnd(5000, 9999, LinkCode.LINK_LOST);
  assert.ok(plan.nextWaitMs(5000, 0.999, LinkCode.LINK_LOST) > 900);
  plan.noteSessionEnd(20_000, 10_000, LinkCode.LINK_LOST);
  assert.ok(plan.nextWaitMs(20_000, 0.999, LinkCode.LINK_LOST) < 250);
});

test("a wrong key waits the longest span at once", () => {
  const plan = new RetryPlan();
  plan.noteSessionEnd(0, 0, LinkCode.LINK_KEY);
  assert.ok(plan.nextWaitMs(0, 0.999, LinkCode.LINK_KEY) > 9000);
});

test("a replaced robot stays away long enough not to swap in circles with its twin", () => {
  assert.ok(new RetryPlan().nextWaitMs(0, 0, LinkCode.LINK_REPLACED) >= REPLACED_WAIT_MS);
});

test("without luck in the jitter the budget still spaces the dials", () => {
  const plan = new RetryPlan();
  let nowMs = 0;
  for (let i = 0; i < 36; i++) nowMs += plan.nextWaitMs(nowMs, 0, LinkCode.LINK_LOST);
  assert.equal(nowMs, 0, "36 quick ones");
  const startMs = nowMs;
  for (let i = 0; i < 60; i++) nowMs += plan.nextWaitMs(nowMs, 0, LinkCode.LINK_LOST);
  assert.ok(nowMs - startMs >= 590_000, `60 dials took ${nowMs - startMs} ms`);
});
