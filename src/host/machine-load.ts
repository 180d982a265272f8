/**
 * Is this machine overloaded, or this process starved? What dies then may have died of it. Two signs, since neither shows
 * everything: the load average (not of a container's quota, and always 0 on Windows), and how much of the time in which
 * this process wanted to run it did run.
 */
import { availableParallelism, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import type { CancelTimer, Clock } from "../time/clock.js";
import { ownCpuMs } from "./cpu-time.js";

/** Processes that want to run, for each core. A desk robot alone makes 0.3. */
const LOAD_PER_CORE_MAX = 2;
/** Time in which the loop was not idle, for each ms of processor time. Alone about 1, waits for the disk included. */
const STRETCH_MAX = 3;
/** In less than this the loop's time is mostly rounding. */
const BUSY_MS_MIN = 100;
const LOOK_PERIOD_MS = 5000;
/** So long after the last sign of load it is over; the load average itself looks back for a minute. */
const CALM_AFTER_MS = 60_000;
/** A death within this after a sign of load is put down to it. */
const LOADED_MS = 2 * LOOK_PERIOD_MS;

export interface LoadLook {
  readonly loadPerCore: number;
  /** Since the process began: time its loop was not idle, and processor time, ms. */
  readonly busyMs: number;
  readonly cpuMs: number;
}

export class LoadWatch {
  private last: LoadLook | undefined;
  private loadedMs = Number.NEGATIVE_INFINITY;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly look: () => LoadLook = lookAtMachine,
  ) {}

  start(): void {
    this.take();
    this.cancel = this.clock.every(LOOK_PERIOD_MS, () => this.take());
  }

  stop(): void {
    this.cancel();
  }

  get isLoaded(): boolean {
    return this.clock.nowMs() - this.loadedMs <= LOADED_MS;
  }

  /** No sign of load for a minute. */
  get isCalm(): boolean {
    return this.clock.nowMs() - this.loadedMs > CALM_AFTER_MS;
  }

  private take(): void {
    const now = this.look();
    if (isLoad(this.last, now)) this.loadedMs = this.clock.nowMs();
    this.last = now;
  }
}

function isLoad(before: LoadLook | undefined, now: LoadLook): boolean {
  if (now.loadPerCore >= LOAD_PER_CORE_MAX) return true;
  if (before === undefined) return false;
  const busyMs = now.busyMs - before.busyMs;
  return busyMs >= BUSY_MS_MIN && busyMs >= STRETCH_MAX * (now.cpuMs - before.cpuMs);
}

function lookAtMachine(): LoadLook {
  return {
    loadPerCore: (loadavg()[0] ?? 0) / availableParallelism(),
    busyMs: performance.eventLoopUtilization().active,
    cpuMs: ownCpuMs(),
  };
}
