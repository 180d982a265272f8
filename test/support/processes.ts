/** Finds the processes of a running companion, to injure them: below its pid, by what they run. Linux only. */
import { existsSync, readFileSync } from "node:fs";

/** Processes below `pid`, from /proc; empty where there is no /proc. */
export function descendants(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(path)) return [];
  const children = readFileSync(path, "utf8").trim().split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Whether a process with this id runs; one that has ended and was not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc/self") || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false; // ESRCH and ENOENT: that is the answer.
  }
}

/** The one process below `pid` whose command line holds `text`. @throws when there is none. */
export function processOf(pid: number, text: string): number {
  const found = descendants(pid).find((child) => commandLine(child).includes(text));
  if (found === undefined) throw new Error(`no process with "${text}" below ${pid}`);
  return found;
}

/** Whether the command line of this process holds `text`. */
export function runs(pid: number, text: string): boolean {
  return commandLine(pid).includes(text);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // It has just ended.
  }
}
