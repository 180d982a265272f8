/**
 * A clean stop leaves no false trace: no alert, no failure of a breaker, no process, and nothing red at the next start.
 * Short: two stops. Long: `STOPS=20`, half by Ctrl-C and half by SIGTERM; `LOAD=8` has so many busy loops beside it.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { healthState } from "../../src/state/health.js";
import { until } from "../../src/time/until.js";
import { getJson, launchBuddy, type LaunchedBuddy } from "../support/buddy-process.js";
import { loops } from "../support/held-cpu.js";
import { descendants, isAlive } from "../support/processes.js";

const stops = Number(process.env["STOPS"] ?? 2);
const load = Number(process.env["LOAD"] ?? 0);
const READY_MS_MAX = 120_000;

const saved = z.object({
  breakers: z.record(
    z.string(),
    z.object({
      kind: z.string(),
      failures: z.number(),
      counts: z.object({ failures: z.number(), opened: z.number() }),
    }),
  ),
});

test(`A8, C5: ${stops} stops beside ${load} busy loops: no alert, no failure, no orphan, no red start`, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-stops-"));
  const busy = loops(load);
  const stopMs: number[] = [];
  try {
    for (let i = 0; i < stops; i++) {
      const buddy = launchBuddy([], { dataDir });
      try {
        assert.deepEqual(await redWhileStarting(buddy), [], `start ${i + 1}`);
        const below = descendants(buddy.child.pid as number);
        const startMs = performance.now();
        assert.equal(await buddy.stop(i % 2 === 0 ? "SIGINT" : "SIGTERM"), 0, buddy.output());
        stopMs.push(performance.now() - startMs);
        await until("no process to be left", 10_000, () => !below.some(isAlive));
      } finally {
        await buddy.stop("SIGKILL");
      }
      const alerts = join(dataDir, "alerts.log");
      assert.equal(existsSync(alerts) ? readFileSync(alerts, "utf8") : "", "", `stop ${i + 1}`);
      const { breakers } = saved.parse(
        JSON.parse(readFileSync(join(dataDir, "breakers.json"), "utf8")),
      );
      assert.ok("web" in breakers && "robot" in breakers);
      for (const [name, { kind, failures, counts }] of Object.entries(breakers)) {
        assert.deepEqual(
          [name, kind, failures, counts.failures, counts.opened],
          [name, "closed", 0, 0, 0],
          `stop ${i + 1}`,
        );
      }
    }
  } finally {
    await busy.release();
    rmSync(dataDir, { recursive: true, force: true });
  }
  t.diagnostic(
    `${stopMs.length} of ${stops} clean; slowest stop ${Math.round(Math.max(...stopMs))} ms`,
  );
});

/** What was red on the page between its first answer and `ready`. */
async function redWhileStarting(buddy: LaunchedBuddy): Promise<string[]> {
  const red = new Set<string>();
  await until(
    () => `ready\n${buddy.output()}`,
    READY_MS_MAX,
    async () => {
      const page = buddy.page();
      if (page === undefined) return false;
      const { health } = await getJson(page, "/api/state");
      for (const { level, title, text } of healthState.parse(health).parts) {
        if (level === "bad") red.add(`${title}: ${text}`);
      }
      return buddy.isReady();
    },
  );
  return [...red];
}
