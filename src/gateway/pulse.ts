/** What keeps a session alive: when it is silent, when a heartbeat is due, and how long its answer took. Pure. */
import { HEARTBEAT_MS, LINK_PINGS_UNANSWERED_MAX, SILENCE_MS_MAX } from "../wire/limits.js";

/** A timer this late means that this process slept, not the robot: the silence rule waits for the next look. */
export const LATE_TICK_MS = 500;
/** The round trip is measured at least this often, also while frames flow. */
const PING_PERIOD_MS = 1000;

export class Pulse {
  /** Round trip of the last heartbeat; undefined before the first. */
  rttMs: number | undefined;
  private pingsUnanswered = 0;
  private pingToken = 0;
  private pingAtMs: number;
  private heardAtMs: number;
  private sentAtMs: number;
  private tickedAtMs: number;

  constructor(nowMs: number) {
    this.heardAtMs = nowMs;
    this.sentAtMs = nowMs;
    this.tickedAtMs = nowMs;
    this.pingAtMs = nowMs;
  }

  /** The session is open. */
  begin(nowMs: number): void {
    this.heardAtMs = nowMs;
    // The first look at the time asks for the round trip.
    this.pingAtMs = nowMs - PING_PERIOD_MS;
  }

  heard(nowMs: number): void {
    this.heardAtMs = nowMs;
  }

  sent(nowMs: number): void {
    this.sentAtMs = nowMs;
  }

  /** @returns whether the robot has been silent for too long. */
  tick(nowMs: number): boolean {
    const wasAsleep = nowMs - this.tickedAtMs > LATE_TICK_MS;
    this.tickedAtMs = nowMs;
    return nowMs - this.heardAtMs > SILENCE_MS_MAX && !wasAsleep;
  }

  /** The token of a heartbeat that is due now; undefined when none is, or too many were not answered. */
  nextToken(nowMs: number): number | undefined {
    const isDue = nowMs - this.sentAtMs >= HEARTBEAT_MS || nowMs - this.pingAtMs >= PING_PERIOD_MS;
    if (!isDue || this.pingsUnanswered >= LINK_PINGS_UNANSWERED_MAX) return undefined;
    this.pingsUnanswered++;
    this.pingAtMs = nowMs;
    this.pingToken = (this.pingToken + 1) % 0x1_0000_0000;
    return this.pingToken;
  }

  answered(token: number, nowMs: number): void {
    this.pingsUnanswered = 0;
    if (token === this.pingToken) this.rttMs = nowMs - this.pingAtMs;
  }
}
