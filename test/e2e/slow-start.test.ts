/**
 * A8: a slow machine comes up. Buddy with everything is started while all of it together is held to 15 % of one core, a
 * seventh of what the face detector alone would take: it gets ready, however long that takes, and no start that made
 * progress is killed on the way, neither of a part nor inside one. The long form is `SLOW_STARTS=20`.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { healthState } from "../../src/state/health.js";
import { until } from "../../src/time/until.js";
import { getJson, launchBuddy, type LaunchedBuddy } from "../support/buddy-process.js";
import { holdCpu } from "../support/held-cpu.js";
import { descendants, isAlive } from "../support/processes.js";

const starts = Number(process.env["SLOW_STARTS"] ?? 1);
const SHARE = 0.15;
/** It takes about 50 s on this repository's machine; a limit is there to end a start that never ends. */
const READY_MS_MAX = 400_000;

/** What the logs say of a start or of a thing inside one that was ended and begun again. */
const BEGUN_AGAIN = /-> (?:backoff|givenUp|stopping)|the robot is down|another one is starting/;

test(`A8, C3: ${starts} starts at 15 % of a core get ready, nothing is begun twice or given up`, async (t) => {
  const readyMs: number[] = [];
  for (let i = 0; i < starts; i++) readyMs.push(await slowStart());
  readyMs.sort((a, b) => a - b);
  const at = (share: number): string =>
    ((readyMs[Math.ceil(share * readyMs.length) - 1] ?? 0) / 1000).toFixed(0);
  t.diagnostic(
    `ready ${readyMs.length} of ${starts}; p50 ${at(0.5)} s, p95 ${at(0.95)} s, slowest ${at(1)} s`,
  );
});

/** @returns how long it took to be ready, ms. */
async function slowStart(): Promise<number> {
  const held = holdCpu(SHARE);
  const startMs = performance.now();
  const buddy = launchBuddy([], { under: held.under });
  let below: number[] = [];
  try {
    const said = (): string => `${held.how}\n${buddy.output()}`;
    await until(
      () => `ready\n${said()}`,
      READY_MS_MAX,
      () => {
        assert.equal(buddy.child.exitCode, null, said());
        return buddy.isReady();
      },
    );
    const readyMs = performance.now() - startMs;
    const page = buddy.page() ?? "";
    const { health } = await getJson(page, "/api/state");
    const parts = healthState.parse(health).parts.filter(({ id }) => id.startsWith("process-"));
    assert.equal(parts.length, 5);
    for (const { id, text } of parts) assert.doesNotMatch(text, /given up|[Rr]estart/, id);
    assert.deepEqual(linesOf(buddy, BEGUN_AGAIN), []);
    below = descendants(buddy.child.pid as number);
    return readyMs;
  } finally {
    assert.equal(await buddy.stop("SIGTERM"), 0, buddy.output());
    await until("no process to be left", 20_000, () => !below.some(isAlive));
    await held.release();
  }
}

function linesOf(buddy: LaunchedBuddy, form: RegExp): string[] {
  const folder = join(buddy.dataDir, "logs");
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => form.test(line));
}
