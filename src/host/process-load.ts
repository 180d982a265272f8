/**
 * Processor time and memory of a process and of what it started. Memory is the proportional share (Pss): of pages that several
 * processes use, each is told its part, so that the sum is what all of them hold. Linux only: elsewhere nothing is told.
 */
import { readFile } from "node:fs/promises";
import { cpuMsOf } from "./cpu-time.js";

export interface ProcessLoad {
  readonly pid: number;
  readonly parentPid: number | undefined;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Since it began, with all its threads, ms. */
  readonly cpuMs: number;
  readonly pssBytes: number;
}

/** Processes looked at below one; a part that starts more is not measured whole. */
const PROCESSES_MAX = 64;

/**
 * The process and all that descends from it, parents first; empty when it has ended or the system does not tell.
 * Asks the kernel about every page of each: some milliseconds for a hundred megabytes, outside of this thread.
 */
export async function processTree(root: number): Promise<ProcessLoad[]> {
  const loads: ProcessLoad[] = [];
  const todo: { pid: number; parentPid: number | undefined }[] = [
    { pid: root, parentPid: undefined },
  ];
  for (let one; loads.length < PROCESSES_MAX && (one = todo.shift()) !== undefined;) {
    const { pid, parentPid } = one;
    const load = await loadOf(pid);
    // It has ended meanwhile; whatever it had started belongs to somebody else then.
    if (load === undefined) continue;
    loads.push({ ...load, parentPid });
    for (const child of await childrenOf(pid)) todo.push({ pid: child, parentPid: pid });
  }
  return loads;
}

/** One process without its children; undefined when it has ended or the system does not tell. */
export async function loadOf(pid: number): Promise<Omit<ProcessLoad, "parentPid"> | undefined> {
  const cpuMs = cpuMsOf(pid);
  if (cpuMs === undefined) return undefined;
  try {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, "latin1"));
    const command = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0").slice(0, -1);
    return pss ? { pid, command, cpuMs, pssBytes: Number(pss[1]) * 1024 } : undefined;
  } catch {
    return undefined; // It has ended, or belongs to somebody else.
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  try {
    const pids = await readFile(`/proc/${pid}/task/${pid}/children`, "latin1");
    return pids.split(" ").filter(Boolean).map(Number);
  } catch {
    return []; // It has ended.
  }
}
