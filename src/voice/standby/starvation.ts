/**
 * Tells a process that hangs from one that only waits for a CPU, by what Linux says of it. The time in which a renderer
 * was runnable and did not run is the machine's fault and not its silence; one that loops for ever uses its time, and one
 * that is stopped is not runnable. Elsewhere nothing is known, and silence is silence.
 */
import { readFileSync } from "node:fs";

/** Silence before anybody looks: below it nothing is decided anyway. */
const LOOK_AFTER_MS = 12;

/** What /proc says of a process: its state letter and its CPU time; undefined where there is no /proc. */
export interface ProcessLook {
  readonly state: string;
  readonly cpuNs: number;
}

export function lookAtProcess(pid: number): ProcessLook | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const cpu = readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ", 1)[0];
    return { state: stat.charAt(stat.lastIndexOf(")") + 2), cpuNs: Number(cpu) };
  } catch {
    // It has ended, which its exit tells, or the kernel keeps no such figures.
    return undefined;
  }
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

  /** @returns for how long of its silence the process had no CPU, ms. */
  sinceHeardMs(nowMs: number): number {
    if (nowMs - this.heardMs < LOOK_AFTER_MS) return 0;
    const now = this.look();
    const { last } = this;
    // R: runs or waits for its turn; D: waits for a disk.
    if (last !== undefined && (now?.state === "R" || now?.state === "D")) {
      const ranMs = (now.cpuNs - last.cpuNs) / 1e6;
      this.forgivenMs += Math.max(0, nowMs - this.lookedMs - ranMs);
    }
    this.last = now;
    this.lookedMs = nowMs;
    return this.forgivenMs;
  }
}
