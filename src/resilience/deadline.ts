/**
 * A deadline that really ends the call: the operation's signal is aborted, and the caller is free at once whether
 * or not the operation listens. After a normal return nothing is aborted any more, so that a stream that was
 * returned lives on.
 */
import type { Clock } from "../time/clock.js";
import { cancelledError, ResilienceError } from "./errors.js";

export interface DeadlineOptions {
  readonly clock: Clock;
  /** Named in the error. */
  readonly operation: string;
  readonly ms: number;
  readonly onDeadline?: () => void;
}

/**
 * One attempt at a call. Its signal is made when it is first asked for: an operation that has no use for one does
 * not pay the 4 µs (of about 10) that an AbortSignal costs.
 */
export class Attempt {
  private controller: AbortController | undefined;
  private ended: { readonly reason: unknown } | undefined;

  /** Aborted when the attempt must end. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.ended !== undefined) this.controller.abort(this.ended.reason);
    }
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    this.ended = { reason };
    this.controller?.abort(reason);
  }
}

/**
 * Runs `call` with a signal that is aborted when the time is over or when `outer` is aborted.
 * @throws ResilienceError `RESILIENCE_DEADLINE` (transient) or `RESILIENCE_CANCELLED`; else what the call throws.
 */
export function withDeadline<T>(
  call: (attempt: Attempt) => T | PromiseLike<T>,
  options: DeadlineOptions,
  outer?: AbortSignal,
): Promise<T> {
  const { clock, operation, ms } = options;
  if (outer?.aborted === true) return Promise.reject(cancelledError(outer.reason, operation));
  const attempt = new Attempt();
  return new Promise<T>((resolve, reject) => {
    const end = (error: ResilienceError): void => {
      settled();
      // Rejected first: what the operation throws at its abort must not win.
      reject(error);
      attempt.abort(error);
    };
    const onAbort = (): void => end(cancelledError(outer?.reason, operation));
    const cancelTimer = clock.after(ms, () => {
      options.onDeadline?.();
      end(
        new ResilienceError(
          "RESILIENCE_DEADLINE",
          "transient",
          `${operation}: no answer in ${ms} ms`,
        ),
      );
    });
    const settled = (): void => {
      cancelTimer();
      outer?.removeEventListener("abort", onAbort);
    };
    outer?.addEventListener("abort", onAbort);
    const succeed = (value: T): void => {
      settled();
      resolve(value);
    };
    const fail = (error: unknown): void => {
      settled();
      reject(error as Error);
    };
    try {
      // Both at once: after an end by time or abort the operation's own result goes nowhere.
      Promise.resolve(call(attempt)).then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
}
