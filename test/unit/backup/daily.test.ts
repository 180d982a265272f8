import assert from "node:assert/strict";
import { test } from "node:test";
import { DailyBackup } from "../../../src/backup/daily.js";
import { backupName, DAY_MS, type KeptBackup } from "../../../src/backup/keep.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function rig(): {
  clock: FakeClock;
  daily: DailyBackup;
  kept: KeptBackup[];
  alerts: string[];
  disk: { fault: string | undefined };
} {
  const clock = new FakeClock();
  const kept: KeptBackup[] = [];
  const alerts: string[] = [];
  const disk: { fault: string | undefined } = { fault: undefined };
  const daily = new DailyBackup({
    clock,
    alerts: {
      raise: ({ key, text }) => alerts.push(`raise ${key}: ${text}`),
      clear: (key) => alerts.push(`clear ${key}`),
    },
    list: async () => kept,
    make: async () => {
      if (disk.fault !== undefined) throw new Error(disk.fault);
      kept.unshift({ name: backupName(clock.wallMs()), wallMs: clock.wallMs() });
    },
    log: () => undefined,
    changed: () => undefined,
  });
  return { clock, daily, kept, alerts, disk };
}

test("C6: the first is made minutes after the start, then one a day, and none after the stop", async () => {
  const { clock, daily, kept } = rig();
  daily.start();
  assert.equal((await daily.finding()).level, "ok");
  await clock.advance(3 * MINUTE_MS);
  assert.equal(kept.length, 1);
  for (let hour = 0; hour < 72; hour++) await clock.advance(HOUR_MS);
  assert.equal(kept.length, 3);
  assert.match((await daily.finding()).text, /^The newest backup is \d+ h old\.$/);
  daily.stop();
  await clock.advance(3 * DAY_MS);
  assert.equal(kept.length, 3);
});

test("C6: one that fails is an alert and a finding, is tried every hour, and told when it works again", async () => {
  const { clock, daily, kept, alerts, disk } = rig();
  disk.fault = "ENOSPC: no space left";
  daily.start();
  await clock.advance(3 * MINUTE_MS);
  assert.deepEqual(alerts, [
    "raise backup failed: The daily backup failed: ENOSPC: no space left.",
  ]);
  const finding = await daily.finding();
  assert.equal(finding.level, "warn");
  assert.equal(finding.lastError, "ENOSPC: no space left");
  disk.fault = undefined;
  await clock.advance(HOUR_MS);
  assert.equal(kept.length, 1);
  assert.equal(alerts.at(-1), "clear backup failed");
  assert.equal((await daily.finding()).level, "ok");
});

test("C6: an old one that nobody renews is said so", async () => {
  const { clock, daily, kept } = rig();
  kept.push({ name: backupName(clock.wallMs()), wallMs: clock.wallMs() });
  await clock.advance(40 * HOUR_MS);
  assert.match((await daily.finding()).text, /40 hours old/);
  assert.equal((await daily.finding()).level, "warn");
});
