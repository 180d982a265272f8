/**
 * `npm run relink:random -- [--seeds N] [--seed S]`: N random programs from seed S on, compared before and after relinking
 * (default: 200 programs, a seed of the moment). Ends with status 1 and the seeds that replay it when something differs.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadVm } from "../../scripts/relink/verify.js";
import { compare } from "./differ.js";

const root = join(import.meta.dirname, "../..");
/** Programs in one image: about as many as fit as compiled. */
const BATCH = 12;

const { values } = parseArgs({ options: { seeds: { type: "string" }, seed: { type: "string" } } });
const wholeOf = (name: "seeds" | "seed", otherwise: number): number => {
  const text = values[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) return value;
  console.error(`--${name} takes a whole number from 1 on, not ${text}`);
  process.exit(2);
};
const count = wholeOf("seeds", 200);
const first = wholeOf("seed", 1 + (Date.now() % 1_000_000_000));

const vm = await loadVm(join(root, "node_modules/devicescript-stock/built/devicescript-cli.cjs"));
console.log(`${count} programs from seed ${first}`);
let lines = 0;
let failed = 0;
for (let done = 0; done < count; done += BATCH) {
  const size = Math.min(BATCH, count - done);
  const seeds = Array.from({ length: size }, (_, index) => first + done + index);
  const compared = await compare(seeds, root, vm);
  lines += compared.lines;
  if ((done / BATCH) % 10 === 9)
    console.log(`${done + size} programs, ${lines} lines, ${failed} failed`);
  if (compared.differences.length === 0) continue;
  failed++;
  console.error(compared.differences.join("\n"));
  console.error(`replay: npm run relink:random -- --seed ${first + done} --seeds ${size}`);
  if (size > 1)
    console.error("(a line begins with its program's seed: that one alone may show it too)");
}
console.log(`${lines} lines compared, ${failed} images differ`);
process.exit(failed === 0 ? 0 : 1);
