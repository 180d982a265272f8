// One short drill as `npm run drill -- NAME` runs it, so that neither the frame nor the recovery it watches can rot; all of
// them are a command of their own. And the frame itself: one that does not recover, or whose witness saw nothing, must be told as failed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Drill } from "../../../src/drill/run/drill.js";
import type { DrillRecord, RunResult } from "../../../src/drill/run/results.js";
import { runPlan } from "../../../src/drill/run/schedule.js";
import { systemClock } from "../../../src/time/clock.js";
import { root } from "../../support/buddy-process.js";

const cli = join(root, "dist/src/cli.js");

function buddy(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 100_000 });
}

const PLAN = {
  repeat: 1,
  seed: 1,
  flags: [],
  endMs: Number.POSITIVE_INFINITY,
  done: () => 0,
  onStart: () => undefined,
  onDone: () => undefined,
};

function drillThat(run: Drill["run"]): Drill {
  return {
    name: "a-drill",
    rows: ["A1"],
    steadyState: "",
    fault: "",
    expectation: "",
    doesNotShow: "",
    noticeMsMax: 1000,
    recoverMsMax: 100,
    flags: ["--camera", "none"],
    run,
  };
}

describe("buddy drill", { timeout: 180_000 }, () => {
  it("A10: gateway-killed holds, and is told as JSON with machine, commit and seed", () => {
    const { status, stdout, stderr } = buddy("drill", "gateway-killed", "--json", "--seed", "7");
    assert.equal(status, 0, `${stdout}${stderr}`);
    const told = JSON.parse(stdout) as { seed: number; commit: string; records: DrillRecord[] };
    assert.equal(told.seed, 7);
    const git = spawnSync("git", ["describe", "--always", "--dirty"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(told.commit, git.stdout.trim());
    assert.notEqual(told.commit, "");
    const [result] = told.records[0]?.runs ?? [];
    assert.equal(result?.outcome, "held");
    assert.ok((result?.noticeMs ?? 0) > 0 && (result?.recoverMs ?? 0) > 0);
  });

  it("tells a system that does not come back as failed, heals it all the same, and takes a new Buddy for the next repeat", async () => {
    let healed = 0;
    let starts = 0;
    const results: RunResult[] = [];
    await runPlan({
      ...PLAN,
      drills: [
        drillThat(async ({ inject, noticed, recovered, atEnd }) => {
          atEnd(() => void healed++);
          await inject(() => undefined);
          await noticed("it", () => true);
          await recovered("what never comes", () => {
            throw new Error("door shut");
          });
        }),
      ],
      repeat: 2,
      onStart: () => void starts++,
      onResult: (_drill, result) => void results.push(result),
    });
    assert.deepEqual([results.length, healed, starts], [2, 2, 2]);
    for (const { outcome, why } of results) {
      assert.equal(outcome, "failed");
      assert.match(why, /waited 300 ms for what never comes/);
    }
  });

  it("is red when a witness saw nothing, before the fault or after it; one Buddy serves repeats that hold", async () => {
    const results: RunResult[] = [];
    let starts = 0;
    const plain = (sees: "all" | "nothing" | "before"): Drill =>
      drillThat(async ({ inject, noticed, recovered, witness, nowMs }) => {
        const one = witness("one");
        const endMs = nowMs() + (sees === "before" ? 0 : 60_000);
        const seen = systemClock.every(10, () => {
          if (sees !== "nothing" && (sees === "all" || nowMs() < endMs)) one.saw();
        });
        if (sees === "before") one.saw();
        try {
          await inject(() => undefined);
          await noticed("it", () => true);
          await recovered("it", () => true);
        } finally {
          if (sees !== "all") seen();
          else systemClock.after(3000, seen);
        }
      });
    await runPlan({
      ...PLAN,
      drills: [plain("all"), plain("all"), plain("nothing"), plain("before")],
      onStart: () => void starts++,
      onResult: (_drill, result) => void results.push(result),
    });
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ["held", "held", "failed", "failed"],
      JSON.stringify(results),
    );
    assert.match(results[2]?.why ?? "", /one before the fault: that witness sees nothing/);
    assert.match(results[3]?.why ?? "", /one after the recovery: that witness sees nothing/);
    assert.equal(starts, 2, "the one that failed is not used again");
  });

  it("refuses a name and a seed it does not know with 2, and names those there are", () => {
    const unknown = buddy("drill", "nothing");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /gateway-killed/);
    assert.equal(buddy("drill", "--seed", "x").status, 2);
    assert.equal(buddy("drill", "--repeat", "0").status, 2);
  });
});
