/** Processes of a Buddy as the system shows them. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Ids of all processes below `pid`, parents before children. */
export function descendants(pid: number): number[] {
  const rows = execFileSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    pairs.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return !/^[ZX]/.test(state.trim());
  } catch {
    return false; // ps ends with 1 when there is none: that is the answer.
  }
}

/** A signal to a process that may have gone meanwhile. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The port on which a process listens, from /proc. @throws when it listens on none */
export function listeningPort(pid: number): number {
  const inodes = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // Closed meanwhile.
    }
  });
  for (const line of readFileSync(`/proc/${pid}/net/tcp`, "utf8").split("\n")) {
    const fields = line.trim().split(/\s+/);
    // Column 4 is the state, 0A: listens; column 10 the socket's inode.
    if (fields[3] !== "0A" || !inodes.includes(fields[9] ?? "")) continue;
    return Number.parseInt(fields[1]?.split(":")[1] ?? "", 16);
  }
  throw new Error(`process ${pid} listens on no port`);
}
