/** Processor time of processes: what tells a slow one from a stuck one. */
import { readFileSync } from "node:fs";

/** Linux counts in 1/100 s for programs, on every architecture (USER_HZ). */
const MS_PER_TICK = 10;
/** Fields 14 and 15 of proc_pid_stat(5), counted from behind the name, which may hold anything. */
const UTIME = 11;
const STIME = 12;

/** Processor time of a process with all its threads, without its children, ms; undefined where the system does not tell. */
export function cpuMsOf(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== "linux") return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
    return Number.isFinite(ticks) ? ticks * MS_PER_TICK : undefined;
  } catch {
    return undefined; // It has ended, which its exit tells.
  }
}

/** Processor time of this process with all its threads, ms. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
