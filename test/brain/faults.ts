/** Injuries of a real model's process and file, while Buddy runs (A3, B3, C3, G10): a turn always ends, and the model comes back. */
import { copyFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { until } from "../../src/time/until.js";
import { systemClock } from "../../src/time/clock.js";
import { ggufFile } from "../support/gguf.js";
import { brainOf, post, say, serving, turnsOf, type Process } from "./ask.js";

export interface Rig {
  readonly page: string;
  readonly pid: number;
  /** The model's file, to be injured, and the whole one. */
  readonly file: string;
  readonly original: string;
}

interface Fault {
  readonly name: string;
  /** kill: the process, in the middle of a reply; file: what a start finds. */
  readonly kind: "process" | "file" | "running";
  inject(rig: Rig, pid: number): void;
}

const PROCESS_BACK_MS_MAX = 10_000;
const HUGE = { "llama.block_count": 2_000_000, "llama.attention.head_count_kv": 4096 };

const FAULTS: readonly Fault[] = [
  {
    name: "killed while it writes",
    kind: "process",
    inject: (_, pid) => void process.kill(pid, "SIGKILL"),
  },
  {
    name: "stopped while it writes",
    kind: "process",
    inject: (_, pid) => void process.kill(pid, "SIGSTOP"),
  },
  {
    name: "crashes while it writes",
    kind: "process",
    inject: (_, pid) => void process.kill(pid, "SIGSEGV"),
  },
  { name: "removed while it runs", kind: "running", inject: ({ file }) => rmSync(file) },
  { name: "no GGUF", kind: "file", inject: ({ file }) => writeFileSync(file, "x".repeat(5000)) },
  { name: "empty", kind: "file", inject: ({ file }) => writeFileSync(file, "") },
  { name: "cut in its head", kind: "file", inject: ({ file }) => truncateSync(file, 5000) },
  {
    name: "cut in its weights",
    kind: "file",
    inject: ({ file }) => truncateSync(file, 60_000_000),
  },
  {
    name: "unknown architecture",
    kind: "file",
    inject: ({ file }) => writeFileSync(file, ggufFile({ architecture: "nobody" })),
  },
  {
    name: "known architecture without its tensors",
    kind: "file",
    inject: ({ file }) => writeFileSync(file, ggufFile()),
  },
  {
    name: "larger than the memory",
    kind: "file",
    inject: ({ file }) => writeFileSync(file, ggufFile({ keys: HUGE })),
  },
  { name: "not there", kind: "file", inject: ({ file }) => rmSync(file) },
];

export interface FaultsOutcome {
  readonly times: number;
  readonly injuries: readonly {
    readonly name: string;
    readonly turnMsMax: number;
    readonly backMsMax: number;
  }[];
  readonly faults: string[];
}

export async function runFaults(rig: Rig, times: number): Promise<FaultsOutcome> {
  const faults: string[] = [];
  const injuries = [];
  for (const fault of FAULTS) {
    const turnMs: number[] = [];
    const backMs: number[] = [];
    for (let i = 0; i < times; i++) {
      const found = await once(rig, fault);
      turnMs.push(found.turnMs);
      backMs.push(found.backMs);
      for (const why of found.faults) faults.push(`${fault.name}: ${why}`);
      console.log(
        `${fault.name}: turn ${found.turnMs} ms, back after ${found.backMs} ms ${found.faults.join("; ")}`,
      );
    }
    injuries.push({
      name: fault.name,
      turnMsMax: Math.max(...turnMs),
      backMsMax: Math.max(...backMs),
    });
  }
  return { times, injuries, faults };
}

async function once(
  rig: Rig,
  fault: Fault,
): Promise<{ turnMs: number; backMs: number; faults: string[] }> {
  const { page, file, original } = rig;
  const faults: string[] = [];
  const pid = (await fresh(page)).pid as number;
  if (fault.kind !== "process") fault.inject(rig, pid);
  if (fault.kind === "file") {
    await post(page, "/api/parts/brain/restart");
    await until("its end", 120_000, async () => (await brainOf(page))?.phase === "ended", 250);
  }
  const asked = say(page, "Tell me something about the sea.");
  if (fault.kind === "process") {
    await systemClock.sleep(300);
    fault.inject(rig, pid);
  }
  const injuredMs = systemClock.nowMs();
  const { outcome, reply, safeMode, ms } = await asked;
  if (outcome !== "done" || reply === "")
    faults.push(`the turn was ${outcome}, it said "${reply}"`);
  if (fault.kind === "file" && !safeMode) faults.push("safe mode did not speak");
  if (fault.kind === "running" && safeMode) faults.push("a file that is gone silenced the model");
  // Not under a process that is starting again just then: it would read half a file.
  if (fault.kind !== "process") copyFileSync(original, file);
  const mendedMs = systemClock.nowMs();
  if (fault.kind === "file") await post(page, "/api/parts/brain/restart");
  await serving(page);
  const backMs = Math.round(
    systemClock.nowMs() - (fault.kind === "process" ? injuredMs : mendedMs),
  );
  const isQuick = fault.name.startsWith("killed");
  if (isQuick && backMs > PROCESS_BACK_MS_MAX) faults.push(`back only after ${backMs} ms`);
  const again = await say(page, "Hello again.");
  if (again.safeMode) {
    const why = (await turnsOf(page)).find(({ id }) => id === again.turn)?.why;
    faults.push(`the turn behind it was safe mode's: ${why}`);
  }
  return { turnMs: ms, backMs, faults };
}

/** As after ten quiet minutes: a part that dies again and again waits longer and longer (C3), and that is tried elsewhere. */
async function fresh(page: string): Promise<Process> {
  const before = await serving(page);
  await post(page, "/api/parts/brain/restart");
  await until(
    "another process",
    60_000,
    async () => (await brainOf(page))?.pid !== before.pid,
    250,
  );
  return serving(page);
}
