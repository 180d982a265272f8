/**
 * | command                                  | does                                                              |
 * | ---------------------------------------- | ----------------------------------------------------------------- |
 * | `npm run world -- --seeds N --from S`    | lives N worlds; each that fails is told with its seed; status 1   |
 * | `npm run world -- --seed S`              | lives one and prints its trace                                    |
 * | `npm run world -- --first`               | stops at the first that fails                                     |
 * | `npm run world -- --json`                | prints what happened in all of them as JSON                       |
 * | `npm run world -- --mutation NAME`       | the same with a line of the product broken: it must go red        |
 * | `npm run world -- --mutations`           | each mutation in turn, until it is red                            |
 */
import { spawnSync } from "node:child_process";
import { register } from "node:module";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MUTATIONS } from "./mutations.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    mutation: { type: "string" },
    first: { type: "boolean", default: false },
    mutations: { type: "boolean", default: false },
  },
});
const number = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`--${name}: expected a whole number from 0, got "${text}"`);
  }
  return value;
};

const mutation = MUTATIONS.find(({ name }) => name === values.mutation);
if (values.mutation !== undefined && mutation === undefined) {
  throw new RangeError(
    `no mutation "${values.mutation}"; there are: ${MUTATIONS.map(({ name }) => name).join("; ")}`,
  );
}
if (values.mutations) process.exit(tryAll(values.seeds) ? 0 : 1);
register(new URL("./platform/hooks.mjs", import.meta.url), { data: { mutation } });
const { runSeeds, runOne } = await import("./run.js");

if (values.seed !== undefined) {
  const outcome = await runOne(number("seed", values.seed));
  for (const line of outcome.trace) console.log(line);
  const { seed, hash, events, simulatedMs, breach } = outcome;
  console.log(`seed ${seed}, ${events} events in ${Math.round(simulatedMs)} ms, trace ${hash}`);
  console.log(breach === undefined ? "all held" : `FAILED: ${breach}`);
  process.exit(breach === undefined ? 0 : 1);
}
const report = await runSeeds(number("from", values.from), number("seeds", values.seeds), {
  failedMax: values.first ? 1 : 10,
  tell: (text) => console.error(text),
});
if (values.json) {
  const machine = `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  console.log(JSON.stringify({ machine, node: process.version, ...report }, undefined, 2));
} else console.log(report.text);
process.exit(report.failed.length === 0 ? 0 : 1);

/** Each mutation in a process of its own. @returns whether every one went red. */
function tryAll(seeds: string): boolean {
  let areAllRed = true;
  for (const { name, file } of MUTATIONS) {
    const args = ["--import", "tsx", fileURLToPath(import.meta.url), "--mutation", name];
    args.push("--seeds", seeds, "--first");
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    const breach = /seed (\d+) FAILED: ([^\n]*)/.exec(stderr);
    const isRed = status === 1 && breach !== null;
    areAllRed &&= isRed;
    // Status 1 without a breach: it could not be tried at all.
    const words = isRed
      ? `red at seed ${breach[1]}: ${breach[2]}`
      : status === 0
        ? `GREEN after ${seeds} seeds`
        : `NOT TRIED: ${stderr}`;
    console.log(`${name} (${file}): ${words}`);
  }
  return areAllRed;
}
