/**
 * The receiving half of RFC 6455 as a machine over bytes: it takes any pieces, stops after each frame or message
 * and says what has come. It unmasks in place, keeps at most one message (2,048 bytes, 16 fragments) and one
 * control payload, and checks UTF-8 as it comes. Binary messages are checked like others and then ignored, as
 * the old robot did; their bytes are not kept.
 */
import { WS_FRAGMENTS_MAX, WS_MESSAGE_BYTES_MAX } from "../../src/wire/limits.js";
import { copyBytes, textOf, unmask } from "../../src/wire/bytes.js";
import { checkUtf8, lastSlowBytes, UTF8_BAD } from "./utf8.js";
import {
  CLOSE_BAD_TEXT,
  CLOSE_POLICY,
  CLOSE_PROTOCOL,
  CLOSE_TOO_BIG,
  CONTROL_BYTES_MAX,
  isCloseCode,
  OP_BINARY,
  OP_CLOSE,
  OP_CONTINUATION,
  OP_PING,
  OP_PONG,
  OP_TEXT,
} from "./ws-frames.js";

/** What `take` has found. After "failed" the machine takes nothing more. */
export type WsEvent = "none" | "text" | "ping" | "close" | "failed";

const HEADER_BYTES_MAX = 14;
/** Bytes looked at in one call, so that the caller can stop between calls: ~1,300 steps, ~6,500 in the worst text. */
const PIECE_BYTES_MAX = 128;
const NO_BYTES = Buffer.alloc(0);

export class WsMachine {
  /** Of the last "text". */
  text = "";
  /** Of the last "ping". */
  payload = NO_BYTES;
  /** Of the last "close" (0: the peer gave none) or "failed": the code to answer with. */
  closeCode = 0;
  /** Of the last "failed", for the close frame. */
  reason = "";
  /** What the last `take` found. */
  event: WsEvent = "none";
  /** Bytes of the last `take` that cost ~50 steps each instead of ~10 (`utf8.ts`). */
  slowBytes = 0;

  private readonly header = Buffer.alloc(HEADER_BYTES_MAX);
  private headerUsed = 0;
  private headerNeed = 2;
  private readonly mask = Buffer.alloc(4);
  private isInPayload = false;
  private opcode = 0;
  private isFinal = false;
  private frameBytes = 0;
  private frameAt = 0;
  /** Control payload of the frame in progress. */
  private control = NO_BYTES;
  /** OP_TEXT or OP_BINARY while a message is in progress, else OP_CONTINUATION. */
  private messageOpcode = OP_CONTINUATION;
  private message = NO_BYTES;
  private messageBytes = 0;
  /** `message` is valid UTF-8 up to here, and this is a boundary between characters. */
  private checkedTo = 0;
  private fragments = 0;

  /** True while a frame or a message has begun and not ended. */
  isPartial(): boolean {
    return this.headerUsed > 0 || this.isInPayload || this.messageOpcode !== OP_CONTINUATION;
  }

  /** Bytes of memory held for an incomplete message. */
  heldBytes(): number {
    return this.message.length;
  }

  /**
   * Takes bytes of `data` from `from`, at most to the end of a frame, and returns where it stopped. `event`
   * tells what was complete there. Bytes of payload are changed in place.
   */
  take(data: Buffer, from: number): number {
    this.event = "none";
    this.slowBytes = 0;
    let at = from;
    while (at < data.length && !this.isInPayload) {
      this.header[this.headerUsed] = data[at] as number;
      this.headerUsed++;
      at++;
      if (this.headerUsed === 2 && !this.checkStart()) return at;
      if (this.headerUsed === this.headerNeed && !this.startPayload()) return at;
    }
    if (!this.isInPayload) return at;
    const end = this.pieceEnd(data, at);
    if (end > at && !this.takePayload(data, at, end)) return end;
    if (this.frameAt === this.frameBytes) this.endFrame();
    return end;
  }

  /** Where the piece ends that is looked at next: with the frame, the data or the largest piece. */
  private pieceEnd(data: Buffer, at: number): number {
    let end = at + this.frameBytes - this.frameAt;
    if (end > data.length) end = data.length;
    return end - at > PIECE_BYTES_MAX ? at + PIECE_BYTES_MAX : end;
  }

  private fail(code: number, reason: string): boolean {
    this.event = "failed";
    this.closeCode = code;
    this.reason = reason;
    this.message = NO_BYTES;
    return false;
  }

