/**
 * Writes that a store could not take now (another program holds it, the disk is full) wait here, in order, and are tried
 * again; nobody else waits for them. First failure loud, repeats quiet, recovery once.
 */
import { reasonOf } from "../../host/reason.js";
import { DatabaseError } from "../../store/database-error.js";

/** Some hours of talking; beyond it the oldest are given up. */
export const WAITING_MAX = 2000;

export class WriteQueue<S> {
  private readonly waiting: ((store: S) => void)[] = [];
  private failure: string | undefined;

  /** @param what "the memory": for the log. */
  constructor(
    private readonly store: S | undefined,
    private readonly log: (level: "info" | "warn", message: string) => void,
    private readonly what: string,
  ) {}

  /** Now, or as soon as the store takes it. */
  write(act: (store: S) => void): void {
    if (this.store === undefined) return;
    this.waiting.push(act);
    if (this.waiting.length > WAITING_MAX) this.waiting.shift();
    // While something waits, only `retry` asks the store: each asking may take a moment of everybody's time.
    if (this.waiting.length === 1) this.retry();
  }

  /** Reads now; undefined where the store cannot be read. */
  read<T>(act: (store: S) => T): T | undefined {
    if (this.store === undefined || this.waiting.length > 0) return undefined;
    try {
      return act(this.store);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** Why something waits that was to be written; undefined when nothing does. */
  get trouble(): string | undefined {
    return this.waiting.length > 0 ? this.failure : undefined;
  }

  /** Tries what waits, in order. @returns whether nothing waits any more. */
  retry(): boolean {
    const { store, waiting } = this;
    for (let act = waiting[0]; act !== undefined && store !== undefined; act = waiting[0]) {
      try {
        act(store);
        if (this.failure !== undefined) this.log("info", `${this.what} is written again`);
        this.failure = undefined;
      } catch (error) {
        this.failed(error);
        if (passes(error)) return false;
      }
      waiting.shift();
    }
    return true;
  }

  private failed(error: unknown): void {
    const why = reasonOf(error);
    if (this.failure === undefined) {
      this.log("warn", `${this.what} lasts only until Buddy stops: it cannot be written: ${why}`);
    }
    this.failure = why;
  }
}

/** A statement that the database refuses would be refused for ever. */
function passes(error: unknown): boolean {
  return !(error instanceof TypeError) && (error as DatabaseError).code !== "STORE_DB_FAILED";
}
