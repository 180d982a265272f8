/**
 * Cuts a byte stream into frame bodies (PROTOCOL §1.1). Holds at most one unfinished body, whose length it
 * checks before it takes memory for it. A wrong length ends the reading: `code` says why.
 */
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

  /** Takes the next chunk, which now belongs to the reader. Call `next` until it returns nothing. */
  pushBytes(chunk: Buffer): void {
    this.chunk = chunk;
    this.at = 0;
  }

  /** Bytes of a frame whose rest has not come yet. */
  readerHeldBytes(): number {
    return this.headBytes + this.filled;
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
    const chunk = this.chunk;
    if (chunk === undefined || this.code !== LinkCode.OK) return undefined;
    if (!this.readHead(chunk)) return this.drained();
    const have = chunk.length - this.at;
    const missing = this.bodyBytes - this.filled;
    if (this.body === undefined && have >= missing) {
      const whole = chunk.slice(this.at, this.at + missing);
      this.at += missing;
      this.headBytes = 0;
      return whole;
    }
    if (have === 0) return this.drained();
    return this.collect(chunk, have < missing ? have : missing);
  }

  /** Reads what is there of the two length bytes; false if they are not complete or wrong. */
  private readHead(chunk: Buffer): boolean {
    while (this.headBytes < 2) {
      if (this.at >= chunk.length) return false;
      const byte = chunk[this.at] ?? 0;
      this.at++;
      this.headBytes++;
      if (this.headBytes === 1) {
        this.bodyBytes = byte;
      } else {
        this.bodyBytes += byte * 256;
        if (this.bodyBytes === 0) this.code = LinkCode.LINK_FRAME_SHORT;
        if (this.bodyBytes > this.bodyBytesMax) this.code = LinkCode.LINK_FRAME_LONG;
      }
    }
    return this.code === LinkCode.OK;
  }

  private collect(chunk: Buffer, bytes: number): Buffer | undefined {
    const target = this.body ?? Buffer.alloc(this.bodyBytes);
    target.set(chunk.slice(this.at, this.at + bytes), this.filled);
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
