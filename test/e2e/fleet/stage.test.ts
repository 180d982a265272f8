// `npm run stage` as a user runs it, with few turns: it ends by itself, its last line is what became of it, and nothing is left.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../support/buddy-process.js";
import { redisOptions } from "../../support/redis.js";

const TURNS = 2;

describe("buddy stage", redisOptions("a stage of three robots"), () => {
  it("B2: three robots are heard one at a time by a fourth participant, and the last line says so", () => {
    const cli = join(root, "dist/src/cli.js");
    const args = [cli, "stage", "--turns", String(TURNS), "--json"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      timeout: 220_000,
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    const last = stdout.trimEnd().split("\n").at(-1) ?? "";
    const result = JSON.parse(last) as Record<string, unknown>;
    const { turns, heard, overlapMs, gapP95Ms, redis, livekit } = result;
    assert.deepEqual({ turns, heard, overlapMs }, { turns: TURNS, heard: TURNS, overlapMs: 0 });
    assert.equal(typeof gapP95Ms, "number");
    assert.match(String(redis), /^\d+\.\d+/);
    if (livekit === null) console.log(`NOT RUN: the LiveKit room, ${stderr.trim()}`);
    else assert.match(String(livekit), /^\d+\.\d+/);
  });
});
