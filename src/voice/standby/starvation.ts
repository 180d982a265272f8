/**
 * Tells a process that hangs from one that only waits for a CPU, by what Linux says of it. The time in which a renderer
 * was runnable and did not run is the machine's fault and not its silence; one that loops for ever uses its time, and one
 * that is stopped is not runnable. Elsewhere nothing is known, and silence is silence.
 */
import { readdirSync, readFileSync } from "node:fs";

/** Silence before anybody looks, in beats: below it nothing is decided, and looking costs more than beating. */
const LOOK_AFTER_BEATS = 1.5;

/**
 * What /proc says of a process with all its threads: the state letter of one that has work, if any has, and the CPU time of
 * them together; undefined where there is no /proc. While a garbage collector's threads wait for a CPU, the main thread sleeps.
 */
export interface ProcessLook {
  readonly state: string;
  readonly cpuNs: number;
}

export function lookAtProcess(pid: number): ProcessLook | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    let state = "";
    let cpuNs = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
      const letter = stat.charAt(stat.lastIndexOf(")") + 2);
      if (state === "" || isWaiting(letter)) state = letter;
      const cpu = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1");
      cpuNs += Number(cpu.split(" ", 1)[0]);
    }
    return { state, cpuNs };
  } catch {
    // It has ended, which its exit tells, a thread of it has just ended, or the kernel keeps no such figures.
    return undefined;
  }
}

/** R: runs or waits for its turn; D: waits for a disk. */
function isWaiting(state: string | undefined): boolean {
  return state === "R" || state === "D";
}

export class Starvation {
  private heardMs: number;
  private lookedMs: number;
  private forgivenMs = 0;
  private last: ProcessLook | undefined;

  constructor(
    private readonly look: () => ProcessLook | undefined,
    nowMs: number,
  ) {
    this.heardMs = nowMs;
    this.lookedMs = nowMs;
  }

  heard(nowMs: number): void {
    this.heardMs = nowMs;
    this.forgivenMs = 0;
    this.last = undefined;
  }

  /**
   * @param beatMs how often the process says something now; before its next beat it need not have been runnable
   * @returns for how long of its silence the process had no CPU, ms
   */
  sinceHeardMs(nowMs: number, beatMs: number): number {
    if (nowMs - this.heardMs < LOOK_AFTER_BEATS * beatMs) return 0;
    const now = this.look();
    const { last } = this;
    if (now !== undefined && isWaiting(now.state)) {
      // Nobody looked before: it was runnable from its next beat on at the latest.
      const ranMs = last === undefined ? 0 : (now.cpuNs - last.cpuNs) / 1e6;
      const sinceMs = last === undefined ? this.heardMs + beatMs : this.lookedMs;
      this.forgivenMs += Math.max(0, nowMs - sinceMs - ranMs);
    }
    this.last = now;
    this.lookedMs = nowMs;
    return this.forgivenMs;
  }
}
