/**
 * The running board's end of its USB line: Jacdac frames and the log (`usb/usb-frames.ts`), and the bridge's own commands, as
 * `jd_usb.c` of jacdac-c has them.
 */
import {
  encodeUsbFrame,
  encodeUsbLog,
  FRAME_BYTES_MAX,
  HEAD_BYTES,
  UsbReader,
} from "./usb-frames.js";

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
  private readonly reader = new UsbReader({ frame: (frame) => this.frame(frame) });

  constructor(private readonly events: UsbEvents) {}

  /** Bytes from the cable. */
  take(chunk: Uint8Array): void {
    this.reader.take(chunk);
  }

  /** A frame of the board's bus. */
  forward(frame: Uint8Array): void {
    if (!this.isForwarding || frame.length > FRAME_BYTES_MAX) return;
    this.events.send(encodeUsbFrame(frame));
  }

  /** A line of the board's log. */
  log(text: string): void {
    this.events.send(encodeUsbLog(text));
  }

  private frame(frame: Buffer): void {
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
    this.events.send(encodeUsbFrame(report));
  }
}
