// Properties: what is measured is what happened in the window; what is limited is let through again as soon as the wait is
// served; what was lost is told once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LineQuota } from "../../../src/time/line-quota.js";
import { percentile, RateMeter, Recent } from "../../../src/time/meter.js";
import { TokenBucket } from "../../../src/time/token-bucket.js";

test("a rate is of its window only", () => {
  const meter = new RateMeter(1000);
  for (let ms = 0; ms < 3000; ms += 100) meter.add(ms);
  assert.equal(meter.perSecond(2900), 11, "both ends of the window count");
  assert.equal(meter.perSecond(3399), 6);
  assert.equal(meter.perSecond(9000), 0);
});

test("percentiles are of the newest values; of none there is no figure", () => {
  assert.ok(Number.isNaN(percentile([], 0.5)));
  assert.equal(percentile([3, 1, 2], 0.5), 2);
  assert.equal(percentile([3, 1, 2], 0), 1);
  assert.equal(percentile([3, 1, 2], 1), 3);
  const recent = new Recent(3);
  assert.equal(recent.percentile(0.5), 0);
  for (const value of [100, 1, 2, 3]) recent.add(value);
  assert.equal(recent.percentile(1), 3);
});

test("a bucket gives its burst, then one a period, and says how long to wait", () => {
  const bucket = new TokenBucket({ burst: 2, perMinute: 60 });
  assert.deepEqual([bucket.take(0), bucket.take(0), bucket.take(0)], [0, 0, 1000]);
  assert.equal(bucket.take(400), 600, "a refused try takes nothing");
  assert.equal(bucket.take(1000), 0);
  assert.equal(bucket.take(1000), 1000);
  assert.deepEqual(
    [bucket.take(60_000), bucket.take(60_000)],
    [0, 0],
    "rest earns no more than the burst",
  );
  assert.ok(bucket.take(60_000) > 0);
});

test("lines beyond the quota are lost, and how many is told with the next second's first", () => {
  const quota = new LineQuota(2);
  const lost: number[] = [];
  const admit = (ms: number): boolean => quota.admit(ms, (count) => lost.push(count));
  assert.deepEqual([admit(0), admit(1), admit(2), admit(999)], [true, true, false, false]);
  assert.deepEqual(lost, []);
  assert.equal(admit(1000), true);
  assert.deepEqual(lost, [2]);
  assert.equal(admit(5000), true);
  assert.deepEqual(lost, [2], "told once");
});
