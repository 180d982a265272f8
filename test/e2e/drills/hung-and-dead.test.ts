/**
 * A10, D2 in the running system: one side of each pair is stopped (SIGSTOP) or killed (SIGKILL), and the table of who is
 * alive, read from outside over HTTP, says hung within 3 beats and dead within 1; all is green again by itself after
 * SIGCONT or a restart. The short form does it to the gateway and to the robot's own program; DRILLS=long does all.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BEAT_PERIOD_MS } from "../../../src/child/messages.js";
import { startBuddy, type BuddyProcess } from "../../support/buddy-process.js";
import { processOf } from "../../support/processes.js";
import {
  colourOf,
  isGreen,
  isLong,
  pidOf,
  sightOf,
  untilHealth,
  type PartName,
} from "../../support/injuries.js";

/** Three beats, one scan, and the way by HTTP; with room for a machine that does other things. */
const HUNG_MS_MAX = 3 * BEAT_PERIOD_MS + (isLong ? 300 : 1000);
const DEAD_MS_MAX = BEAT_PERIOD_MS + (isLong ? 100 : 500);
const GREEN_MS_MAX = 60_000;

const parts: readonly PartName[] = isLong ? ["gateway", "vision", "camera", "robot"] : ["gateway"];

let buddy: BuddyProcess;
before(async () => {
  buddy = await startBuddy();
  await untilHealth(buddy, "all green", GREEN_MS_MAX, isGreen);
});
after(() => buddy?.stop());

describe("hung and dead", { concurrency: 1 }, () => {
  for (const part of parts) {
    it(`A10: ${part}: SIGSTOP is known as hung, and it is green again after SIGCONT, the same process`, async (t) => {
      const pid = pidOf(buddy, part);
      process.kill(pid, "SIGSTOP");
      let hungMs: number;
      try {
        hungMs = await untilHealth(
          buddy,
          `${part} hung`,
          HUNG_MS_MAX * 3,
          (now) => sightOf(now, "companion", part) === "red",
        );
        // Health says what the table says, a moment later.
        await untilHealth(buddy, "red", 1000, (now) => colourOf(now, `process-${part}`) === "red");
      } finally {
        process.kill(pid, "SIGCONT");
      }
      const greenMs = await untilHealth(buddy, "all green", GREEN_MS_MAX, isGreen);
      t.diagnostic(
        `${part}: hung after ${hungMs.toFixed(0)} ms, green after ${greenMs.toFixed(0)}`,
      );
      assert.ok(hungMs <= HUNG_MS_MAX, `${hungMs} ms`);
      assert.equal(pidOf(buddy, part), pid, "it was not restarted");
    });

    it(`A10: ${part}: SIGKILL is known as dead, not as hung, and it is green again by itself`, async (t) => {
      const pid = pidOf(buddy, part);
      process.kill(pid, "SIGKILL");
      const deadMs = await untilHealth(buddy, `${part} dead`, DEAD_MS_MAX * 3, (now) => {
        const sight = sightOf(now, "companion", part);
        assert.notEqual(sight, "red", "dead is told apart from hung");
        return (
          sight === "dead" || now.processes.some((one) => one.name === part && one.pid !== pid)
        );
      });
      const greenMs = await untilHealth(buddy, "all green", GREEN_MS_MAX, isGreen);
      t.diagnostic(
        `${part}: dead after ${deadMs.toFixed(0)} ms, green after ${greenMs.toFixed(0)}`,
      );
      assert.ok(deadMs <= DEAD_MS_MAX, `${deadMs} ms`);
    });
  }

  it("A10: the robot's own program: SIGSTOP is heard by the gateway and by the companion as hung, SIGCONT is green", async (t) => {
    const pid = processOf(buddy.child.pid as number, "vm-shim");
    process.kill(pid, "SIGSTOP");
    let hungMs: number;
    try {
      hungMs = await untilHealth(buddy, "the firmware hung", HUNG_MS_MAX * 3, (now) => {
        const seen = [sightOf(now, "companion", "firmware"), sightOf(now, "gateway", "firmware")];
        return seen.includes("red");
      });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    const greenMs = await untilHealth(buddy, "all green", GREEN_MS_MAX, isGreen);
    t.diagnostic(`firmware: hung after ${hungMs.toFixed(0)} ms, green after ${greenMs.toFixed(0)}`);
    assert.ok(hungMs <= HUNG_MS_MAX, `${hungMs} ms`);
  });
});
