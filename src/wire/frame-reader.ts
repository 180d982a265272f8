/**
 * Cuts a byte stream into frame bodies (PROTOCOL §1.1). Holds at most one unfinished body, whose length it
 * checks before it takes memory for it. A wrong length ends the reading: `code` says why.
 */
import { copyBytes, getU16 } from "./bytes.js";
import { LinkCode } from "./errors.js";

export class FrameReader {
  /** OK, or what was wrong; after that `next` returns nothing more. */
  code: LinkCode = LinkCode.OK;
  /** Longest body that is let through; may change between frames. */
  bodyBytesMax: number;
  private chunk: Buffer | undefined = undefined;
  private at = 0;
  private headBytes = 0;
  private bodyBytes = 0;
  private body: Buffer | undefined = undefined;
  private filled = 0;

  constructor(bodyBytesMax: number) {
    this.bodyBytesMax = bodyBytesMax;
  }

  /** Begins with another stream. */
  restart(bodyBytesMax: number): void {
    this.clear();
    this.code = LinkCode.OK;
    this.bodyBytesMax = bodyBytesMax;
  }

  /** Takes the next chunk, which now belongs to the reader. Call `next` until it returns nothing. */
  give(chunk: Buffer): void {
    this.chunk = chunk;
    this.at = 0;
  }

  /** Bytes that have not become a body yet. */
  heldBytes(): number {
    const unread = this.chunk === undefined ? 0 : this.chunk.length - this.at;
    return this.headBytes + this.filled + unread;
  }

  /** Forgets all bytes: the stream they belong to has ended. */
  clear(): void {
    this.chunk = undefined;
    this.body = undefined;
    this.headBytes = 0;
    this.filled = 0;
  }

  /** Whether bytes are waiting that `next` has not looked at. */
  hasMore(): boolean {
    return this.chunk !== undefined && this.at < this.chunk.length;
  }

  /** The next whole body, or nothing until more is pushed. */
  next(): Buffer | undefined {
    const { chunk } = this;
    if (chunk === undefined) return undefined;
    const { length } = chunk;
    const from = this.at + 2;
    if (from < length && this.headBytes === 0 && this.code === LinkCode.OK) {
      // Most chunks are whole frames.
      const bytes = getU16(chunk, from - 2);
      const end = from + bytes;
      if (end <= length && bytes > 0 && bytes <= this.bodyBytesMax) {
        const whole = Buffer.alloc(bytes);
        copyBytes(whole, 0, chunk, from, bytes);
        this.at = end;
        if (end === length) this.chunk = undefined;
        return whole;
      }
    }
    if (!this.readHead(chunk)) return this.drained();
    const have = length - this.at;
    if (have === 0) return this.drained();
    const missing = this.bodyBytes - this.filled;
    return this.collect(chunk, have < missing ? have : missing);
  }

  /** Reads what is there of the two length bytes; false if they are not complete or wrong. */
  private readHead(chunk: Buffer): boolean {
    while (this.headBytes < 2 && this.code === LinkCode.OK) {
      if (this.at >= chunk.length) return false;
      const byte = chunk[this.at] as number;
      this.at++;
      this.headBytes++;
      this.bodyBytes = this.headBytes === 1 ? byte : this.bodyBytes + byte * 256;
      if (this.headBytes === 2) this.checkLength();
    }
    return this.code === LinkCode.OK;
  }

  private checkLength(): void {
    if (this.bodyBytes === 0) this.code = LinkCode.LINK_FRAME_SHORT;
    if (this.bodyBytes > this.bodyBytesMax) this.code = LinkCode.LINK_FRAME_LONG;
  }

  private collect(chunk: Buffer, bytes: number): Buffer | undefined {
    const target = this.body ?? Buffer.alloc(this.bodyBytes);
    copyBytes(target, this.filled, chunk, this.at, bytes);
    this.at += bytes;
    this.filled += bytes;
    if (this.filled < this.bodyBytes) {
      this.body = target;
      return this.drained();
    }
    this.body = undefined;
    this.filled = 0;
    this.headBytes = 0;
    return target;
  }

  private drained(): undefined {
    this.chunk = undefined;
    return undefined;
  }
}
