/**
 * A memory chip on an I²C bus, at register level: device select with address bits in it, one or two address
 * bytes, a current address that rolls over, writes that wrap inside the page, a write cycle during which the
 * chip does not acknowledge, and power that can go at any bus write, leaving a page half programmed.
 */
import type { I2cBus } from "../../devs/runtime/i2c-bus.js";
import type { MemoryChip } from "../../devs/store/i2c-memory-storage.js";

export class Nak extends Error {
  constructor() {
    super("I2C error: NAK");
  }
}

/** What the bus refuses: the stock runtime gives a transfer 20 ms, about this many bytes at 100 kHz. */
const TRANSFER_BYTES_MAX = 128;
const WRITE_CYCLE_MS = 5;

export class I2cMemoryModel implements I2cBus {
  readonly cells: Uint8Array;
  /** Simulated milliseconds; `sleep` and each transfer move it. */
  nowMs = 0;
  /** Transfers that programmed cells, and the greatest number of bytes on the bus in one transfer. */
  writes = 0;
  longest = 0;
  /** The write number (from 0) at which power goes, after `keptBytes` of it; -1 never. */
  cutAt = -1;
  keptBytes = 0;
  /** A defective chip: once it programs it never answers again. */
  isStuck = false;
  private busyUntilMs = 0;
  private address = 0;
  private dark = false;

  constructor(
    private readonly chip: MemoryChip,
    private readonly devAddr: number,
    private readonly isPresent = true,
  ) {
    this.cells = new Uint8Array(chip.bytes).fill(chip.pageBytes > 0 ? 0xff : 0);
  }

  readonly sleep = async (ms: number): Promise<void> => {
    this.nowMs += ms;
  };

  powerUp(): void {
    this.dark = false;
    this.cutAt = -1;
    this.busyUntilMs = 0;
  }

  async xfer(devAddr: number, writeBuf: Buffer, numRead?: number): Promise<Buffer> {
    if (this.dark) throw new Nak();
    const onBus = writeBuf.length + (numRead ?? 0);
    this.longest = Math.max(this.longest, onBus);
    if (onBus > TRANSFER_BYTES_MAX) throw new Error("transfer timed out");
    this.nowMs += 0.09 * (onBus + 1);
    const upper = this.selected(devAddr);
    if (upper < 0 || this.nowMs < this.busyUntilMs) throw new Nak();
    this.take(writeBuf, upper);
    return this.read(numRead ?? 0);
  }

  /** Upper address bits in the device address, or -1 when the chip does not answer to it. */
  private selected(devAddr: number): number {
    if (!this.isPresent) return -1;
    if (this.chip.addressBytes === 2) return devAddr === this.devAddr ? 0 : -1;
    return (devAddr & 0x78) === (this.devAddr & 0x78) ? devAddr & 7 : -1;
  }

  private take(bytes: Buffer, upper: number): void {
    const head = this.chip.addressBytes;
    if (bytes.length < head) return;
    const at = head === 2 ? (bytes[0]! << 8) | bytes[1]! : (upper << 8) | bytes[0]!;
    this.address = at % this.chip.bytes;
    const data = bytes.subarray(head);
    if (data.length > 0) this.program(data);
  }

  private program(data: Uint8Array): void {
    const isCut = this.writes === this.cutAt;
    this.writes++;
    const page = this.chip.pageBytes;
    const count = isCut ? Math.min(this.keptBytes, data.length) : data.length;
    for (let i = 0; i < count; i++) {
      this.cells[this.address] = data[i]!;
      if (page === 0) this.address = (this.address + 1) % this.chip.bytes;
      else this.address = this.address - (this.address % page) + ((this.address + 1) % page);
    }
    if (this.chip.pageBytes > 0)
      this.busyUntilMs = this.nowMs + (this.isStuck ? Infinity : WRITE_CYCLE_MS);
    if (isCut) {
      this.dark = true;
      throw new Nak();
    }
  }

  private read(count: number): Buffer {
    const out = Buffer.alloc(count);
    for (let i = 0; i < count; i++) {
      out[i] = this.cells[this.address]!;
      this.address = (this.address + 1) % this.chip.bytes;
    }
    return out;
  }
}
