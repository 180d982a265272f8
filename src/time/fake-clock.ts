/** A clock that moves only when a test says so. Timers fire in order of their due time. */
import type { CancelTimer, Clock } from "./clock.js";

interface Timer {
  dueMs: number;
  order: number;
  periodMs: number | undefined;
  fn: () => void;
}

export class FakeClock implements Clock {
  private now: number;
  private order = 0;
  private readonly timers = new Set<Timer>();

  constructor(startMs = 0) {
    this.now = startMs;
  }

  nowMs(): number {
    return this.now;
  }

  wallMs(): number {
    return 1_700_000_000_000 + this.now;
  }

  preciseWallMs(): number {
    return this.wallMs();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const cancel = this.after(ms, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        reject(signal.reason as Error);
      });
    });
  }

  after(ms: number, fn: () => void): CancelTimer {
    return this.add({ dueMs: this.now + ms, order: this.order++, periodMs: undefined, fn });
  }

  every(ms: number, fn: () => void): CancelTimer {
    return this.add({ dueMs: this.now + ms, order: this.order++, periodMs: ms, fn });
  }

  /** Moves time forward by `ms`, firing what falls due; promise callbacks run before, between and after. */
  async advance(ms: number): Promise<void> {
    const endMs = this.now + ms;
    // What was called just before may still be on its way to set its timer.
    await settle();
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.timers) {
        if (timer.dueMs > endMs) continue;
        if (
          !next ||
          timer.dueMs < next.dueMs ||
          (timer.dueMs === next.dueMs && timer.order < next.order)
        ) {
          next = timer;
        }
      }
      if (!next) break;
      this.now = Math.max(this.now, next.dueMs);
      if (next.periodMs === undefined) this.timers.delete(next);
      else next.dueMs += next.periodMs;
      next.fn();
      await settle();
    }
    this.now = endMs;
    await settle();
  }

  /** Time passes while the process is stopped: what falls due meanwhile fires late, with the next `advance`. */
  stand(ms: number): void {
    this.now += ms;
  }

  private add(timer: Timer): CancelTimer {
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }
}

/** Lets every promise callback that is already due run, however long the chain. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
