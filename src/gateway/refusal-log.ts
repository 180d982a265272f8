/** Tells of refused links in the log, so that a flood of them does not fill it. */
import type { Clock } from "../time/clock.js";
import { LinkCode, linkCodeName } from "../wire/errors.js";

/** Refusals of a kind are logged so often. */
const TELL_MS = 60_000;

export class RefusalLog {
  /** When a refusal with that code was last logged. */
  private readonly toldMs = new Map<number, number>();

  constructor(
    private readonly clock: Clock,
    private readonly log: (line: string) => void,
  ) {}

  /** @param deviceId "" when it did not come to say one */
  tell(code: LinkCode, address: string, deviceId: string): void {
    // A connection that breaks off says nothing about anybody.
    if (code === LinkCode.LINK_LOST) return;
    const nowMs = this.clock.nowMs();
    if (nowMs - (this.toldMs.get(code) ?? Number.NEGATIVE_INFINITY) < TELL_MS) return;
    this.toldMs.set(code, nowMs);
    const who = deviceId === "" ? "" : ` (device ${deviceId})`;
    this.log(`link refused to ${address}${who}: ${linkCodeName(code)}`);
  }
}