  /** Rules that the first two bytes of a frame decide. */
  private checkStart(): boolean {
    const first = this.header[0] as number;
    const second = this.header[1] as number;
    this.opcode = first & 15;
    this.isFinal = first >= 0x80;
    const isControl = this.opcode >= OP_CLOSE;
    const length = second & 0x7f;
    if ((first & 0x70) !== 0) return this.fail(CLOSE_PROTOCOL, "reserved bits");
    if (this.opcode > OP_PONG || (this.opcode > OP_BINARY && !isControl))
      return this.fail(CLOSE_PROTOCOL, "reserved opcode");
    if (second < 0x80) return this.fail(CLOSE_PROTOCOL, "not masked");
    if (isControl && (!this.isFinal || length > CONTROL_BYTES_MAX))
      return this.fail(CLOSE_PROTOCOL, "control frame too long or fragmented");
    const isInMessage = this.messageOpcode !== OP_CONTINUATION;
    if (!isControl && (this.opcode === OP_CONTINUATION) !== isInMessage)
      return this.fail(
        CLOSE_PROTOCOL,
        isInMessage ? "message not finished" : "nothing to continue",
      );
    this.headerNeed = 6;
    if (length === 126) this.headerNeed = 8;
    if (length === 127) this.headerNeed = 14;
    return true;
  }

  /** Length of the frame whose header is complete; -1 if it is not written in the shortest way. */
  private headerLength(): number {
    const h = this.header;
    if (this.headerNeed === 6) return (h[1] as number) & 0x7f;
    let length = 0;
    for (let i = 2; i < this.headerNeed - 4; i++) length = length * 256 + (h[i] as number);
    if (this.headerNeed === 8) return length > CONTROL_BYTES_MAX ? length : -1;
    return length > 0xffff && (h[2] as number) < 0x80 ? length : -1;
  }

  private startPayload(): boolean {
    const length = this.headerLength();
    if (length < 0) return this.fail(CLOSE_PROTOCOL, "bad length");
    copyBytes(this.mask, 0, this.header, this.headerNeed - 4, 4);
    this.headerUsed = 0;
    this.headerNeed = 2;
    this.frameBytes = length;
    this.frameAt = 0;
    this.isInPayload = true;
    if (this.opcode >= OP_CLOSE) {
      this.control = length === 0 ? NO_BYTES : Buffer.alloc(length);
      return true;
    }
    return this.startFragment(length);
  }

  private startFragment(length: number): boolean {
    if (this.opcode !== OP_CONTINUATION) {
      this.messageOpcode = this.opcode;
      this.message = NO_BYTES;
      this.messageBytes = 0;
      this.checkedTo = 0;
      this.fragments = 0;
    }
    this.fragments++;
    if (this.fragments > WS_FRAGMENTS_MAX) return this.fail(CLOSE_POLICY, "too many fragments");
    const total = this.messageBytes + length;
    if (total > WS_MESSAGE_BYTES_MAX) return this.fail(CLOSE_TOO_BIG, "message too big");
    if (this.messageOpcode === OP_TEXT && length > 0) {
      const grown = Buffer.alloc(total);
      copyBytes(grown, 0, this.message, 0, this.messageBytes);
      this.message = grown;
    }
    return true;
  }

  private takePayload(data: Buffer, at: number, end: number): boolean {
    const isAscii = unmask(data, at, end, this.mask, this.frameAt & 3);
    const length = end - at;
    const frameAt = this.frameAt;
    this.frameAt += length;
    if (this.opcode >= OP_CLOSE) {
      copyBytes(this.control, frameAt, data, at, length);
      return true;
    }
    const wasBytes = this.messageBytes;
    this.messageBytes += length;
    if (this.messageOpcode !== OP_TEXT) return true;
    copyBytes(this.message, wasBytes, data, at, length);
    if (isAscii && this.checkedTo === wasBytes) {
      this.checkedTo = this.messageBytes;
      return true;
    }
    this.checkedTo = checkUtf8(this.message, this.checkedTo, this.messageBytes);
    this.slowBytes = lastSlowBytes();
    return this.checkedTo === UTF8_BAD ? this.fail(CLOSE_BAD_TEXT, "not UTF-8") : true;
  }

  private endFrame(): void {
    this.isInPayload = false;
    if (this.opcode === OP_PING) {
      this.payload = this.control;
      this.event = "ping";
    } else if (this.opcode === OP_CLOSE) this.endClose();
    else if (this.opcode !== OP_PONG && this.isFinal) this.endMessage();
  }

  private endMessage(): void {
    const isText = this.messageOpcode === OP_TEXT;
    this.messageOpcode = OP_CONTINUATION;
    if (!isText) return;
    if (this.checkedTo !== this.messageBytes) {
      this.fail(CLOSE_BAD_TEXT, "not UTF-8");
      return;
    }
    this.text = textOf(this.message);
    this.message = NO_BYTES;
    this.event = "text";
  }

  private endClose(): void {
    const bytes = this.control;
    const code = bytes.length < 2 ? 0 : (bytes[0] as number) * 256 + (bytes[1] as number);
    const isBadCode = bytes.length === 1 || (bytes.length >= 2 && !isCloseCode(code));
    if (isBadCode) {
      this.fail(CLOSE_PROTOCOL, "bad close code");
      return;
    }
    if (bytes.length > 2 && checkUtf8(bytes, 2, bytes.length) !== bytes.length) {
      this.fail(CLOSE_BAD_TEXT, "not UTF-8");
      return;
    }
    this.closeCode = code;
    this.event = "close";
  }
}
