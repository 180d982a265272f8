/** What the simulator's process tests share: one build of the test program, robots that always end, waits. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Settings } from "../../src/simulator/provision.js";
import { deviceIdOf, SimulatedRobot } from "../../src/simulator/simulator.js";
import type { RobotOptions } from "../../src/simulator/simulator-types.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { root } from "./buddy-process.js";

const cli = join(root, "node_modules/@devicescript/cli/devicescript");
const program = join(root, "test/device/programs/simulated.ts");
const BUILD_MS_MAX = 120_000;

/** A folder that is gone after the test run. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "buddy-sim-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Compiles the test program, once per version of it; resolves with the bytecode's path. */
export async function buildProgram(): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(program)).digest("hex").slice(0, 16);
  const cache = join(root, "node_modules/.cache/buddy-test", digest);
  if (!existsSync(cache)) {
    const bin = await compile();
    // Whole or not at all: two test processes may build at once, and one of them wins.
    mkdirSync(join(cache, "../e2e"), { recursive: true });
    const part = `${cache}.${process.pid}`;
    cpSync(bin, part, { recursive: true });
    if (existsSync(cache)) rmSync(part, { recursive: true });
    else renameSync(part, cache);
  }
  return join(cache, "bytecode.devs");
}

/**
 * In a folder of its own, because the compiler writes to fixed places in the current one. As compiled: the relinker would take
 * out the very mistakes that the program makes on purpose.
 */
async function compile(): Promise<string> {
  const folder = scratch();
  writeFileSync(join(folder, "devsconfig.json"), "{}");
  writeFileSync(join(folder, "package.json"), "{}");
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  // The compiler writes the modules of the boards that it finds into its library, for the types of the firmware too.
  cpSync(join(root, "boards"), join(folder, "boards"), { recursive: true });
  mkdirSync(join(folder, "src"));
  cpSync(program, join(folder, "src/simulated.ts"));
  await promisify(execFile)(process.execPath, [cli, "build", "src/simulated.ts"], {
    cwd: folder,
    env: { ...process.env, BUDDY_IMAGE: "compiled" },
    timeout: BUILD_MS_MAX,
  });
  return join(folder, ".devicescript/bin");
}

const running = new Set<SimulatedRobot>();

/** A robot with everything it said. */
export class Watched {
  readonly robot: SimulatedRobot;
  readonly said: string[] = [];
  readonly lost: string[] = [];
  readonly panics: number[] = [];
  readonly servo: { axis: string; deg: number; tMs: number }[] = [];
  ups = 0;
  restarts = 0;

  constructor(readonly options: RobotOptions) {
    const robot = new SimulatedRobot(options);
    this.robot = robot;
    running.add(robot);
    robot.on("console", (text) => this.said.push(text));
    robot.on("talk", (text) => this.said.push(`| ${text}`));
    robot.on("lost", (why) => this.lost.push(why));
    robot.on("panic", (code) => this.panics.push(code));
    robot.on("restart", () => (this.restarts += 1));
    robot.on("up", () => (this.ups += 1));
    robot.on("servo", (axis, deg, tMs) => this.servo.push({ axis, deg, tMs }));
    robot.on("unprovisioned", (error) => this.said.push(`! ${error.message}`));
  }

  /** Resolves with the first line that matches, from line `from` on. */
  async line(pattern: RegExp, msMax = 20_000, from = 0): Promise<string> {
    const find = (): string | undefined => this.said.slice(from).find((text) => pattern.test(text));
    return until(() => `a line ${pattern}\n${this.said.join("\n")}`, msMax, find);
  }
}

/** Starts a robot with the test program in the given mode; the caller may keep its folder for another one. */
export async function startRobot(
  mode: string,
  options: Partial<RobotOptions> = {},
): Promise<Watched> {
  const settings: Settings = { mode, ...options.settings };
  const watched = new Watched({
    dataDir: options.dataDir ?? scratch(),
    firmware: await buildProgram(),
    deviceId: deviceIdOf("test robot"),
    clock: systemClock,
    ...options,
    settings,
  });
  await watched.robot.start();
  return watched;
}

/** Ends every robot of the test. */
export async function stopRobots(): Promise<void> {
  for (const robot of running) await robot.stop();
  running.clear();
}
