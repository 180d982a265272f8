// Some short drills as `npm run drill -- NAME` runs them, so that neither the frame nor the recovery they watch can rot; all of
// them are a command of their own. And the frame itself: one that does not recover, or whose witness saw nothing, must be told as failed.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Drill } from "../../../src/drill/run/drill.js";
import type { DrillRecord, RunResult } from "../../../src/drill/run/results.js";
import { runPlan } from "../../../src/drill/run/schedule.js";
import { until } from "../../../src/time/until.js";
import { root } from "../../support/buddy-process.js";
import { descendants, isAlive } from "../../support/processes.js";

const cli = join(root, "dist/src/cli.js");

function buddy(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 200_000 });
}

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

/** Late by the clock of a machine that is busy with other tests, and nothing worse. */
const LATE =
  /^$|^(?:noticed|recovered) late, |^did not hold: nobody is delayed by it \(p95 [\d.]+ ms\)$/;

describe("buddy drill", { timeout: 360_000 }, () => {
  const quick = ["robot-silent", "vision-hung", "model-hung", "disk-read-only", "database-held"];
  let told: { seed: number; commit: string; records: DrillRecord[] };
  let said: string;
  before(() => {
    const args = ["drill", "gateway-killed", ...quick, "--json", "--seed", "7"];
    const { status, stdout, stderr } = buddy(...args);
    said = `${stdout}${stderr}`;
    told = JSON.parse(stdout) as typeof told;
    const runs = told.records.flatMap((record) => record.runs);
    assert.equal(status, runs.every(({ outcome }) => outcome === "held") ? 0 : 1, said);
  });

  it("A10: gateway-killed holds, and is told as JSON with machine, commit and seed", () => {
    assert.equal(told.seed, 7);
    const git = spawnSync("git", ["describe", "--always"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.notEqual(git.stdout.trim(), "");
    assert.equal(told.commit.replace("-dirty", ""), git.stdout.trim());
    const [result] = told.records.find(({ drill }) => drill === "gateway-killed")?.runs ?? [];
    assert.equal(result?.outcome, "held", said);
    assert.ok((result?.noticeMs ?? 0) > 0 && (result?.recoverMs ?? 0) > 0);
  });

  it("A6, A10, A3, C6: one drill of each kind of start holds, but for the times of a machine that is busy with other tests", () => {
    const results = told.records
      .filter(({ drill }) => quick.includes(drill))
      .flatMap(({ drill, runs }) => runs.map((run) => ({ drill, ...run })));
    assert.equal(results.length, quick.length, said);
    for (const { drill, outcome, why } of results) {
      if (outcome === "notRun") console.log(`NOT RUN: ${drill}: ${why}`);
      else assert.match(why, LATE, drill);
    }
  });

  it("C5: one that is ended by a signal takes its Buddy along", async () => {
    const child = spawn(process.execPath, [cli, "drill", "gateway-killed"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk) => (said += String(chunk)));
    let below: number[] = [];
    await until("a Buddy with all its parts", 60_000, () => {
      below = descendants(child.pid as number);
      return below.length > 5;
    });
    const ended = once(child, "close");
    child.kill("SIGTERM");
    await ended;
    assert.equal(child.exitCode, 130, said);
    await until("no process to be left", 5000, () => !below.some(isAlive));
  });

  it("tells what does not come back, and what no witness saw, as failed, heals it all the same, and trusts that Buddy no more", async () => {
    let healed = 0;
    let starts = 0;
    const results: RunResult[] = [];
    const neverBack = drillThat(async ({ inject, noticed, recovered, atEnd }) => {
      atEnd(() => void healed++);
      await inject(() => undefined);
      await noticed("it", () => true);
      await recovered("what never comes", () => {
        throw new Error("door shut");
      });
    });
    const holds = drillThat(async ({ inject, noticed, recovered }) => {
      await inject(() => undefined);
      await noticed("it", () => true);
      await recovered("it", () => true);
    });
    const seesOnly = (before: number): Drill =>
      drillThat(async ({ inject, noticed, recovered, witness }) => {
        const one = witness("one");
        for (let i = 0; i < before; i++) one.saw();
        await inject(() => undefined);
        await noticed("it", () => true);
        await recovered("it", () => true);
      });
    await runPlan({
      drills: [holds, holds, seesOnly(0), neverBack, seesOnly(1)],
      repeat: 1,
      seed: 1,
      flags: [],
      endMs: Number.POSITIVE_INFINITY,
      abort: new AbortController().signal,
      witnessMsMax: 2000,
      done: () => 0,
      onDone: () => undefined,
      onStart: () => void starts++,
      onResult: (_drill, result) => void results.push(result),
    });
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ["held", "held", "failed", "failed", "failed"],
      JSON.stringify(results),
    );
    const whys = results.map(({ why }) => why);
    assert.match(whys[2] ?? "", /one before the fault: that witness sees nothing/);
    assert.match(whys[3] ?? "", /waited 300 ms for what never comes/);
    assert.match(whys[4] ?? "", /one after the recovery: that witness sees nothing/);
    assert.equal(healed, 1);
    assert.equal(starts, 3, "one Buddy for what holds, a new one after each failure");
  });

  it("refuses a name and a seed it does not know with 2, and names those there are", () => {
    const unknown = buddy("drill", "nothing");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /gateway-killed/);
    assert.equal(buddy("drill", "--seed", "x").status, 2);
    assert.equal(buddy("drill", "--repeat", "0").status, 2);
  });
});
