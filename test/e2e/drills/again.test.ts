/**
 * L3, L6: after any end of the companion, kill -9 of it alone too, no process is left after 5 s, no port is held, and the next
 * start with the same ports and the same data directory works. The short form does kill -9; DRILLS=long all four ends.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { startBuddy } from "../../support/buddy-process.js";
import { until } from "../../../src/time/until.js";
import { descendants, isAlive } from "../../support/processes.js";
import { freePorts } from "../../support/free-ports.js";
import { isLong } from "../../support/injuries.js";

const ORPHAN_MS_MAX = 5000;
const signals = isLong
  ? (["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)
  : (["SIGKILL"] as const);

it(`L3, L6: after ${signals.join(", ")} nothing is left, and the next start works on the same ports`, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-again-"));
  const names = ["--port", "--vision-port", "--ws-port", "--udp-port", "--link-port"];
  const ports = await freePorts(names.length);
  const flags = ["--camera", "none", ...names.flatMap((name, i) => [name, String(ports[i])])];
  try {
    for (const signal of [...signals, "SIGTERM"] as const) {
      const buddy = await startBuddy(flags, { dataDir });
      const below = descendants(buddy.child.pid as number);
      assert.ok(below.length >= 3, `${below.length} processes`);
      await buddy.stop(signal);
      const startMs = performance.now();
      await until(`no process after ${signal}`, ORPHAN_MS_MAX, () => !below.some(isAlive));
      t.diagnostic(`${signal}: all gone after ${(performance.now() - startMs).toFixed(0)} ms`);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
