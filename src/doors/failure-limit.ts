/**
 * Slows down guessing: counts failed sign-ins of each address in a window. A client that knows the secret
 * is never asked, so a guesser behind the same address cannot lock anybody out.
 */
import type { Clock } from "../time/clock.js";

const WINDOW_MS = 60_000;
const FAILURES_MAX = 10;
/** All addresses together: an attacker with many addresses (IPv6) gets no more than this. */
const FAILURES_ALL_MAX = 200;
/** Addresses remembered; at the limit the window starts anew for the oldest. */
const ADDRESSES_MAX = 1000;

export class FailureLimit {
  private readonly counts = new Map<string, { count: number; untilMs: number }>();
  private all = { count: 0, untilMs: 0 };

  constructor(private readonly clock: Clock) {}

  /**
   * Notes one failure of this address.
   * @returns `waitMs` greater than 0 when there were too many, and whether it is the first of its window
   * (the one worth a log line).
   */
  note(address: string): { waitMs: number; isFirst: boolean } {
    const nowMs = this.clock.nowMs();
    if (this.all.untilMs <= nowMs) this.all = { count: 0, untilMs: nowMs + WINDOW_MS };
    let entry = this.counts.get(address);
    if (!entry || entry.untilMs <= nowMs) {
      entry = { count: 0, untilMs: nowMs + WINDOW_MS };
      this.counts.delete(address);
      const oldest = this.counts.keys().next();
      if (this.counts.size >= ADDRESSES_MAX && !oldest.done) this.counts.delete(oldest.value);
      this.counts.set(address, entry);
    }
    entry.count++;
    this.all.count++;
    const isFirst = entry.count === 1 && this.all.count <= FAILURES_ALL_MAX;
    if (entry.count > FAILURES_MAX) return { waitMs: entry.untilMs - nowMs, isFirst };
    if (this.all.count > FAILURES_ALL_MAX) return { waitMs: this.all.untilMs - nowMs, isFirst };
    return { waitMs: 0, isFirst };
  }
}
