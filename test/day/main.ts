/**
 * `npm run day`: 24 simulated hours of the firmware's behaviour engine in four worlds, printed, and drawn into
 * `docs/day.svg`. `--seed N` lives another day, `--out FILE` draws elsewhere.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { daySvg } from "./plot.js";
import { lifeLines, live } from "./world.js";
import { DAYS } from "./days.js";
import type { Life } from "./world.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "5" },
    out: { type: "string", default: join(import.meta.dirname, "../../docs/day.svg") },
  },
});

const startedMs = performance.now();
const lives: [string, Life][] = [];
for (const [name, periods] of Object.entries(DAYS)) {
  const life = live(periods, 24, Number(values.seed));
  lives.push([name, life]);
  for (const line of lifeLines(name, life)) console.log(line);
}
const day = lives.find(([name]) => name === "day")?.[1];
if (day === undefined) throw new Error("there is no world called day");
writeFileSync(values.out, daySvg(day, lives));
console.log(`drawn to ${values.out}, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
