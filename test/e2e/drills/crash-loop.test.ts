/**
 * C3, C5, I5: a part that crashes after each start has its five restarts, then it is left alone with an alert, and everything
 * else goes on. The short form scales the waits (the part lives 200 ms, restarts come at once; the counting and the
 * ten-minute window are production's); DRILLS=long is real time: it crashes 2 s after each start, under production's
 * policy, which takes about 3 minutes.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { Operations } from "../../../src/companion/operations.js";
import { PART_POLICY } from "../../../src/supervisor/part-types.js";
import { systemChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { msUntil, part, Watched } from "../../support/supervised.js";
import { until } from "../../../src/time/until.js";
import { isLong } from "../../support/injuries.js";

const LIMIT_MS = isLong ? 300_000 : 90_000;

it("C3, C5: five restarts, then stopped with an alert; all else works, and a person can start it again", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "buddy-crash-"));
  const waits = isLong ? PART_POLICY : { retryMs: 50, firstRetryMs: 50 };
  const watched = new Watched([
    part("vision", { exitAfterMs: isLong ? 2000 : 200, exit: "crash" }, waits),
    part("gateway"),
  ]);
  const { supervisor } = watched;
  const operations = new Operations({
    dataDir: dir,
    clock: systemClock,
    chance: systemChance,
    supervisor,
    secrets: [],
    show: () => undefined,
  });
  try {
    await operations.start();
    supervisor.start();
    assert.ok(await supervisor.waitUntilReady(60_000, ["gateway"]));
    const gateway = watched.pid("gateway");
    const ms = await msUntil(
      "given up",
      LIMIT_MS,
      () => watched.view("vision").phase === "givenUp",
    );
    t.diagnostic(`given up after ${(ms / 1000).toFixed(1)} s`);
    assert.equal(watched.view("vision").generation, 6, "one start and five restarts");
    const details = operations.details();
    assert.deepEqual(
      details.alerts.map(({ key, severity }) => `${key} ${severity}`),
      ["part vision critical"],
    );
    assert.match(details.alerts[0]?.text ?? "", /told to crash.* after 5 restarts in 10 min/s);
    assert.match(details.alerts[0]?.next ?? "", /see its log.*Everything else goes on/);
    assert.equal(watched.pid("gateway"), gateway, "the other was never touched");
    assert.equal(supervisor.liveness.of("gateway"), "green");
    // A person has repaired nothing: it gets a whole budget again, not one try.
    assert.ok(operations.restartPart("vision"));
    await until("it runs", 60_000, () => watched.view("vision").generation === 7);
    assert.equal(watched.view("vision").restarts, 0);
  } finally {
    await supervisor.stop();
    await operations.stop();
  }
  const log = readFileSync(join(dir, "alerts.log"), "utf8");
  assert.match(log, /"event":"raised","key":"part vision"/);
  rmSync(dir, { recursive: true });
});
