/**
 * `npm run injuries`: starts Buddy on a data directory once for each file and each injury of it, and prints what came of it;
 * status 1 when one of them is a fault. `-- --write` keeps the table in `docs/DATADIR.md`, `--file NAME` and `--injury NAME` choose.
 */
import { rmSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stampOf } from "../../src/drill/run/stamp.js";
import { filesOf, makePast, tryCase, type CaseResult } from "./case.js";
import { INJURIES } from "./injuries.js";
import { faultOf, tableOf } from "./table.js";

/** Starts beside each other: they wait more than they work. */
const AT_A_TIME = 3;
const PAGE = join(import.meta.dirname, "../../docs/DATADIR.md");
const MARK = "<!-- written by npm run injuries -- --write -->";

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    file: { type: "string" },
    injury: { type: "string" },
  },
});

if (values.write && (values.file ?? values.injury) !== undefined) {
  throw new RangeError("--write keeps the whole table: not with --file or --injury");
}
const past = await makePast();
const results: CaseResult[] = [];
try {
  const files = chosen("--file", values.file, filesOf(past));
  const injuries = chosen("--injury", values.injury, Object.keys(INJURIES));
  const cases = files.flatMap((file) => injuries.map((injury) => ({ file, injury })));
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < cases.length; at = next++) {
      const { file, injury } = cases[at] as (typeof cases)[number];
      const result = await tryCase(past, file, injury);
      results[at] = result;
      const { outcome, seconds, lost } = result;
      const fault = faultOf(result);
      const left = fault ?? (lost.length > 0 ? `lost ${lost.join(", ")}` : "nothing lost");
      console.log(`${file}, ${injury}: ${outcome} after ${seconds} s, ${left}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
} finally {
  rmSync(past, { recursive: true, force: true });
}
const faults = results.filter((result) => faultOf(result) !== undefined).length;
console.log(`${results.length} cases, ${faults} faults`);
if (values.write) {
  const { date, commit, machine } = stampOf();
  const [head] = readFileSync(PAGE, "utf8").split(MARK);
  const facts = `${date} UTC, commit ${commit}, ${machine}: ${results.length} cases, ${faults} faults.`;
  writeFileSync(PAGE, `${head}${MARK}\n\n${facts}\n\n${tableOf(results)}\n`);
}
process.exit(faults === 0 ? 0 : 1);

/** @throws RangeError that says what there is */
function chosen(
  option: string,
  name: string | undefined,
  there: readonly string[],
): readonly string[] {
  if (name === undefined) return there;
  if (there.includes(name)) return [name];
  throw new RangeError(`${option}: expected one of ${there.join(", ")}; got ${name}`);
}
