/**
 * When the device dials again (PROTOCOL §1.5): full jitter on a doubling wait, for ever. While the quick tries
 * last (some 20 s) the wait stays within a second, so that a gateway that was restarted has its robot back within 2 s,
 * of which a small chip needs 0.8 s for its handshake; one that stays away is then dialled no more than six times a
 * minute. Pure: time and chance are arguments.
 */
import {
  GOOD_SESSION_MS,
  RETRY_FIRST_MS,
  RETRY_MS_MAX,
  RETRY_QUICK_MS_MAX,
} from "../../src/wire/limits.js";
import { LinkCode } from "../../src/wire/errors.js";

/** Dials in hand after a good session or a kick; then one more each `REFILL_MS`. */
const BUDGET_MAX = 36;
const REFILL_MS = 10000;
/** Told that a twin with the same identity took over: stay away long enough not to swap in circles. */
export const REPLACED_WAIT_MS = 60000;
/** 250 ms × 2^6 is over the cap already; more doublings only risk an overflow. */
const ATTEMPT_MAX = 6;

export class RetryPlan {
  /** Dials since the last good session. */
  attempt = 0;
  private budget = BUDGET_MAX;
  private filledAtMs = 0;

  /** Forgets past failures: the network has just come back, or a session was good. */
  startOver(nowMs: number): void {
    this.attempt = 0;
    this.budget = BUDGET_MAX;
    this.filledAtMs = nowMs;
  }

  /** Notes how a session went that was open for `openMs` (0: never opened). */
  noteSessionEnd(nowMs: number, openMs: number, code: number): void {
    if (openMs >= GOOD_SESSION_MS) this.startOver(nowMs);
    // Quick tries cannot help against another key or version.
    if (code === LinkCode.LINK_KEY || code === LinkCode.LINK_VERSION) {
      this.attempt = ATTEMPT_MAX;
      this.budget = 0;
    }
  }

  /** Milliseconds until the next dial, which is thereby spent. `random` is in [0, 1). */
  nextWaitMs(nowMs: number, random: number, lastCode: number): number {
    const refills = Math.floor((nowMs - this.filledAtMs) / REFILL_MS);
    this.budget = Math.min(BUDGET_MAX, this.budget + refills);
    this.filledAtMs += refills * REFILL_MS;
    const cap = this.budget > 0 ? RETRY_QUICK_MS_MAX : RETRY_MS_MAX;
    const span = Math.min(cap, RETRY_FIRST_MS << this.attempt);
    let waitMs = Math.floor(random * span);
    if (this.attempt < ATTEMPT_MAX) this.attempt++;
    if (lastCode === LinkCode.LINK_REPLACED) return REPLACED_WAIT_MS + waitMs;
    this.budget--;
    if (this.budget < 0) waitMs = Math.max(waitMs, this.filledAtMs + REFILL_MS - nowMs);
    return waitMs;
  }
}
