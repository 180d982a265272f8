/**
 * A fixed number of places, so that one slow backend cannot take everything. Whoever finds none waits in a
 * bounded queue, in order; whoever finds that full is refused at once. An aborted waiter leaves the queue
 * immediately and its place in it is free.
 */
import { cancelledError, ResilienceError } from "./errors.js";

export interface BulkheadRules {
  /** Calls at a time. */
  readonly slots: number;
  /** Calls that may wait for a slot. At the limit: refuse. */
  readonly queueMax: number;
}

interface Waiter {
  readonly enter: () => void;
}

export class Bulkhead {
  private inFlight = 0;
  private readonly queue: Waiter[] = [];

  constructor(
    private readonly operation: string,
    private readonly rules: BulkheadRules,
  ) {
    if (!(rules.slots >= 1) || !(rules.queueMax >= 0)) {
      throw new RangeError(`bulkhead: slots ${rules.slots}, queueMax ${rules.queueMax}`);
    }
  }

  view(): { readonly inFlight: number; readonly queued: number } {
    return { inFlight: this.inFlight, queued: this.queue.length };
  }

  /** @throws ResilienceError `RESILIENCE_FULL` or `RESILIENCE_CANCELLED` without making the call. */
  async execute<T>(call: () => T | PromiseLike<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) throw cancelledError(signal.reason, this.operation);
    if (this.inFlight >= this.rules.slots) await this.waitForSlot(signal);
    else this.inFlight += 1;
    try {
      return await call();
    } finally {
      this.leave();
    }
  }

  /** Resolves when a slot was handed over; the count of calls in flight already holds it. */
  private waitForSlot(signal: AbortSignal | undefined): Promise<void> {
    if (this.queue.length >= this.rules.queueMax) {
      const text = `${this.operation}: ${this.inFlight} calls under way and ${this.queue.length} waiting`;
      return Promise.reject(new ResilienceError("RESILIENCE_FULL", "transient", text));
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.queue.splice(this.queue.indexOf(waiter), 1);
        reject(cancelledError(signal?.reason, this.operation));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.queue.push(waiter);
    });
  }

  private leave(): void {
    const next = this.queue.shift();
    // The slot goes from hand to hand: nobody can slip in between.
    if (next === undefined) this.inFlight -= 1;
    else next.enter();
  }
}
