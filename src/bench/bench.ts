/**
 * `buddy bench`: runs the measurements of docs/BENCH.md against the real processes, prints each figure beside its
 * bar, and with `--write` puts them there (`bench-page.ts`). With a chip the simulator keeps that chip's pace.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import type { ChipName } from "../simulator/vm/chips.js";
import { systemClock } from "../time/clock.js";
import { benchPage, readKept, withMeasured, type Measured } from "./bench-page.js";
import { closedLoop, detection } from "./camera-figures.js";
import type { Figure } from "./figures.js";
import { cableFigures } from "./cable-figures.js";
import { loadFigures } from "./load-figures.js";
import { recoveries, silentPeers } from "./recovery-figures.js";
import { Rig } from "./rig.js";
import { commandRoundTrip, faceLatency, heap, servoRates } from "./robot-figures.js";
import { startTimes } from "./start-figures.js";
import { turnFigures } from "./turn-figures.js";

/** A measurement of a running robot. */
interface RigBench {
  readonly camera: "demo" | "none";
  /** Without idle motion: each movement is then the answer to what was sent. */
  readonly isStill?: boolean;
  /** With a USB cable beside its network. */
  readonly hasCable?: boolean;
  run(rig: Rig, minutes: number): Promise<Figure[]>;
}

/** A measurement that needs no robot, or starts its own. */
interface OwnBench {
  readonly camera?: undefined;
  /** False where a chip makes no difference: it is measured without one only. */
  readonly hasRobot: boolean;
  run(chip: ChipName | undefined, minutes: number): Promise<Figure[]>;
}

type Bench = RigBench | OwnBench;

const BENCHES: Readonly<Record<string, Bench>> = {
  start: { hasRobot: true, run: (chip) => startTimes(5, chip) },
  heap: { camera: "none", run: (rig) => heap(rig) },
  latency: { camera: "none", isStill: true, run: (rig) => faceLatency(rig, 200) },
  command: { camera: "none", run: (rig) => commandRoundTrip(rig, 500) },
  servo: { camera: "none", isStill: true, run: (rig) => servoRates(rig, 15) },
  cable: {
    camera: "none",
    isStill: true,
    hasCable: true,
    run: (rig) => cableFigures(rig, 100, 15),
  },
  load: { camera: "none", run: (rig, minutes) => loadFigures(rig, minutes * 60) },
  detection: { camera: "demo", run: (rig) => detection(rig, 15) },
  loop: { camera: "demo", isStill: true, run: (rig) => closedLoop(rig, 12) },
  turn: { camera: "none", run: (rig) => turnFigures(rig, 20) },
  silence: { camera: "none", run: (rig) => silentPeers(rig, 10) },
  recovery: { camera: "none", run: (rig) => recoveries(rig, 20) },
  effort: {
    hasRobot: false,
    run: async (_chip, minutes) => (await import("./effort-figures.js")).effortFigures(minutes),
  },
  memory: {
    hasRobot: false,
    run: async (_chip, minutes) => (await import("./memory-figures.js")).memoryFigures(minutes),
  },
  policies: {
    hasRobot: false,
    run: async () => (await import("./policy-figures.js")).policyCosts(15, 5000),
  },
};

export const BENCH_NAMES: readonly string[] = Object.keys(BENCHES);

export interface BenchOptions {
  readonly json: boolean;
  readonly write: boolean;
  /** Whose pace the simulator keeps. */
  readonly chip?: ChipName | undefined;
  /** Length of the parts "load", "effort" and "memory". */
  readonly minutes: number;
}

/** Runs the named benches, all for none. @returns the exit code: 1 when a bar is not met. */
export async function bench(names: readonly string[], options: BenchOptions): Promise<number> {
  const { chip } = options;
  const parts: { name: string; measured: Measured }[] = [];
  for (const name of names.length > 0 ? names : BENCH_NAMES) {
    const one = BENCHES[name] as Bench;
    if (chip !== undefined && one.camera === undefined && !one.hasRobot) continue;
    const load = loadavg()[0] ?? 0;
    process.stderr.write(`bench ${name} …\n`);
    const figures = await figuresOf(name, one, options);
    parts.push({ name, measured: { ...machine(), load, figures } });
    if (!options.json) for (const figure of figures) process.stdout.write(`${line(figure)}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ chip, parts })}\n`);
  if (options.write) {
    const file = join(packageRoot(), "docs/bench.json");
    const before = existsSync(file) ? readKept(readFileSync(file, "utf8")) : {};
    const kept = withMeasured(before, chip ?? "pc", parts);
    writeFileSync(file, `${JSON.stringify(kept, undefined, 1)}\n`);
    writeFileSync(join(packageRoot(), "docs/BENCH.md"), benchPage(kept, BENCH_NAMES));
  }
  return parts.every(({ measured }) => measured.figures.every(({ isMet }) => isMet)) ? 0 : 1;
}

/** A part that cannot be measured is not met, and the others are measured all the same. */
async function figuresOf(name: string, bench: Bench, options: BenchOptions): Promise<Figure[]> {
  try {
    return await measure(bench, options.chip, options.minutes);
  } catch (error) {
    const value = (error as Error).message;
    return [{ what: `${name}: could not be measured`, value, bar: "", isMet: false, count: 0 }];
  }
}

async function measure(
  bench: Bench,
  chip: ChipName | undefined,
  minutes: number,
): Promise<Figure[]> {
  if (bench.camera === undefined) return bench.run(chip, minutes);
  const rig = await Rig.start(bench.camera, chip, bench.hasCable ? "cable-sim" : "sim");
  try {
    if (bench.isStill === true) await rig.command("IDLE_MOTION:off");
    return await bench.run(rig, minutes);
  } finally {
    await rig.stop();
  }
}

function line({ what, value, bar, isMet, count }: Figure): string {
  const verdict = !isMet ? "MISS" : bar === "" ? "    " : "met ";
  return `${verdict}  ${what.padEnd(58)} ${value.padStart(26)}  ${bar.padEnd(16)} n=${count}`;
}

function machine(): Pick<Measured, "date" | "commit" | "machine"> {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], {
    cwd: packageRoot(),
    encoding: "utf8",
  }).trim();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const cpu = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`;
  return {
    date: new Date(systemClock.wallMs()).toISOString().slice(0, 16).replace("T", " "),
    commit,
    machine: `${cpu}, ${memoryGb} GB, Node ${process.version}`,
  };
}
