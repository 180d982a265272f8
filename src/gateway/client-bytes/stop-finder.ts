/**
 * Follows the WebSocket frames that a client sends to the robot, just closely enough to know where a STOP ends: that one
 * finds room on the link when nothing else does (`outbox.ts`). All else it passes over. Pure.
 */
import { isStopLine } from "../../robot/stop-lines.js";

/** A whole text message, masked as those of clients are. */
const WHOLE_TEXT = 0x81;
const MASK_BIT = 0x80;
const MASK_BYTES = 4;
/** "999999999 STOP_SPEAKING" and a line's end. */
const STOP_BYTES_MAX = 32;
/** An id of PROTOCOL §2.1. */
const ID = /^\d{1,9} /;

export class StopFinder {
  /** Bytes of the frame's head until now. */
  private head: number[] = [];
  private payloadLeft = 0;
  /** Payload that may be a STOP; undefined: it is none. */
  private text: number[] | undefined;

  /** @returns how many of these bytes go before the end of the last STOP among them; 0: there is none */
  push(data: Buffer): number {
    let stopEnd = 0;
    let at = 0;
    while (at < data.length) {
      if (this.payloadLeft === 0) {
        this.takeHeadByte(data[at] as number);
        at++;
      } else {
        const step = Math.min(this.payloadLeft, data.length - at);
        this.text?.push(...data.subarray(at, at + step));
        this.payloadLeft -= step;
        at += step;
      }
      if (this.isStopComplete()) stopEnd = at;
    }
    return stopEnd;
  }

  private takeHeadByte(byte: number): void {
    this.head.push(byte);
    const [first, second = 0] = this.head;
    const short = second & ~MASK_BIT;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = (second & MASK_BIT) === 0 ? 0 : MASK_BYTES;
    if (this.head.length < 2 + lengthBytes + maskBytes) return;
    this.payloadLeft =
      lengthBytes === 0
        ? short
        : this.head.slice(2, 2 + lengthBytes).reduce((sum, one) => sum * 256 + one, 0);
    const isShort = this.payloadLeft > 0 && this.payloadLeft <= STOP_BYTES_MAX;
    this.text = first === WHOLE_TEXT && maskBytes > 0 && isShort ? [] : undefined;
    if (this.text === undefined) this.head = [];
  }

  /** Whether a frame has just ended that says STOP. */
  private isStopComplete(): boolean {
    if (this.text === undefined || this.payloadLeft > 0) return false;
    const mask = this.head.slice(-MASK_BYTES);
    const line = String.fromCharCode(
      ...this.text.map((byte, index) => byte ^ (mask[index % MASK_BYTES] as number)),
    );
    this.text = undefined;
    this.head = [];
    return isStopLine(line.replace(/[\r\n]+$/, "").replace(ID, ""));
  }
}
