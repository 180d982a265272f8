/**
 * The world's time: one queue of events, each carried out to its end (every promise settled) before the next. An event
 * belongs to a life, the run of one process or board: what a dead life had waiting never happens, what a stopped one has
 * waiting happens when it goes on. Whatever an event starts belongs to the same life.
 */
import type { CancelTimer, Clock } from "../../../src/time/clock.js";

export interface Life {
  readonly name: string;
  isDead: boolean;
  /** Stopped (SIGSTOP, a suspended machine) until then. */
  stoppedUntilMs: number;
  /** Timers that wait. */
  timers: number;
  /** Processor time, as of when it was last asked for. */
  cpuMs: number;
  cpuAtMs: number;
}

export function newLife(name: string): Life {
  return { name, isDead: false, stoppedUntilMs: 0, timers: 0, cpuMs: 0, cpuAtMs: 0 };
}

interface Event {
  dueMs: number;
  order: number;
  life: Life | undefined;
  fn: () => void;
  isCancelled: boolean;
  isTimer: boolean;
}

export class Time {
  nowMs = 0;
  /** How far the wall clock was moved by somebody. */
  wallStepMs = 0;
  /** Whose event is carried out. */
  current: Life | undefined;
  events = 0;
  /** Told of an exception that nobody caught in a life. */
  onCrash: (life: Life | undefined, error: unknown) => void = (_life, error) => {
    throw error;
  };
  private order = 0;
  private readonly heap: Event[] = [];

  /** Calls `fn` after `ms` in the life of whoever asks, in the given one, or (null) in nobody's. */
  after(
    ms: number,
    fn: () => void,
    of: Life | null | undefined = this.current,
    isTimer = false,
  ): CancelTimer {
    const life = of ?? undefined;
    const dueMs = this.nowMs + Math.max(0, Number.isFinite(ms) ? ms : 0);
    const event = { dueMs, order: this.order++, life, fn, isCancelled: false, isTimer };
    if (isTimer && life) life.timers++;
    push(this.heap, event);
    return () => {
      if (!event.isCancelled && isTimer && life) life.timers--;
      event.isCancelled = true;
    };
  }

  /** Carries out `fn` now, as part of a life. */
  async as(life: Life | undefined, fn: () => void): Promise<void> {
    await this.carryOut(life, fn);
  }

  /** Lets time pass until `endMs` or until `isDone`, asked after each event. */
  async runUntil(endMs: number, isDone: () => boolean = () => false): Promise<void> {
    for (;;) {
      const next = this.heap[0];
      if (next === undefined || next.dueMs > endMs) break;
      pop(this.heap);
      if (next.isCancelled) continue;
      const { life } = next;
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      if (life !== undefined) {
        if (!life.isDead && life.stoppedUntilMs > this.nowMs) {
          next.dueMs = life.stoppedUntilMs;
          push(this.heap, next);
          continue;
        }
        if (next.isTimer) life.timers--;
        if (life.isDead) continue;
      }
      next.isCancelled = true;
      this.events++;
      await this.carryOut(life, next.fn);
      if (isDone()) return;
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  private async carryOut(life: Life | undefined, fn: () => void): Promise<void> {
    this.current = life;
    try {
      fn();
    } catch (error) {
      this.onCrash(life, error);
    }
    await settle();
    this.current = undefined;
  }
}

/** Lets every promise that can be settled be settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The clock that the product is given; its timers belong to the life that sets them. */
export function clockOf(time: Time): Clock {
  const wallMs = (): number => Math.floor(1_700_000_000_000 + time.nowMs + time.wallStepMs);
  const after = (ms: number, fn: () => void): CancelTimer => time.after(ms, fn, time.current, true);
  return {
    nowMs: () => time.nowMs,
    wallMs,
    preciseWallMs: wallMs,
    after,
    every(ms, fn) {
      let cancel: CancelTimer = () => undefined;
      let isOver = false;
      const arm = (): void => {
        cancel = after(ms, () => {
          fn();
          if (!isOver) arm();
        });
      };
      arm();
      return () => {
        isOver = true;
        cancel();
      };
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const onAbort = (): void => {
          cancel();
          reject(signal?.reason as Error);
        };
        const cancel = after(ms, () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        });
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
  };
}

function isBefore(a: Event, b: Event): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up] as Event;
    if (!isBefore(event, parent)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop() as Event;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    if (down >= heap.length) break;
    if (down + 1 < heap.length && isBefore(heap[down + 1] as Event, heap[down] as Event)) down++;
    if (!isBefore(heap[down] as Event, last)) break;
    heap[at] = heap[down] as Event;
    at = down;
  }
  heap[at] = last;
}
