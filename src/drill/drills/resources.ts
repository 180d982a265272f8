/** What a system runs out of: room on its disk, a disk that may be written, memory, descriptors. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../time/clock.js";
import type { Drill, DrillContext } from "../run/drill.js";
import { descendants } from "../run/processes.js";

/** Fills a file system to its last byte. */
export function fill(path: string): void {
  for (const bytes of [65_536, 4096, 256, 1]) {
    const piece = Buffer.alloc(bytes, 1);
    try {
      for (;;) writeFileSync(path, piece, { flag: "a" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
}

/** Insufficient Storage: `WEB_NOT_SAVED`. */
const NOT_SAVED = 507;
/** Changes a second that are taken are limited to 20. */
const CHANGE_MS = 200;

/** What is done to the data directory's file system, and taken away again. */
interface DiskFault {
  /** How it is said in a step of the drill: "the disk is full". */
  readonly is: string;
  make(dataDir: string): void;
  /** Also when it was never made. */
  unmake(dataDir: string): void;
}

const diskDrill = {
  rows: ["A5", "C1", "C6"],
  steadyState: "The robot is linked, and a setting has been saved.",
  expectation:
    "It is said, what cannot be saved is refused, commands go on, and when the disk takes it all is saved again without a restart.",
  noticeMsMax: 15_000,
  recoverMsMax: 15_000,
  flags: ["--camera", "none"],
  needs: ["smallDisk"],
} as const;

async function saveOn(context: DrillContext, fault: DiskFault): Promise<void> {
  const { probe, stage, inject, noticed, heal, recovered, holds, lost, atEnd, chance } = context;
  const saved = 1 + Math.floor(chance.next() * 20);
  if ((await probe.set({ perHourMax: saved })) !== 200) throw new Error("a setting was refused");
  // The simulated robot's flash lies on that disk, too, which a robot's does not: whether its VM lives on proves nothing.
  const parts = async (): Promise<string> =>
    (await probe.pids()).filter((one) => !one.startsWith("vm ")).join();
  const before = await parts();
  let kept = saved;
  let refused = 0;
  const unmake = (): void => fault.unmake(stage.dataDir);
  atEnd(unmake);
  await inject(() => fault.make(stage.dataDir));
  await noticed(`the page to say that ${fault.is}`, async () => {
    const status = await probe.set({ perHourMax: saved + 20 });
    if (status === 200) kept = saved + 20;
    if (status === NOT_SAVED) refused++;
    await systemClock.sleep(CHANGE_MS);
    return (await probe.level("disk")) === "bad";
  });
  holds("what could not be saved was refused", refused > 0);
  const query = await probe.command("QUERY");
  holds("commands go on", query?.["emotion"] !== undefined);
  // What was refused may hold until the companion stops; the file has what was acknowledged.
  const file = JSON.parse(readFileSync(join(stage.dataDir, "mind.json"), "utf8")) as object;
  const isKept = "perHourMax" in file && file.perHourMax === kept;
  lost("acknowledged settings", isKept ? 0 : 1, 1);
  holds("what was acknowledged holds", isKept);
  await heal(unmake);
  await recovered("a setting to be saved, and nothing to be said of the disk", async () => {
    await systemClock.sleep(CHANGE_MS);
    const status = await probe.set({ perHourMax: saved + 30 });
    return status === 200 && (await probe.level("disk")) !== "bad";
  });
  holds("no part was started anew", (await parts()) === before);
}

export const diskFull: Drill = {
  ...diskDrill,
  name: "disk-full",
  fault:
    "The file system of the data directory is filled to its last byte; the room is given back after it was noticed.",
  doesNotShow: "A disk that fails: that is the world's.",
  run: (context) =>
    saveOn(context, {
      is: "the disk is full",
      make: (dataDir) => fill(join(dataDir, "filler")),
      unmake: (dataDir) => rmSync(join(dataDir, "filler"), { force: true }),
    }),
};

export const diskReadOnly: Drill = {
  ...diskDrill,
  name: "disk-read-only",
  fault:
    "The data directory is mounted read-only over itself: nothing can be opened for writing in it; taken away after it was noticed.",
  doesNotShow:
    "Files that were open before: the database and the log go on. A disk that refuses those, too, is the full one.",
  run: (context) => {
    let isCovered = false;
    return saveOn(context, {
      is: "nothing can be saved",
      // Files that are open for writing keep a file system from becoming read-only, so a second mount lies over the first.
      make: (dataDir) => {
        execFileSync("mount", ["--bind", dataDir, dataDir]);
        isCovered = true;
        execFileSync("mount", ["-o", "remount,bind,ro", dataDir]);
      },
      unmake: (dataDir) => {
        if (isCovered) execFileSync("umount", ["-l", dataDir]);
        isCovered = false;
      },
    });
  },
};

/** What is left to the whole of Buddy, and what is then taken: less than any part gives back with its end. */
const MEMORY_LEFT_BYTES = 8 * 1024 * 1024;
const MEMORY_TAKEN_BYTES = 32 * 1024 * 1024;

/** What the kernel adds to a process's size when it looks for one to end; one that has gone is past that. */
function scoreOf(pid: number): number {
  const file = `/proc/${pid}/oom_score_adj`;
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : Infinity;
}

export const memoryGone: Drill = {
  name: "memory-gone",
  rows: ["A10", "C1", "C3"],
  steadyState: "All processes of Buddy share a limit of memory with room in it.",
  fault:
    "What they have is all there is (control group), and 32 MB of it are taken: the kernel ends a process. The memory comes back after it was noticed.",
  expectation:
    "A part is ended, never the companion; the page says so, and the part is back when there is memory.",
  doesNotShow: "A machine that swaps itself to a standstill first.",
  noticeMsMax: 10_000,
  recoverMsMax: 60_000,
  needs: ["memoryGroup"],
  wears: "quickRestart",
  async run({ probe, stage, inject, noticed, heal, recovered, holds, atEnd }) {
    const { memory } = stage;
    if (memory === undefined) throw new Error("this drill has no group of its own");
    await probe.untilTracking();
    const taken = join("/dev/shm", `buddy-drill-${process.pid}`);
    const giveBack = (): void => {
      memory.unlimit();
      rmSync(taken, { force: true });
    };
    atEnd(giveBack);
    const before = await probe.pids();
    const companion = stage.probe.buddy.child.pid as number;
    const isOffered = descendants(companion).every((pid) => scoreOf(pid) > scoreOf(companion));
    holds("the kernel takes any part before the companion", isOffered);
    await inject(() => {
      memory.limit(memory.usedBytes() + MEMORY_LEFT_BYTES);
      const [file = "", ...under] = memory.under;
      const take = `head -c ${MEMORY_TAKEN_BYTES} /dev/zero > ${taken}`;
      spawn(file, [...under, "/bin/sh", "-c", take], { stdio: "ignore" });
    });
    await noticed("a part to be gone, and the page to say so", async () => {
      const { parts } = (await probe.state()).health;
      return parts.some(({ id, level }) => id.startsWith("process-") && level !== "ok");
    });
    await heal(giveBack);
    await recovered("all parts to be back, and a face to be followed", async () => {
      const { health, robot } = await probe.state();
      const isBack = health.parts.every(
        ({ id, level }) => !id.startsWith("process-") || level === "ok",
      );
      return isBack && robot.tracking && (await probe.isSteady());
    });
    const after = await probe.pids();
    holds("some process was started anew", before.join() !== after.join());
    holds(
      "the companion was not",
      stage.probe.buddy.child.exitCode === null && stage.probe.buddy.child.signalCode === null,
    );
  },
};

const PRLIMIT = "/usr/bin/prlimit";

/** Smallest descriptor that a process does not use: with that limit it gets none. */
function firstFree(pid: number): number {
  const used = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let free = 0;
  while (used.has(free)) free++;
  return free;
}

export const noDescriptors: Drill = {
  name: "no-descriptors",
  rows: ["A10", "C1", "C6"],
  steadyState: "The robot is linked, and a page is open.",
  fault:
    "The companion may open no file and no socket more (limit of descriptors); it may again after it was noticed.",
  expectation:
    "Who is connected goes on, it is said, and when there are descriptors every door opens by itself.",
  doesNotShow: "A part without descriptors: that one is started again when it ends.",
  // The door is asked every 10 s, three times in vain; then its breaker waits for 30 s.
  noticeMsMax: 60_000,
  recoverMsMax: 45_000,
  flags: ["--camera", "none"],
  cannotRun: () => (existsSync(PRLIMIT) ? undefined : "no prlimit here"),
  async run({ probe, page, stage, inject, noticed, heal, recovered, holds, atEnd }) {
    const pid = stage.probe.buddy.child.pid as number;
    const limit = (soft: string): void =>
      void execFileSync(PRLIMIT, ["--pid", String(pid), `--nofile=${soft}:`]);
    const soft = execFileSync(PRLIMIT, [
      "--pid",
      String(pid),
      "--nofile",
      "-o",
      "SOFT",
      "--noheadings",
    ]);
    const restore = (): void => limit(soft.toString().trim());
    atEnd(restore);
    const parts = async (): Promise<string> => (await probe.pids()).join();
    const before = await parts();
    const healthy = page.state?.health.parts.filter(({ level }) => level === "bad").length;
    if (healthy !== 0) throw new Error("something is wrong before the fault");
    let least = Infinity;
    // A connection that ends, or a file that was open for a moment, would leave room for the one that asks whether the
    // door is open.
    const takeAll = (): void => {
      const free = firstFree(pid);
      if (free >= least) return;
      least = free;
      limit(String(free));
    };
    await inject(takeAll);
    const { answered } = page.commands;
    await noticed("the open page to say that its door is shut to others", () => {
      takeAll();
      return (
        page.state?.health.parts.some(({ id, level }) => id === "web" && level === "bad") ?? false
      );
    });
    holds("who is connected is answered meanwhile", page.commands.answered > answered);
    await heal(restore);
    await recovered("the door to be open, and the robot to answer", async () => {
      return (await probe.level("web")) === "ok" && (await probe.isSteady());
    });
    holds("no part was started anew", (await parts()) === before);
  },
};
