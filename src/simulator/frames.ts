/**
 * Framing of the Jacdac stream between host and VM: a length byte and the frame, or 0xff and the length as u16
 * for the large frames that the VM may send.
 */

const LONG_PREFIX = 0xff;
/** CRC (2), size, flags, device id (8); then packets of size, service index, command (2) and data. */
const HEAD_BYTES = 12;
const FLAGS_AT = 3;
const FLAG_COMMAND = 1;
const SERVICE_INDEX_AT = HEAD_BYTES + 1;
/** Pipes and acknowledgements have indices above those of services. */
const SERVICE_INDEX_SPECIAL = 0x3a;

/** Cuts a byte stream into frames. Holds at most one incomplete frame. */
export class FrameReader {
  private rest = Buffer.alloc(0);

  /** Takes what arrived and returns the frames that are complete, in order; shorter than a head is dropped. */
  read(chunk: Buffer): Buffer[] {
    let bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const frames: Buffer[] = [];
    for (;;) {
      const size = frameSize(bytes);
      if (size === undefined || bytes.length < size.head + size.body) break;
      const end = size.head + size.body;
      if (size.body >= HEAD_BYTES) frames.push(bytes.subarray(size.head, end));
      bytes = bytes.subarray(end);
    }
    this.rest = Buffer.from(bytes);
    return frames;
  }
}

function frameSize(bytes: Buffer): { head: number; body: number } | undefined {
  if (bytes.length < 1) return undefined;
  const first = bytes.readUInt8(0);
  if (first !== LONG_PREFIX) return { head: 1, body: first };
  if (bytes.length < 3) return undefined;
  return { head: 3, body: bytes.readUInt16LE(1) };
}

/** Service classes of a device follow the flags of its announcement. */
const ANNOUNCED_AT = HEAD_BYTES + 4 + 4;
/** `SRV_DEVICE_SCRIPT_MANAGER` of the Jacdac catalogue. */
const PROGRAM_MANAGER = 0x1134ea2b;

/** The id of a device that announces that it runs programs, as 16 hex digits; undefined for every other frame. */
export function managedDevice(frame: Buffer): string | undefined {
  if (frame.length < ANNOUNCED_AT) return undefined;
  const isReport = ((frame[FLAGS_AT] ?? 0) & FLAG_COMMAND) === 0;
  const isAnnouncement =
    isReport && frame[SERVICE_INDEX_AT] === 0 && frame.readUInt16LE(SERVICE_INDEX_AT + 1) === 0;
  if (!isAnnouncement) return undefined;
  const end = Math.min(frame.length, HEAD_BYTES + 4 + (frame[HEAD_BYTES] ?? 0));
  for (let at = ANNOUNCED_AT; at + 4 <= end; at += 4) {
    if (frame.readUInt32LE(at) === PROGRAM_MANAGER) {
      return frame.subarray(FLAGS_AT + 1, HEAD_BYTES).toString("hex");
    }
  }
  return undefined;
}

/**
 * Frames one packet for the VM, which understands the short form only.
 * @throws RangeError when the frame is longer than the bus allows (252 bytes).
 */
export function encodeFrame(frame: Uint8Array): Buffer {
  if (frame.length >= LONG_PREFIX) {
    throw new RangeError(`a bus frame has at most ${LONG_PREFIX - 1} bytes, not ${frame.length}`);
  }
  return Buffer.concat([Buffer.from([frame.length]), frame]);
}

/**
 * Whether the frame asks a service for something, as a program's roles do. The rest of what a VM sends is its
 * runtime's own (announcements, reports of its services, pipes): the limit of 50 packets a second does not count it.
 */
export function isRequest(frame: Uint8Array): boolean {
  const isCommand = ((frame[FLAGS_AT] ?? 0) & FLAG_COMMAND) !== 0;
  return isCommand && (frame[SERVICE_INDEX_AT] ?? 0) < SERVICE_INDEX_SPECIAL;
}
