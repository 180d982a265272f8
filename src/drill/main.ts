/** `buddy drill`: runs the named drills, all for none, one after the other. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import { seededChance } from "../time/chance.js";
import { systemClock } from "../time/clock.js";
import { DRILLS } from "./drills.js";
import type { Drill } from "./run/drill.js";
import { drillPage, resultLine, type DrillRow, type DrillStamp } from "./run/report.js";
import { runDrill } from "./run/run.js";

export const DRILL_NAMES: readonly string[] = DRILLS.map(({ name }) => name);

export interface DrillOptions {
  readonly json: boolean;
  /** Write docs/DRILLS.md. */
  readonly write: boolean;
  readonly seed: number;
}

/** @returns the exit code: 0 when every drill held, 1 when one failed or could not be run. */
export async function drill(names: readonly string[], options: DrillOptions): Promise<number> {
  const chosen = DRILLS.filter(({ name }) => names.length === 0 || names.includes(name));
  const rows: DrillRow[] = [];
  for (const one of chosen) {
    process.stderr.write(`drill ${one.name} …\n`);
    const row: DrillRow = { drill: one, result: await runDrill(one, chanceOf(one, options.seed)) };
    rows.push(row);
    if (!options.json) process.stdout.write(`${resultLine(row)}\n`);
  }
  const stamp = stampOf(options.seed);
  if (options.json) {
    const results = rows.map(({ result }) => result);
    process.stdout.write(`${JSON.stringify({ ...stamp, results })}\n`);
  }
  if (options.write) writeFileSync(join(packageRoot(), "docs/DRILLS.md"), drillPage(rows, stamp));
  return rows.every(({ result }) => result.outcome === "held") ? 0 : 1;
}

/** Each drill has its own sequence, so that one alone meets the moment it meets among all. */
function chanceOf({ name }: Drill, seed: number): ReturnType<typeof seededChance> {
  const salt = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return seededChance((seed ^ salt) >>> 0);
}

function stampOf(seed: number): DrillStamp {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], {
    cwd: packageRoot(),
    encoding: "utf8",
  }).trim();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date(systemClock.wallMs()).toISOString().slice(0, 16).replace("T", " "),
    commit,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${memoryGb} GB, Node ${process.version}`,
    seed,
  };
}
