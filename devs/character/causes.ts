/**
 * The last 20 causes: what the robot did or chose, why, and the figure behind it. Ring in one small buffer,
 * because 20 objects would cost 2 KB. Small ambient movements in a row count as one entry.
 */
import { getU32, putU32 } from "../../src/wire/bytes.js";
import { CAUSES_MAX } from "../../src/wire/verbs.js";
import { fixed2, whole } from "../runtime/text.js";
import { Event, EVENTS, REASONS } from "./names.js";

/** Time in tenths of a second u32, event u8, reason u8, figure × 100 u8, repeats u8. */
const ENTRY_BYTES = 8;

export class Causes {
  private readonly ring: Buffer = Buffer.alloc(CAUSES_MAX * ENTRY_BYTES);
  private next = 0;
  private count = 0;

  noteCause(event: number, reason: number, figure: number, nowMs: number): void {
    const last = (this.next + CAUSES_MAX - 1) % CAUSES_MAX;
    let at = this.next * ENTRY_BYTES;
    let repeats = 1;
    const lastAt = last * ENTRY_BYTES;
    if (this.count > 0 && event === Event.AMBIENT && this.ring[lastAt + 4] === event) {
      at = lastAt;
      repeats = Math.min(255, (this.ring[lastAt + 7] as number) + 1);
    } else {
      this.next = (this.next + 1) % CAUSES_MAX;
      this.count = Math.min(CAUSES_MAX, this.count + 1);
    }
    putU32(this.ring, at, Math.floor(nowMs / 100));
    this.ring[at + 4] = event;
    this.ring[at + 5] = reason;
    this.ring[at + 6] = Math.round(Math.max(0, Math.min(1, figure)) * 100);
    this.ring[at + 7] = repeats;
  }

  /** The newest `count` as a JSON array of [seconds ago, event, reason, figure, repeats]. */
  json(count: number, nowMs: number): string {
    let out = "";
    for (let back = 0; back < count && back < this.count; back++) {
      const at = ((this.next + CAUSES_MAX - 1 - back) % CAUSES_MAX) * ENTRY_BYTES;
      const agoS = whole(nowMs / 1000 - getU32(this.ring, at) / 10);
      const event = EVENTS[this.ring[at + 4] as number];
      const reason = REASONS[this.ring[at + 5] as number];
      const figure = fixed2((this.ring[at + 6] as number) / 100);
      out += `,[${agoS},"${event}","${reason}",${figure},${this.ring[at + 7]}]`;
    }
    return `[${out.slice(1)}]`;
  }
}
