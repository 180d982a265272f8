/**
 * Follows the bytes that the robot sends to one client just closely enough to know two things: whether the
 * client's WebSocket upgrade was granted, and whether the stream stands between two frames, where a close frame of
 * ours would be understood. Reads no payload; pure.
 */

const GRANTED = Buffer.from("HTTP/1.1 101");
const HEAD_END = Buffer.from("\r\n\r\n");
/** A longer answer head than any upgrade has: stop looking, it is plain HTTP. */
const HEAD_BYTES_MAX = 4096;

export class WsBoundary {
  /** Bytes seen so far, whatever they were. */
  bytes = 0;
  private phase: "head" | "http" | "frames" = "head";
  private head = Buffer.alloc(0);
  /** Frame header bytes seen and still needed, payload bytes still to come. */
  private header: number[] = [];
  private payloadLeft = 0;

  isUpgraded(): boolean {
    return this.phase === "frames";
  }

  /** Between two WebSocket frames of the robot. */
  isBetweenFrames(): boolean {
    return this.phase === "frames" && this.payloadLeft === 0 && this.header.length === 0;
  }

  push(data: Buffer): void {
    this.bytes += data.length;
    if (this.phase === "http") return;
    if (this.phase === "frames") return this.follow(data);
    this.head = Buffer.concat([this.head, data]);
    const end = this.head.indexOf(HEAD_END);
    if (end >= 0 && this.head.subarray(0, GRANTED.length).equals(GRANTED)) {
      this.phase = "frames";
      this.follow(this.head.subarray(end + HEAD_END.length));
    } else if (end >= 0 || this.head.length > HEAD_BYTES_MAX) {
      this.phase = "http";
    }
    if (this.phase !== "head") this.head = Buffer.alloc(0);
  }

  private follow(data: Buffer): void {
    let at = 0;
    while (at < data.length) {
      if (this.payloadLeft > 0) {
        const step = Math.min(this.payloadLeft, data.length - at);
        this.payloadLeft -= step;
        at += step;
        continue;
      }
      this.header.push(data[at] ?? 0);
      at++;
      this.finishHeader();
    }
  }

  /** A server's frame has no mask: 2 bytes, or 4 or 10 with a longer length. */
  private finishHeader(): void {
    const [, short = 0] = this.header;
    if (this.header.length < 2) return;
    const kind = short & 0x7f;
    const needed = kind === 126 ? 4 : kind === 127 ? 10 : 2;
    if (this.header.length < needed) return;
    this.payloadLeft =
      needed === 2 ? kind : this.header.slice(2).reduce((sum, byte) => sum * 256 + byte, 0);
    this.header = [];
  }
}

/** Close frame of a server, without a reason text. */
export function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 0x02, code >> 8, code & 255]);
}
