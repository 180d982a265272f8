/**
 * Jacdac frames and the board's log on one serial line, as `jd_usb.c` of jacdac-c puts them there. A byte 0xfe begins an escape;
 * what stands outside of frames is the log.
 */
import { jacdac } from "./jacdac.js";

const { crc } = jacdac;

const MAGIC = 0xfe;
const LITERAL = 0xf8;
const START = 0xfc;
const END = 0xfd;
/** `usb_queue` and `jd_frame_t`: no frame is longer. */
export const FRAME_BYTES_MAX = 252;
export const HEAD_BYTES = 12;
/** A line of the log that does not end: the runtime's own lines have 300 at most. */
const LOG_LINE_BYTES_MAX = 512;

export interface UsbReaderEvents {
  /** A frame whose checksum is right. */
  frame(frame: Buffer): void;
  /** A line of the log, without its end. */
  log?(line: string): void;
}

/** Takes a line's bytes apart. Frames that are damaged, or longer than any, are dropped. */
export class UsbReader {
  private isFrame = false;
  private isEscaped = false;
  private bytes: number[] = [];
  private line: number[] = [];

  constructor(private readonly events: UsbReaderEvents) {}

  take(chunk: Uint8Array): void {
    for (const byte of chunk) this.byte(byte);
  }

  private byte(byte: number): void {
    if (!this.isEscaped && byte === MAGIC) {
      this.isEscaped = true;
      return;
    }
    if (this.isEscaped) {
      this.isEscaped = false;
      if (byte === START) {
        this.isFrame = true;
        this.bytes = [];
        return;
      }
      if (byte === END) {
        if (this.isFrame) this.frame(Buffer.from(this.bytes));
        this.isFrame = false;
        return;
      }
      if (byte !== LITERAL) return;
      byte = MAGIC;
    }
    if (!this.isFrame) return this.logByte(byte);
    if (this.bytes.length < FRAME_BYTES_MAX) this.bytes.push(byte);
    else this.isFrame = false;
  }

  private frame(frame: Buffer): void {
    const size = HEAD_BYTES + (frame[2] ?? 0);
    if (frame.length < size || frame.readUInt16LE(0) !== crc(frame.subarray(2, size))) return;
    this.events.frame(frame);
  }

  private logByte(byte: number): void {
    const isEnd = byte === 0x0a;
    if (!isEnd && this.line.length < LOG_LINE_BYTES_MAX) this.line.push(byte);
    if (!isEnd) return;
    const text = Buffer.from(this.line).toString("utf8").trim();
    this.line = [];
    if (text !== "") this.events.log?.(text);
  }
}

/** A frame for the line. Its checksum is made anew: a VM changes a flag of some frames behind theirs. */
export function encodeUsbFrame(frame: Uint8Array): Buffer {
  const whole = Buffer.from(frame);
  whole.writeUInt16LE(crc(whole.subarray(2, HEAD_BYTES + (whole[2] ?? 0))), 0);
  return Buffer.from([MAGIC, START, ...escape(whole), MAGIC, END]);
}

/** A line of the log for the line. */
export function encodeUsbLog(text: string): Buffer {
  return Buffer.from(escape(Buffer.from(`${text}\n`)));
}

function escape(bytes: Uint8Array): number[] {
  const out: number[] = [];
  for (const byte of bytes) {
    if (byte === MAGIC) out.push(MAGIC, LITERAL);
    else out.push(byte);
  }
  return out;
}
