/**
 * 1,000 worlds: the product on simulated time, network, disk and processes, each with a mixture of faults of its own. Holds:
 * what `oracle.ts` judges while things break, and within three simulated minutes of the healing all that `world.ts`
 * demands. A failure names its seed: `npm run world -- --seed S` lives it again and prints what happened.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { MUTATIONS } from "./mutations.js";
import type { Report } from "./run.js";

register(new URL("./platform/hooks.mjs", import.meta.url));
const { runOne } = await import("./run.js");

/** In a process without node:test, which follows every promise and so takes a quarter more. */
async function live(from: number, seeds: number): Promise<Report> {
  const args = ["--import", "tsx", join(import.meta.dirname, "main.ts"), "--json"];
  const child = spawn(process.execPath, [...args, "--from", `${from}`, "--seeds", `${seeds}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(await text(child.stdout)) as Report;
}

/** Other seeds with each run of a person who sets it; the same ones for everybody else. */
const FROM = Number(process.env.WORLD_FROM ?? 1);
const SEEDS = Number(process.env.WORLD_SEEDS ?? 1000);

test("the same seed is the same world, to the last event", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = await runOne(seed);
    const second = await runOne(seed);
    assert.deepEqual(second.trace, first.trace);
    assert.equal(second.hash, first.hash);
    assert.ok(first.trace.length > 50, "something happened");
  }
  const hashes = new Set<string>();
  for (const seed of [1, 2, 3, 4, 5]) hashes.add((await runOne(seed)).hash);
  assert.equal(hashes.size, 5, "another seed is another world");
});

test("each mutation breaks a line that is there once", () => {
  const root = join(import.meta.dirname, "../..");
  const lost = MUTATIONS.filter(
    ({ file, from }) => readFileSync(join(root, file), "utf8").split(from).length !== 2,
  );
  assert.deepEqual(
    lost.map(({ name }) => name),
    [],
  );
});

test("A1, A5, A6, C3, D2, E1: whatever breaks nothing is lost or done twice, and all comes back", async () => {
  const { failed, faults, counts, seeds } = await live(FROM, SEEDS);
  assert.deepEqual(failed, [], `npm run world -- --seed ${failed[0]?.seed}`);
  assert.equal(seeds, SEEDS);
  if (SEEDS < 200) return;
  const { FAULTS } = await import("./faults.js");
  for (const name of Object.keys(FAULTS)) assert.ok((faults[name] ?? 0) > 0, `${name} never came`);
  for (const [name, count] of Object.entries(counts))
    assert.ok(count > SEEDS / 2, `${name}: ${count}`);
});
