// C6, L6: a stop does not wait for a backup under way, and leaves no process of it behind.
import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { startDailyBackup } from "../../../src/backup/start-daily.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";

/** Of processes whose command line names the directory. */
function pids(dir: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (!(pid > 0) || pid === process.pid) return false;
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dir);
      } catch {
        return false; // It has just ended.
      }
    });
}

it("a backup of a large directory is ended with Buddy, and nothing is told of it", async (t) => {
  if (process.platform !== "linux") return t.skip("NOT RUN: no /proc");
  const dir = mkdtempSync(join(tmpdir(), "buddy-daily-"));
  try {
    // Takes nothing on the disk and some 10 s to pack.
    writeFileSync(join(dir, "large"), "");
    truncateSync(join(dir, "large"), 1_900_000_000);
    const clock = new FakeClock(1_700_000_000_000);
    const told: string[] = [];
    const keeper = startDailyBackup(dir, clock, {
      alerts: { raise: ({ text }) => void told.push(text), clear: (key) => void told.push(key) },
      note: (_part, level, message) => void told.push(`${level} ${message}`),
      changed: () => undefined,
      watch: () => undefined,
    });
    await clock.advance(121_000);
    await until(
      "it is being made",
      20_000,
      () => readdirSync(dir).includes("backups") && readdirSync(join(dir, "backups")).length > 0,
    );
    assert.equal(pids(dir).length, 1);
    keeper.end();
    await until("its process is gone", 3000, () => pids(dir).length === 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(told, []);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
