// The long form, a day, is `npm run edge:long day`; its table stands in docs/EDGE.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CHANGES, PERIOD_S } from "../../../src/edge/pusher.js";
import { FREE_PLAN, pushesIn } from "../../support/edge-day.js";

test("C4: however often the mood changes, an hour's pushes stay inside the free plan of a day's 24th", async () => {
  const pushes = await pushesIn(1, 2);
  const most = 1 + 3600 / PERIOD_S + CHANGES.burst + 60 * CHANGES.perMinute;
  assert.ok(pushes > 60 * CHANGES.perMinute, `the budget is used: ${pushes}`);
  assert.ok(pushes <= most, `${pushes}, at most ${most}`);
  for (const { what, perDay, perPush } of FREE_PLAN) {
    assert.ok(pushes * perPush <= perDay / 24, `${what}: ${pushes * perPush}`);
  }
});

test("C4: a mood that rests costs one push a period", async () => {
  assert.equal(await pushesIn(1, 3600), 1 + 3600 / PERIOD_S + 1);
});
