/**
 * The only reader of time in the companion (the firmware's is `devs/clock.ts`). Decision code takes
 * milliseconds as an argument; the edge takes a `Clock`. Monotonic time drives every wait, lease and
 * back-off; wall time is for people and files only, so a clock step changes no behaviour.
 */
import { setTimeout as delay } from "node:timers/promises";

export type CancelTimer = () => void;

export interface Clock {
  /** Monotonic milliseconds with a fraction; the zero is arbitrary. */
  nowMs(): number;
  /** Unix time in milliseconds, for people and files only. */
  wallMs(): number;
  /** Unix time in ms with a fraction, from the monotonic clock: comparable between processes, not across a clock step. */
  preciseWallMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` once after `ms`. The returned function cancels it. */
  after(ms: number, fn: () => void): CancelTimer;
  /** Calls `fn` each `ms` until cancelled. */
  every(ms: number, fn: () => void): CancelTimer;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  preciseWallMs: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
};
