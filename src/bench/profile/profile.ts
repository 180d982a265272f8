/**
 * `buddy profile`: what the firmware costs, counted exactly in the stock VM (`simulator/vm/vm-profile.cjs`) under named
 * scenarios. The counts do not depend on the machine or its load; where a second begins and ends does, and the robot's
 * chance is its own, so that two runs differ by a few per cent (docs/BENCH.md).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../host/package-root.js";
import type { VmProfile } from "../../simulator/vm/vm-answers.js";
import { differences } from "./compare.js";
import { ProfileRig } from "./profile-rig.js";
import { scenarioText } from "./profile-text.js";
import { reportOf, type ScenarioReport } from "./report.js";
import { SCENARIOS, SCENARIO_NAMES, type Scenario, type ScenarioName } from "./scenarios.js";
import { sourceNames, type SourceNames } from "./source-names.js";

const WINDOW_MS = 1000;
/** The VM of a robot that boots answers nothing yet. */
const SILENT_WINDOWS_MAX = 10;

export interface ProfileOptions {
  /** Bytecode file; its debug information lies beside it. */
  readonly firmware?: string;
  /** Windows of a second each. */
  readonly seconds: number;
  readonly json: boolean;
  /** A file that `--json` wrote. */
  readonly compare?: string;
}

/** What `--json` prints. */
export interface ProfileFile {
  readonly format: 1;
  readonly firmwareBytes: number;
  readonly scenarios: { [name in ScenarioName]?: ScenarioReport };
}

/** @param asked none for all. @returns the exit code. */
export async function profile(
  asked: readonly ScenarioName[],
  options: ProfileOptions,
): Promise<number> {
  try {
    await run(asked.length > 0 ? asked : SCENARIO_NAMES, options);
    return 0;
  } catch (error) {
    process.stderr.write(`buddy profile: ${(error as Error).message}\n`);
    return 1;
  }
}

async function run(asked: readonly ScenarioName[], options: ProfileOptions): Promise<void> {
  const firmware = options.firmware ?? join(packageRoot(), "dist/firmware/sim.devs");
  const debug = firmware.replace(/\.devs$/, "-dbg.json");
  for (const file of [firmware, debug, options.compare ?? firmware]) {
    if (!existsSync(file)) throw new Error(`expected a file ${file}, found none`);
  }
  const before = options.compare === undefined ? undefined : readProfile(options.compare);
  const names = sourceNames(readFileSync(debug, "utf8"));
  const scenarios: ProfileFile["scenarios"] = {};
  for (const name of asked) {
    process.stderr.write(`profile ${name}: ${SCENARIOS[name].what} …\n`);
    const report = await measure(SCENARIOS[name], firmware, names, options.seconds);
    scenarios[name] = report;
    if (options.json) continue;
    process.stdout.write(`${scenarioText(name, SCENARIOS[name].what, report)}\n`);
    const old = before?.scenarios[name];
    if (old !== undefined) process.stdout.write(`${differences(old, report)}\n`);
  }
  const firmwareBytes = readFileSync(firmware).length;
  const file: ProfileFile = { format: 1, firmwareBytes, scenarios };
  if (options.json) process.stdout.write(`${JSON.stringify(file, undefined, 1)}\n`);
}

/** @throws when the file is not what `--json` wrote. */
function readProfile(path: string): ProfileFile {
  const file = JSON.parse(readFileSync(path, "utf8")) as ProfileFile;
  if (file.format !== 1 || typeof file.scenarios !== "object") {
    throw new Error(`expected a file that --json wrote (format 1), ${path} is none`);
  }
  return file;
}

/** Counts `seconds` windows of one scenario on a robot of its own. */
export async function measure(
  scenario: Scenario,
  firmware: string,
  names: SourceNames,
  seconds: number,
): Promise<ScenarioReport> {
  const rig = await ProfileRig.start(firmware);
  try {
    await scenario.load(rig);
    await rig.clock.sleep(scenario.warmUpMs);
    await rig.count();
    scenario.begin?.(rig);
    return reportOf(await windowsOf(rig, seconds), names);
  } finally {
    await rig.stop();
  }
}

async function windowsOf(rig: ProfileRig, seconds: number): Promise<VmProfile[]> {
  const windows: VmProfile[] = [];
  let silent = 0;
  while (windows.length < seconds) {
    await rig.clock.sleep(WINDOW_MS);
    const counted = await rig.count();
    if (counted !== undefined) windows.push(counted);
    else if (++silent > SILENT_WINDOWS_MAX) throw new Error("the VM does not tell its counts");
  }
  return windows;
}
