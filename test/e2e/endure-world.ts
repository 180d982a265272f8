/**
 * One robot that outlives its companion: the simulator runs in the test's own process, where each servo packet and each line of the
 * VM is seen at its time, and the companion is started, killed and started again beside it, as a user's would be.
 */
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { deviceIdOf, SimulatedRobot } from "../../src/simulator/simulator.js";
import { systemClock } from "../../src/time/clock.js";
import type { RobotState } from "../../src/state/buddy-state.js";
import { freePort } from "../support/free-ports.js";
import {
  getJson,
  PlainRobot,
  root,
  startBuddy,
  within,
  type BuddyProcess,
} from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";

// The Jacdac library prints its own comings and goings.
console.debug = () => undefined;

const SETTLED_MS_MAX = 30_000;
const PRIORITY = constants.priority.PRIORITY_HIGHEST;
/** A hand-over of the doors between two companions. */
const TRY_MS_MAX = 800;

const LOADED = /^state of generation (\d+) from/;

/** What `SELF` tells, as far as the drills look at it. */
export interface Self {
  readonly idleMotion: boolean;
  readonly boot: { readonly count: number; readonly panics: number };
  readonly saved: {
    readonly generation: number;
    /** -1 until it has saved in this boot. */
    readonly ageS: number;
    readonly origin: string;
    readonly offer: string;
  };
  readonly companion: { readonly stage: string; readonly silenceS: number };
  readonly duties: { readonly faults: number; readonly pauseMs: number };
  readonly wifi: { readonly losses: number; readonly outageMs: number };
}

export interface ServoPacket {
  readonly axis: string;
  readonly deg: number;
  /** `systemClock.nowMs`. */
  readonly tMs: number;
}

export class World {
  readonly robot: SimulatedRobot;
  /** Lines of the robot's console, oldest first. */
  readonly said: string[] = [];
  readonly servo: ServoPacket[] = [];
  panics = 0;
  /** What else the machine does costs the robot no time, as on a board. */
  hasOwnProcessor = false;
  companion: BuddyProcess | undefined;

  private constructor(
    private readonly dir: string,
    private readonly linkPort: number,
    key: string,
  ) {
    this.robot = new SimulatedRobot({
      dataDir: this.robotDir,
      firmware: join(root, "dist/firmware/sim.devs"),
      deviceId: deviceIdOf("endurance"),
      link: { host: "127.0.0.1", port: linkPort, key },
      clock: systemClock,
    });
    this.robot.on("console", (text) => this.said.push(text));
    this.robot.on("panic", () => (this.panics += 1));
    this.robot.on("servo", (axis, deg, tMs) => this.servo.push({ axis, deg, tMs }));
  }

  static async start(): Promise<World> {
    const dir = mkdtempSync(join(tmpdir(), "buddy-endure-"));
    const key = randomBytes(32).toString("hex");
    writeFileSync(join(dir, "link.key"), `${key}\n`, { mode: 0o600 });
    // What it would say by its own wish ends the loop that is watched, and its gesture is none of the robot's own life.
    writeFileSync(join(dir, "mind.json"), '{"speaksUp":false}\n', { mode: 0o600 });
    const port = await freePort();
    const world = new World(dir, port as number, key);
    try {
      const companion = world.startCompanion();
      world.hasOwnProcessor = raisePriority();
      await Promise.all([world.robot.start(), companion]);
      await world.settled();
    } catch (error) {
      await world.end();
      throw error;
    }
    return world;
  }

  get robotDir(): string {
    return join(this.dir, "robot");
  }

  async startCompanion(): Promise<void> {
    // A robot that is not the companion's to start: any device's name but "sim".
    const flags = ["--robot", "elsewhere", "--camera", "none", "--link-port", `${this.linkPort}`];
    this.companion = await startBuddy(flags, { dataDir: this.dir });
  }

  /** As a power cut of the companion's machine. */
  async killCompanion(): Promise<void> {
    await this.companion?.stop("SIGKILL");
    this.companion = undefined;
  }

  async end(): Promise<void> {
    await this.companion?.stop();
    await this.robot.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async state(): Promise<RobotState> {
    return (await getJson(this.door("page"), "/api/state"))["robot"] as RobotState;
  }

  /** A plain client's connection for the time of `talk`. */
  async with<T>(talk: (robot: PlainRobot) => Promise<T>): Promise<T> {
    const robot = new PlainRobot(this.door("robotWs"));
    try {
      await within(TRY_MS_MAX, "the greeting", robot.open());
      return await talk(robot);
    } finally {
      robot.close();
    }
  }

  ask(line: string): Promise<Record<string, unknown>> {
    return this.with((robot) => robot.ask(line));
  }

  async self(): Promise<Self> {
    return (await this.ask("SELF")) as unknown as Self;
  }

  /** Waits until it answers; @returns what it says of itself. */
  answering(limitMs = SETTLED_MS_MAX): Promise<Self> {
    return until("the robot to answer", limitMs, () => this.self().catch(() => undefined), 5);
  }

  /** Waits until nothing is in flight: it lives with a state that is saved, and the mirror holds the same. */
  async settled(limitMs = SETTLED_MS_MAX): Promise<Self> {
    let last = "";
    const look = async (): Promise<Self | undefined> => {
      const self = await this.self().catch(() => undefined);
      const generation = self?.saved?.generation ?? 0;
      const mirrored = (await this.mirrored().catch(() => undefined)) ?? 0;
      last = `mirror ${mirrored}, robot ${JSON.stringify(self)}`;
      // Each boot saves; before that, what it says of itself is one boot ahead of what is saved.
      const hasSaved = generation > this.loadedGeneration() && (self?.saved.ageS ?? -1) >= 0;
      return hasSaved && generation === mirrored ? self : undefined;
    };
    try {
      return await until("robot and mirror to agree", limitMs, look, 10);
    } catch (error) {
      const tail = this.said.slice(-12).join("\n");
      throw new Error(`${(error as Error).message}: ${last}\n${tail}`, { cause: error });
    }
  }

  /** Generation that the VM's last boot found in its own store; 0 for none. */
  private loadedGeneration(): number {
    const line = this.said.findLast((text) => LOADED.test(text)) ?? "";
    return Number(LOADED.exec(line)?.[1] ?? 0);
  }

  /** Generation that the mirror keeps. */
  async mirrored(): Promise<number> {
    return (await this.state()).saved?.mirror?.generation ?? 0;
  }

  private door(name: "page" | "robotWs"): string {
    const { companion } = this;
    if (companion === undefined) throw new Error("the companion is away");
    return companion.runtime[name];
  }
}

/**
 * A robot has its processor to itself; here the VM shares one with everything else, and waiting for it would be measured as
 * a pause of the head. Processes started from now on, the VM's, go first. False where this user may not ask for that.
 */
function raisePriority(): boolean {
  try {
    setPriority(PRIORITY);
    return true;
  } catch {
    return false; // The figures say so.
  }
}

/** One line of figures for people and programs; also to the file `ENDURE_LOG`, if it is given. */
export function tell(figures: Record<string, unknown>): void {
  const line = JSON.stringify(figures);
  console.log(line);
  const file = process.env["ENDURE_LOG"];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}

/** Whole number from the environment. */
export function count(name: string, otherwise: number): number {
  return Number(process.env[name] ?? otherwise);
}

/** The value that `share` of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
