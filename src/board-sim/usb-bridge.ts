/**
 * The running board's end of its USB line: Jacdac frames and the log, as `jd_usb.c` of jacdac-c frames them. A byte 0xfe begins
 * an escape; what stands outside of frames is the log.
 */
import { jacdac } from "../simulator/jacdac.js";

const { crc } = jacdac;

const MAGIC = 0xfe;
const LITERAL = 0xf8;
const START = 0xfc;
const END = 0xfd;
/** `usb_queue` and `jd_frame_t`: no frame is longer. */
const FRAME_BYTES_MAX = 252;
const HEAD_BYTES = 12;
const PACKET_HEAD_BYTES = 4;
const FLAG_COMMAND = 1;
const FLAG_BROADCAST = 4;
/** Service class in the address of a frame for the bridge itself. */
const BRIDGE = 0x18f61a4a;
const COMMAND = { disable: 0x80, enable: 0x81, disableLog: 0x82, enableLog: 0x83 } as const;
const UNKNOWN = 0xff;

export interface UsbEvents {
  /** To the other end of the cable. */
  send(bytes: Buffer): void;
  /** For the board's bus. */
  frame(frame: Buffer): void;
}

export class UsbBridge {
  private isForwarding = false;
  private isFrame = false;
  private isEscaped = false;
  private bytes: number[] = [];

  constructor(private readonly events: UsbEvents) {}

  /** Bytes from the cable. */
  take(chunk: Uint8Array): void {
    for (const byte of chunk) this.byte(byte);
  }

  /** A frame of the board's bus. Its checksum is made anew: a VM changes a flag of some frames behind theirs. */
  forward(frame: Uint8Array): void {
    if (!this.isForwarding || frame.length > FRAME_BYTES_MAX) return;
    this.events.send(encode(frame));
  }

  /** A line of the board's log. */
  log(text: string): void {
    const bytes = [...Buffer.from(`${text}\n`)];
    this.events.send(Buffer.from(bytes.flatMap((one) => (one === MAGIC ? [MAGIC, LITERAL] : one))));
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
    if (!this.isFrame) return;
    if (this.bytes.length < FRAME_BYTES_MAX) this.bytes.push(byte);
    else this.isFrame = false;
  }

  private frame(frame: Buffer): void {
    const size = HEAD_BYTES + (frame[2] ?? 0);
    if (frame.length < size || frame.readUInt16LE(0) !== crc(frame.subarray(2, size))) return;
    const flags = frame[3] ?? 0;
    const isForBridge =
      (flags & FLAG_COMMAND) !== 0 &&
      (flags & FLAG_BROADCAST) !== 0 &&
      frame.readUInt32LE(4) === BRIDGE;
    if (isForBridge) this.obey(frame);
    else this.events.frame(frame);
  }

  private obey(frame: Buffer): void {
    const command = frame.readUInt16LE(HEAD_BYTES + 2);
    const isKnown = Object.values(COMMAND).some((one) => one === command);
    if (command === COMMAND.enable) this.isForwarding = true;
    if (command === COMMAND.disable) this.isForwarding = false;
    const report = Buffer.alloc(HEAD_BYTES + PACKET_HEAD_BYTES);
    report[2] = PACKET_HEAD_BYTES;
    report[3] = FLAG_COMMAND | FLAG_BROADCAST;
    frame.copy(report, 4, 4, HEAD_BYTES);
    frame.copy(report, HEAD_BYTES + 1, HEAD_BYTES + 1, HEAD_BYTES + PACKET_HEAD_BYTES);
    report[HEAD_BYTES + 1] = (report[HEAD_BYTES + 1] ?? 0) & 0x3f;
    report.writeUInt16LE(isKnown ? command : UNKNOWN, HEAD_BYTES + 2);
    this.events.send(encode(report));
  }
}

function encode(frame: Uint8Array): Buffer {
  const whole = Buffer.from(frame);
  whole.writeUInt16LE(crc(whole.subarray(2, HEAD_BYTES + (whole[2] ?? 0))), 0);
  const out = [MAGIC, START];
  for (const byte of whole) {
    if (byte === MAGIC) out.push(MAGIC, LITERAL);
    else out.push(byte);
  }
  out.push(MAGIC, END);
  return Buffer.from(out);
}
