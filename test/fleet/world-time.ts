/** True time of a world of the floor, and clocks that run at their own rate. */

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly fn: () => void;
}

/** True time and what is due in it. */
export class Time {
  nowMs = 0;
  private order = 0;
  private readonly heap: Event[] = [];

  after(ms: number, fn: () => void): void {
    const event = { atMs: this.nowMs + Math.max(0, ms), order: this.order++, fn };
    let at = this.heap.push(event) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isSooner(event, this.heap[up] as Event)) break;
      this.heap[at] = this.heap[up] as Event;
      at = up;
    }
    this.heap[at] = event;
  }

  runUntil(endMs: number, isDone: () => boolean): void {
    for (let next = this.heap[0]; next !== undefined && next.atMs <= endMs; next = this.heap[0]) {
      this.pop();
      this.nowMs = next.atMs;
      next.fn();
      if (isDone()) return;
    }
    this.nowMs = endMs;
  }

  private pop(): void {
    const last = this.heap.pop() as Event;
    if (this.heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.heap.length) break;
      const right = child + 1;
      if (
        right < this.heap.length &&
        isSooner(this.heap[right] as Event, this.heap[child] as Event)
      )
        child = right;
      if (!isSooner(this.heap[child] as Event, last)) break;
      this.heap[at] = this.heap[child] as Event;
      at = child;
    }
    this.heap[at] = last;
  }
}

function isSooner(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** A clock that runs at its own rate from its own zero. */
export class OwnClock {
  constructor(
    private readonly time: Time,
    private readonly rate: number,
    private readonly zeroMs: number,
  ) {}

  nowMs(): number {
    return this.zeroMs + this.time.nowMs * this.rate;
  }

  /** Own ms as ms of true time. */
  truly(ms: number): number {
    return ms / this.rate;
  }
}
