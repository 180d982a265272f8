/** docs/home-runs.json: what the long runs of the edge and of Home Assistant's door came to, the newest of each name. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stampOf } from "../../src/drill/run/stamp.js";
import { root } from "./buddy-process.js";

const FILE = join(root, "docs", "home-runs.json");

/** When, where and of which commit; taken before a long run, which others may build meanwhile. */
export type Stamp = ReturnType<typeof stampOf>;
export { stampOf };

/** @param figures of the run, as people are to read them. */
export function keepRun(name: string, stamp: Stamp, isOk: boolean, figures: object): void {
  const kept = existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, "utf8")) as { runs: { name: string }[] }).runs
    : [];
  const run = { name, ok: isOk, ...stamp, ...figures };
  console.log(JSON.stringify(run));
  const runs = [...kept.filter((one) => one.name !== name), run].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const lines = runs.map((one) => JSON.stringify(one));
  writeFileSync(FILE, `{ "version": 1, "runs": [\n${lines.join(",\n")}\n] }\n`);
}
