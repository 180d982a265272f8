/**
 * | command                               | does                                                                          |
 * | ------------------------------------- | ----------------------------------------------------------------------------- |
 * | `npm run drill:mutations`             | breaks each line of the list in a copy of the tree; its drill must turn red   |
 * | `npm run drill:mutations -- NAME …`   | those of these drills                                                         |
 * | `… --write`                           | keeps what came of them in docs/DRILL-MUTATIONS.md                            |
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stampOf } from "../../src/drill/run/stamp.js";
import { TreeCopy } from "./copy.js";
import { MUTATIONS, type Mutation } from "./mutations.js";
import { mergeVerdicts, mutationPage, readVerdicts, type Verdict } from "./report.js";

const DRILL_MS_MAX = 400_000;
const PAGE = join(import.meta.dirname, "../../docs/DRILL-MUTATIONS.md");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean", default: false } },
});
const unknown = positionals.filter((name) => !MUTATIONS.some(({ drill }) => drill === name));
if (unknown.length > 0) {
  throw new RangeError(`no mutation for ${unknown.join(", ")}; there are those of the drills`);
}
const chosen = MUTATIONS.filter(
  ({ drill }) => positionals.length === 0 || positionals.includes(drill),
);
const { date, commit, machine } = stampOf();
const stamp = `${date}, ${commit}, ${machine}`;
const copy = new TreeCopy();
let areAllRed = true;
try {
  for (const mutation of chosen) {
    const verdict = await tried(mutation);
    areAllRed &&= verdict.isRed;
    console.log(
      `${verdict.isRed ? "red  " : "NOT RED"} ${mutation.drill}: ${mutation.name}: ${verdict.says}`,
    );
    if (!values.write) continue;
    const before = existsSync(PAGE) ? readVerdicts(readFileSync(PAGE, "utf8")) : [];
    writeFileSync(PAGE, mutationPage(mergeVerdicts(before, [verdict], MUTATIONS)));
  }
} finally {
  copy.remove();
}
process.exit(areAllRed ? 0 : 1);

async function tried(mutation: Mutation): Promise<Verdict> {
  const mend = copy.break(mutation);
  try {
    const { code, stdout, stderr } = await runDrill(mutation);
    const { drill, name, file } = mutation;
    return { drill, name, file, ...judge(code, stdout, stderr), stamp };
  } finally {
    copy.endLeft();
    mend();
  }
}

/** Red is a drill that was run and did not hold; one that could not be run proves nothing. */
function judge(
  code: number | null,
  stdout: string,
  stderr: string,
): Pick<Verdict, "isRed" | "says"> {
  if (code === 0) return { isRed: false, says: "the drill held" };
  try {
    const told = JSON.parse(stdout) as { records: { runs: { outcome: string; why: string }[] }[] };
    const run = told.records[0]?.runs.find(({ outcome }) => outcome !== "held");
    const says = run?.why.split("\n", 1)[0] ?? "it said nothing";
    return { isRed: run?.outcome === "failed" && !says.startsWith("it did not start"), says };
  } catch {
    const lines = stderr.trim().split("\n");
    const why = lines.findLast((line) => line.includes("Error")) ?? lines.at(-1);
    return { isRed: false, says: `it was not run: ${why}` };
  }
}

function runDrill({
  drill,
  repeat = 1,
}: Mutation): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const args = ["dist/src/cli.js", "drill", drill, "--json", "--repeat", String(repeat)];
    const child = spawn(process.execPath, args, { cwd: copy.dir, timeout: DRILL_MS_MAX });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
