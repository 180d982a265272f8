/**
 * What long runs came to, the newest of each name: those of the edge and of Home Assistant's door in docs/home-runs.json, those of
 * `npm run flash:long` in docs/flash-runs.json.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stampOf } from "../../src/drill/run/stamp.js";
import { root } from "./buddy-process.js";

type RunsFile = "home-runs.json" | "flash-runs.json";

/** When, where and of which commit; taken before a long run, which others may build meanwhile. */
export type Stamp = ReturnType<typeof stampOf>;
export { stampOf };

/** @param figures of the run, as people are to read them. */
export function keepRun(
  name: string,
  stamp: Stamp,
  isOk: boolean,
  figures: object,
  file: RunsFile = "home-runs.json",
): void {
  const path = join(root, "docs", file);
  const kept = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as { runs: { name: string }[] }).runs
    : [];
  const run = { name, ok: isOk, ...stamp, ...figures };
  console.log(JSON.stringify(run));
  const runs = [...kept.filter((one) => one.name !== name), run].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const lines = runs.map((one) => JSON.stringify(one));
  writeFileSync(path, `{ "version": 1, "runs": [\n${lines.join(",\n")}\n] }\n`);
}
