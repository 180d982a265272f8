// One short drill as `npm run drill -- NAME` runs it, so that neither the frame nor the recovery it watches can rot; all of
// them are a command of their own. And the frame itself: one that does not recover must be told as failed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runDrill } from "../../../src/drill/run/run.js";
import { seededChance } from "../../../src/time/chance.js";
import { root } from "../../support/buddy-process.js";

const cli = join(root, "dist/src/cli.js");

function buddy(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 100_000 });
}

describe("buddy drill", { timeout: 120_000 }, () => {
  it("A10: gateway-killed holds, and is told as JSON with machine, commit and seed", () => {
    const { status, stdout, stderr } = buddy("drill", "gateway-killed", "--json", "--seed", "7");
    assert.equal(status, 0, `${stdout}${stderr}`);
    const told = JSON.parse(stdout) as { seed: number; commit: string; results: unknown[] };
    assert.equal(told.seed, 7);
    const git = spawnSync("git", ["describe", "--always", "--dirty"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(told.commit, git.stdout.trim());
    assert.notEqual(told.commit, "");
    const [result] = told.results as { outcome: string; noticeMs: number; recoverMs: number }[];
    assert.equal(result?.outcome, "held");
    assert.ok((result?.noticeMs ?? 0) > 0 && (result?.recoverMs ?? 0) > 0);
  });

  it("tells a system that does not come back as failed, and heals it all the same", async () => {
    let healed = 0;
    const result = await runDrill(
      {
        name: "never-back",
        rows: ["A1"],
        steadyState: "",
        fault: "",
        expectation: "",
        doesNotShow: "",
        noticeMsMax: 1000,
        recoverMsMax: 100,
        flags: ["--camera", "none"],
        run: async ({ inject, noticed, recovered, atEnd }) => {
          atEnd(() => void healed++);
          await inject(() => undefined);
          await noticed("it", () => true);
          await recovered("what never comes", () => {
            throw new Error("door shut");
          });
        },
      },
      seededChance(1),
    );
    assert.equal(result.outcome, "failed");
    assert.match(result.why, /waited 300 ms for what never comes/);
    assert.equal(healed, 1);
  });

  it("refuses a name and a seed it does not know with 2, and names those there are", () => {
    const unknown = buddy("drill", "nothing");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /gateway-killed/);
    assert.equal(buddy("drill", "--seed", "x").status, 2);
    assert.equal(buddy("drill", "wifi-off", "--write").status, 2);
  });
});
