/**
 * When a page that gives its camera sends the next picture: at most `GIVEN_PER_S_MAX` a second, and with at most
 * `UNDER_WAY_MAX` under way, so that what is sent is what can be searched and nothing waits. Pure; times are monotonic ms.
 */
import { GIVEN_PER_S_MAX, UNDER_WAY_MAX } from "../../vision/choice/giver-protocol.js";

/** A screen's frames come unevenly: a picture a little early is no picture too many. */
const PERIOD_MS = 1000 / GIVEN_PER_S_MAX - 4;

export class PicturePace {
  private lastMs = Number.NEGATIVE_INFINITY;
  private lastSeq = 0;
  private readonly underWay = new Set<number>();

  /** @returns the number of the picture that may be sent now; undefined: none. */
  begin(nowMs: number): number | undefined {
    if (this.underWay.size >= UNDER_WAY_MAX || nowMs - this.lastMs < PERIOD_MS) return undefined;
    this.lastMs = nowMs;
    this.underWay.add(++this.lastSeq);
    return this.lastSeq;
  }

  /** It was dealt with, or was not sent after all. */
  end(seq: number): void {
    this.underWay.delete(seq);
  }
}
