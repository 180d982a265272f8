/**
 * Time that passes only when something is due, for a chip's VM and the world around it in one process: ten minutes of a
 * flood take seconds, and the same again each time. The VM blocks while its chip computes, and the world goes on meanwhile;
 * so there are two lanes, and what is due in the VM's waits until the VM is free.
 */
import type { Clock } from "../../../src/time/clock.js";

interface Event {
  readonly dueMs: number;
  readonly order: number;
  readonly isVm: boolean;
  readonly act: () => void;
  isOff: boolean;
}

/** Unix ms of virtual time 0. */
const EPOCH_MS = Date.UTC(2026, 11, 1);

export class VirtualTime {
  nowMs = 1000;
  private vmFreeMs = 1000;
  private isInVm = false;
  private made = 0;
  /** Sorted by when they are due. */
  private readonly events: Event[] = [];
  private readonly real = {
    now: performance.now.bind(performance),
    date: Date.now.bind(Date),
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout,
    clearInterval,
    clearImmediate,
  };

  /** For what stands in the world's lane and takes a clock. */
  readonly clock: Clock = {
    nowMs: () => this.nowMs,
    wallMs: () => EPOCH_MS + this.nowMs,
    preciseWallMs: () => EPOCH_MS + this.nowMs,
    sleep: (ms) => new Promise((resolve) => void this.after(ms, resolve, false)),
    after: (ms, act) => this.after(ms, act, false),
    every: (ms, act) => this.every(ms, act, false),
  };

  /**
   * From now on the process's own timers and clocks are virtual ones, of the lane that they are asked for in.
   * @returns gives them back.
   */
  install(): () => void {
    const handle = (cancel: () => void): unknown => {
      const timer = { cancel, ref: () => timer, unref: () => timer, hasRef: () => true };
      return timer;
    };
    const clear = (timer: { cancel?: () => void } | undefined): void => timer?.cancel?.();
    const once = (act: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): unknown =>
      handle(this.after(ms ?? 0, () => act(...args), this.isInVm));
    const timers: Record<string, unknown> = {
      setTimeout: once,
      setImmediate: (act: (...args: unknown[]) => void, ...args: unknown[]) =>
        once(act, 0, ...args),
      setInterval: (act: (...args: unknown[]) => void, ms: number, ...args: unknown[]) =>
        handle(this.every(ms, () => act(...args), this.isInVm)),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    };
    Object.assign(globalThis, timers);
    performance.now = () => this.nowMs;
    Date.now = () => Math.floor(EPOCH_MS + this.nowMs);
    return () => {
      const { now, date, ...real } = this.real;
      Object.assign(globalThis, real);
      performance.now = now;
      Date.now = date;
    };
  }

  /** Does something that belongs to the VM's lane, with all that it starts. */
  inVm<Result>(act: () => Result): Result {
    const was = this.isInVm;
    this.isInVm = true;
    try {
      return act();
    } finally {
      this.isInVm = was;
    }
  }

  /** The VM computes for so long; see `catchUp`. */
  compute(ms: number): void {
    this.nowMs += ms;
  }

  /** The world does what was due while the VM computed. */
  catchUp(): void {
    const untilMs = this.nowMs;
    this.isInVm = false;
    for (;;) {
      const at = this.events.findIndex(({ isVm, isOff }) => !isVm && !isOff);
      const event = this.events[at];
      if (event === undefined || event.dueMs > untilMs) break;
      this.events.splice(at, 1);
      this.nowMs = event.dueMs;
      event.act();
    }
    this.nowMs = untilMs;
    this.isInVm = true;
  }

  after(ms: number, act: () => void, isVm: boolean): () => void {
    const dueMs = this.nowMs + Math.max(0, ms);
    const event: Event = { dueMs, order: this.made++, isVm, act, isOff: false };
    let from = 0;
    let to = this.events.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.events[middle] as Event).dueMs <= dueMs) from = middle + 1;
      else to = middle;
    }
    this.events.splice(from, 0, event);
    return () => (event.isOff = true);
  }

  every(ms: number, act: () => void, isVm: boolean): () => void {
    let cancel: () => void = () => undefined;
    const next = (): void => {
      cancel = this.after(
        ms,
        () => {
          next();
          act();
        },
        isVm,
      );
    };
    next();
    return () => cancel();
  }

  /** Passes time until `isOver`, at most so long. @returns whether it came about. */
  async pass(ms: number, isOver: () => boolean = () => false): Promise<boolean> {
    const endMs = this.nowMs + ms;
    while (!isOver()) {
      const next = this.takeNext(endMs);
      if (next === undefined) {
        this.nowMs = endMs;
        return isOver();
      }
      this.nowMs = Math.max(next.dueMs, next.isVm ? this.vmFreeMs : 0);
      this.isInVm = next.isVm;
      next.act();
      if (next.isVm) this.vmFreeMs = this.nowMs;
      this.isInVm = false;
      // Promises of either lane go on before the next event.
      await new Promise<void>((resolve) => void this.real.setImmediate(resolve));
    }
    return true;
  }

  /** The event that can happen first, taken out; undefined when none can until then. */
  private takeNext(endMs: number): Event | undefined {
    let best = -1;
    let bestMs = Infinity;
    for (let at = 0; at < this.events.length; at++) {
      const event = this.events[at] as Event;
      if (event.isOff) {
        this.events.splice(at--, 1);
        continue;
      }
      if (event.dueMs >= bestMs) break;
      const canMs = event.isVm ? Math.max(event.dueMs, this.vmFreeMs) : event.dueMs;
      if (canMs >= bestMs) continue;
      best = at;
      bestMs = canMs;
    }
    return bestMs > endMs ? undefined : this.events.splice(best, 1)[0];
  }
}
