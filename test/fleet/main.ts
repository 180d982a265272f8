/**
 * | command                               | does                                                               |
 * | ------------------------------------- | ------------------------------------------------------------------ |
 * | `npm run floor -- --seeds N --from S` | lives N worlds of `floor-world.ts`; each that fails is told; status 1 |
 * | `npm run floor -- --seed S`           | lives one                                                          |
 * | `npm run floor -- --json`             | prints what happened in all of them as JSON                        |
 * | `npm run floor -- --mutations`        | each mutation until it is red, in at most N worlds                 |
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { FloorWorld, type Outcome } from "./floor-world.js";
import { MUTATIONS } from "./mutations.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    mutations: { type: "boolean", default: false },
  },
});
const number = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name}: expected a whole number from 0, got "${text}"`);
};
const from = number("from", values.seed ?? values.from);
const count = values.seed === undefined ? number("seeds", values.seeds) : 1;

if (values.mutations) {
  let areAllRed = true;
  for (const mutation of MUTATIONS) {
    const red = firstRed(mutation);
    areAllRed &&= red !== undefined;
    const words = red === undefined ? `GREEN after ${count} seeds` : `red at ${red.seed}`;
    console.log(`${mutation}: ${words}${red === undefined ? "" : `: ${red.breach}`}`);
  }
  process.exit(areAllRed ? 0 : 1);
}

const total = { seeds: count, from, failed: 0, grants: 0, faults: 0, soundMs: 0, progressMsMax: 0 };
for (let seed = from; seed < from + count; seed++) {
  const outcome = new FloorWorld(seed).run();
  total.grants += outcome.grants;
  total.faults += outcome.faults;
  total.soundMs += Math.round(outcome.soundMs);
  total.progressMsMax = Math.max(total.progressMsMax, Math.round(outcome.progressMs));
  if (outcome.breach === undefined) continue;
  total.failed += 1;
  console.error(`seed ${seed} FAILED: ${outcome.breach}`);
}
const machine = `${cpus().length} x ${cpus()[0]?.model}`;
console.log(
  JSON.stringify({ ...total, node: process.version, machine }, undefined, values.json ? 2 : 0),
);
process.exit(total.failed === 0 ? 0 : 1);

function firstRed(mutation: (typeof MUTATIONS)[number]): Outcome | undefined {
  for (let seed = from; seed < from + count; seed++) {
    const outcome = new FloorWorld(seed, mutation).run();
    if (outcome.breach !== undefined) return outcome;
  }
  return undefined;
}
