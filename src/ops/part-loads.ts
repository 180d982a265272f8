/**
 * What each part costs: the processor time and memory of its process and of what that started, and whether it grows. Looked at
 * every 20 s, where the system tells (Linux).
 */
import { loadOf, processTree } from "../host/process-load.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { PartView } from "../supervisor/supervisor-types.js";
import { grownOf, stepGrowth, type Growth } from "./growth.js";

const LOOK_MS = 20_000;

/** The companion itself, beside its parts. */
export const OWN_PART = "companion";

export interface PartLoad {
  /** Since its process began, ms; without what its children that have ended used. */
  readonly cpuMs: number;
  /** Of one core, between the last two looks; undefined at the first. */
  readonly cpuShare: number | undefined;
  readonly pssBytes: number;
  readonly grown: { readonly fromBytes: number; readonly toBytes: number } | undefined;
}

interface Known {
  readonly load: PartLoad;
  readonly growth: Growth;
  readonly atMs: number;
}

interface Cost {
  readonly cpuMs: number;
  readonly pssBytes: number;
}

export class PartLoads {
  private known = new Map<string, Known>();
  private cancel: CancelTimer = () => undefined;
  private isLooking = false;

  constructor(
    private readonly clock: Clock,
    private readonly views: () => readonly Pick<PartView, "name" | "pid" | "generation">[],
    /** Tests have other processes. */
    private readonly costOf: (pid: number, isOwn: boolean) => Promise<Cost | undefined> = readCost,
  ) {}

  start(): void {
    this.cancel = this.clock.every(LOOK_MS, () => void this.look());
  }

  stop(): void {
    this.cancel();
  }

  /** As of the last look; undefined before the first, for a part without a process, and where the system does not tell. */
  of(part: string): PartLoad | undefined {
    return this.known.get(part)?.load;
  }

  all(): (PartLoad & { readonly name: string })[] {
    return [...this.known].map(([name, { load }]) => ({ name, ...load }));
  }

  /** One look at all parts; on a machine so slow that the last one still runs it is left out. */
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const known = new Map<string, Known>();
    const own = { name: OWN_PART, pid: process.pid, generation: 1 };
    try {
      for (const { name, pid, generation } of [own, ...this.views()]) {
        const cost = pid === undefined ? undefined : await this.costOf(pid, name === OWN_PART);
        if (cost !== undefined) known.set(name, this.step(name, generation, cost));
      }
    } finally {
      this.isLooking = false;
    }
    this.known = known;
  }

  private step(name: string, generation: number, { cpuMs, pssBytes }: Cost): Known {
    const atMs = this.clock.nowMs();
    const before = this.known.get(name);
    const growth = stepGrowth(before?.growth, generation, pssBytes, atMs);
    const isSame = before !== undefined && before.growth.generation === generation;
    const cpuShare = isSame
      ? Math.max(0, cpuMs - before.load.cpuMs) / Math.max(1, atMs - before.atMs)
      : undefined;
    return { load: { cpuMs, cpuShare, pssBytes, grown: grownOf(growth) }, growth, atMs };
  }
}

/** The companion is told without its parts: they are its children. */
async function readCost(pid: number, isOwn: boolean): Promise<Cost | undefined> {
  if (isOwn) return loadOf(pid);
  const tree = await processTree(pid);
  if (tree.length === 0) return undefined;
  const sum = (of: (load: Cost) => number): number => tree.reduce((all, one) => all + of(one), 0);
  return { cpuMs: sum((one) => one.cpuMs), pssBytes: sum((one) => one.pssBytes) };
}
