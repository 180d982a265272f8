/** A Buddy that drills are done to: its data directory, what it needs beside it, its doors, and the same again after it was killed. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchBuddy, startBuddy, type BuddyProcess } from "./buddy-process.js";
import { MemoryGroup } from "./memory-group.js";
import { ModelDouble } from "./model-double.js";
import { Probe } from "./probe.js";

/**
 * model: a double of a language model's server · smallDisk: a data directory on a file system of its own that a drill can fill ·
 * fakeClock: all processes see the wall clock that `setClock` says (libfaketime) · memoryGroup: all processes share a memory
 * limit that a drill can set.
 */
export type Need = "model" | "smallDisk" | "fakeClock" | "memoryGroup";

export interface StageOptions {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly needs: readonly Need[];
}

/** Logs, database and a robot's flash fit in, with room for what a drill writes meanwhile. */
const SMALL_DISK_MB = 12;
const FAKETIME = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
].find((path) => existsSync(path));

/** Why something that is needed is not to be had here; undefined when all is. */
export function whyNot(needs: readonly Need[]): string | undefined {
  if (needs.includes("fakeClock") && FAKETIME === undefined) return "no libfaketime here";
  if (needs.includes("memoryGroup") && !MemoryGroup.canBe()) {
    return "this user may not limit the memory of a group of processes";
  }
  if (!needs.includes("smallDisk")) return undefined;
  const dir = mkdtempSync(join(tmpdir(), "buddy-mount-"));
  try {
    mountSmallDisk(dir);
    unmount(dir);
    return undefined;
  } catch {
    return "this user may not mount a small file system";
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What was set up for one drill. */
interface Scenery {
  readonly options: StageOptions;
  readonly dataDir: string;
  readonly scratch: string;
  readonly model: ModelDouble | undefined;
  readonly memory: MemoryGroup | undefined;
  readonly buddy: BuddyProcess;
}

export class Stage {
  readonly probe: Probe;

  readonly dataDir: string;
  readonly model: ModelDouble | undefined;
  readonly memory: MemoryGroup | undefined;
  private readonly options: StageOptions;
  private readonly scratch: string;

  private constructor({ options, dataDir, scratch, model, memory, buddy }: Scenery) {
    this.options = options;
    this.dataDir = dataDir;
    this.scratch = scratch;
    this.model = model;
    this.memory = memory;
    this.probe = new Probe(buddy);
  }

  /** @throws Error when it does not come up */
  static async start(options: StageOptions): Promise<Stage> {
    const scratch = mkdtempSync(join(tmpdir(), "buddy-drill-"));
    const dataDir = join(scratch, "data");
    const { needs } = options;
    let model: ModelDouble | undefined;
    let memory: MemoryGroup | undefined;
    try {
      if (needs.includes("smallDisk")) mountSmallDisk(dataDir);
      if (needs.includes("model")) {
        model = new ModelDouble();
        await model.start();
      }
      if (needs.includes("fakeClock")) writeFileSync(clockFile(scratch), "+0");
      if (needs.includes("memoryGroup")) memory = MemoryGroup.make();
      const env = { ...options.env, ...model?.env, ...fakeClockEnv(needs, scratch) };
      const under = memory?.under ?? [];
      const buddy = await startBuddy(options.flags, { dataDir, env, under });
      const asked = { ...options, env };
      return new Stage({ options: asked, dataDir, scratch, model, memory, buddy });
    } catch (error) {
      await model?.stop();
      await memory?.remove();
      remove(scratch, needs);
      throw error;
    }
  }

  /** Sets the wall clock of all its processes so many seconds before or after the true one. */
  setClock(offsetS: number): void {
    writeFileSync(clockFile(this.scratch), `${offsetS < 0 ? "" : "+"}${offsetS}`);
  }

  /** Starts it again after its process has ended, on the same data directory and doors. It may not be ready yet. */
  startAgain(): void {
    const { runtime } = this.probe.buddy;
    const port = (door: string): string => door.slice(door.lastIndexOf(":") + 1);
    const doors = [
      ["--port", runtime.page],
      ["--vision-port", runtime.visionApi],
      ["--ws-port", runtime.robotWs],
      ["--udp-port", runtime.robotUdp],
      ["--link-port", runtime.link],
    ].flatMap(([name = "", door = ""]) => [name, port(door)]);
    const launched = launchBuddy([...this.options.flags, ...doors], {
      dataDir: this.dataDir,
      env: { ...this.options.env },
    });
    this.probe.buddy = { ...launched, runtime, readyMs: Number.NaN };
  }

  /** Ends it, also one that was killed or never came up. */
  async stop(): Promise<void> {
    try {
      await this.probe.buddy.stop();
    } finally {
      await this.model?.stop();
      await this.memory?.remove();
      remove(this.scratch, this.options.needs);
    }
  }
}

function clockFile(scratch: string): string {
  return join(scratch, "clock");
}

function fakeClockEnv(needs: readonly Need[], scratch: string): Record<string, string> {
  if (!needs.includes("fakeClock") || FAKETIME === undefined) return {};
  return {
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: clockFile(scratch),
    FAKETIME_NO_CACHE: "1",
    // A clock that is set moves the wall clock only.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    TZ: "Europe/Berlin",
  };
}

function mountSmallDisk(dir: string): void {
  execFileSync("mkdir", ["-p", "-m", "0700", dir]);
  const size = `size=${SMALL_DISK_MB}m,mode=0700`;
  execFileSync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", dir], { stdio: "ignore" });
}

function unmount(dir: string): void {
  execFileSync("umount", ["-l", dir], { stdio: "ignore" });
}

function remove(scratch: string, needs: readonly Need[]): void {
  if (needs.includes("smallDisk")) unmount(join(scratch, "data"));
  rmSync(scratch, { recursive: true, force: true });
}
