/** `buddy drill`: runs the named drills, all for none, one after the other, and keeps what came of them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import { untilSignal } from "../host/signals.js";
import { systemClock } from "../time/clock.js";
import { DRILLS } from "./drills.js";
import { drillPlot } from "./run/plot.js";
import { drillPage, intoReadme, readmeTable, resultLine } from "./run/report.js";
import {
  mergeRecords,
  readRecords,
  writeRecords,
  type DrillRecord,
  type RunResult,
} from "./run/results.js";
import { runPlan } from "./run/schedule.js";
import { stampOf } from "./run/stamp.js";

export const DRILL_NAMES: readonly string[] = DRILLS.map(({ name }) => name);

export interface DrillOptions {
  readonly json: boolean;
  /** Put what came of it into docs/drills.json, docs/DRILLS.md, docs/drills.svg and README.md. */
  readonly write: boolean;
  readonly seed: number;
  /** Repeats of each drill. */
  readonly repeat: number;
  /** The robot keeps the pace of that chip. */
  readonly chip: string | undefined;
  /** No repeat is begun after so long; undefined: no limit. */
  readonly minutes: number | undefined;
}

/** The column of a robot that is as fast as the machine. */
const NO_CHIP = "sim";

/** A shell's code for a command that Ctrl-C ended: the Buddy that ran is ended then, the drill that was under way may still wait. */
const INTERRUPTED = 130;

/** @returns the exit code: 0 when every repeat held, 1 when one failed or could not be run, or `INTERRUPTED`. */
export async function drill(names: readonly string[], options: DrillOptions): Promise<number> {
  const { chip, seed, repeat, minutes } = options;
  const column = chip ?? NO_CHIP;
  const chosen = DRILLS.filter(({ name, isOfLink, isOnlyByName }) => {
    if (names.length > 0) return names.includes(name);
    return isOnlyByName !== true && (chip === undefined || isOfLink === true);
  });
  const stamp = { ...stampOf(), column, seed };
  const runs = new Map<string, RunResult[]>();
  const recordOf = (name: string): DrillRecord => ({
    drill: name,
    ...stamp,
    runs: runs.get(name) ?? [],
  });
  const before = options.write ? readRecords(readDoc("docs/drills.json")) : [];
  const startMs = systemClock.nowMs();
  const abort = new AbortController();
  const over = new AbortController();
  untilSignal(over.signal).then(
    () => abort.abort(),
    () => undefined, // All drills are done: nobody waits for a signal any more.
  );
  await runPlan({
    abort: abort.signal,
    drills: chosen,
    repeat,
    seed,
    flags: chip === undefined ? [] : ["--chip", chip],
    endMs: minutes === undefined ? Number.POSITIVE_INFINITY : startMs + minutes * 60_000,
    done: ({ name }) =>
      before.find(
        (one) => one.drill === name && one.column === column && one.commit === stamp.commit,
      )?.runs.length ?? 0,
    onStart: () => process.stderr.write("drill: a Buddy starts …\n"),
    onResult: (one, done) => {
      const result = { ...done, load: Math.round(loadavg()[0] ?? 0) };
      runs.set(one.name, [...(runs.get(one.name) ?? []), result]);
      if (!options.json) process.stdout.write(`${resultLine(one, result)}\n`);
    },
    // At once: a run of many hours must not be lost by its end.
    onDone: () => options.write && keep(before, [...runs.keys()].map(recordOf)),
  });
  over.abort();
  const records = [...runs.keys()].map(recordOf);
  if (options.json) process.stdout.write(`${JSON.stringify({ ...stamp, records })}\n`);
  if (options.write) keep(before, records);
  const results = [...runs.values()].flat();
  const held = results.filter(({ outcome }) => outcome === "held").length;
  const minutesTaken = ((systemClock.nowMs() - startMs) / 60_000).toFixed(1);
  process.stderr.write(`drill: ${held} of ${results.length} held, ${minutesTaken} min\n`);
  if (abort.signal.aborted) return INTERRUPTED;
  return results.length > 0 && held === results.length ? 0 : 1;
}

/** Writes everything that is made of the results. */
function keep(before: readonly DrillRecord[], now: readonly DrillRecord[]): void {
  const merged = mergeRecords(before, now, DRILL_NAMES);
  const write = (name: string, text: string): void =>
    writeFileSync(join(packageRoot(), name), text);
  write("docs/drills.json", writeRecords(merged));
  write("docs/DRILLS.md", drillPage(DRILLS, merged));
  write("docs/drills.svg", drillPlot(DRILLS, merged, NO_CHIP));
  write("README.md", intoReadme(readDoc("README.md"), readmeTable(DRILLS, merged)));
}

function readDoc(name: string): string {
  const path = join(packageRoot(), name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
