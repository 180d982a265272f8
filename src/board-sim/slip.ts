/** SLIP (RFC 1055), as the chips' boot loader frames its packets. */

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;
/** The longest packet of a boot loader is a block of 16 KB and its head; more is noise. */
const PACKET_BYTES_MAX = 64 * 1024;

export function encodeSlip(packet: Uint8Array): Buffer {
  const out: number[] = [END];
  for (const byte of packet) {
    if (byte === END) out.push(ESC, ESC_END);
    else if (byte === ESC) out.push(ESC, ESC_ESC);
    else out.push(byte);
  }
  out.push(END);
  return Buffer.from(out);
}

/** Cuts a stream into packets; what stands outside of a pair of ENDs is noise and is dropped. */
export class SlipReader {
  private packet: number[] | undefined;
  private isEscaped = false;

  read(chunk: Uint8Array): Buffer[] {
    const packets: Buffer[] = [];
    for (const byte of chunk) {
      if (byte === END) {
        if (this.packet && this.packet.length > 0) {
          packets.push(Buffer.from(this.packet));
          this.packet = undefined;
        } else this.packet = [];
        this.isEscaped = false;
      } else if (this.packet) this.take(this.packet, byte);
    }
    return packets;
  }

  reset(): void {
    this.packet = undefined;
    this.isEscaped = false;
  }

  private take(packet: number[], byte: number): void {
    if (byte === ESC && !this.isEscaped) {
      this.isEscaped = true;
      return;
    }
    if (packet.length >= PACKET_BYTES_MAX) return this.reset();
    if (!this.isEscaped) packet.push(byte);
    else packet.push(byte === ESC_END ? END : byte === ESC_ESC ? ESC : byte);
    this.isEscaped = false;
  }
}
