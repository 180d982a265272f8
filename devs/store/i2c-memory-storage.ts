/**
 * The journal's records on an I²C memory chip: 24-series EEPROM or MB85RC FRAM. Each record has a slot of 256
 * bytes: its length, then its bytes; a length above 200 (a blank chip's 0xFF, or 0) means no record. On such a chip every cut
 * point is safe on the board alone. Pure over `I2cBus`.
 *
 * Sources: Microchip 24LC256 and AT24C16 data sheets (addressing, page wrap, 5 ms write cycle, acknowledge
 * polling), Fujitsu MB85RC16 and MB85RC256V data sheets (no pages, no write time).
 */
import type { I2cBus } from "../runtime/i2c-bus.js";
import { copyBytes } from "../../src/wire/bytes.js";
import { RECORDS_COUNT, RECORD_BYTES_MAX, StoreError, failureText } from "./storage.js";
import type { Storage } from "./storage.js";

/** A chip this was written for. */
export interface MemoryChip {
  name: string;
  bytes: number;
  /** 1: the upper address bits are in the device address; 2: two address bytes, high one first. */
  addressBytes: number;
  /** A write may not cross this boundary (the address wraps inside the page); 0: a FRAM, without pages. */
  pageBytes: number;
}

/** Device address with all address pins low. */
export const MEMORY_ADDRESS = 0x50;
const SLOT_BYTES = 256;
/** The controller of the stock runtime gives a transfer 20 ms: 64 bytes and address take 6 ms at 100 kHz. */
const TRANSFER_BYTES_MAX = 64;
/** The slowest 24-series parts need 10 ms for a page; the runtime's timer ticks each 10 ms. */
const WRITE_CYCLE_MS_MAX = 60;
const POLL_MS = 2;
const NO_RECORD = 255;

/** The chip named so in a board's configuration, or undefined. All answer at 0x50 unless their address pins say otherwise. */
export function chipNamed(wanted: string): MemoryChip | undefined {
  const chips: readonly MemoryChip[] = [
    { name: "24C16", bytes: 2048, addressBytes: 1, pageBytes: 16 },
    { name: "24C32", bytes: 4096, addressBytes: 2, pageBytes: 32 },
    { name: "24C64", bytes: 8192, addressBytes: 2, pageBytes: 32 },
    { name: "24C128", bytes: 16384, addressBytes: 2, pageBytes: 64 },
    { name: "24C256", bytes: 32768, addressBytes: 2, pageBytes: 64 },
    { name: "24C512", bytes: 65536, addressBytes: 2, pageBytes: 128 },
    { name: "MB85RC16", bytes: 2048, addressBytes: 1, pageBytes: 0 },
    { name: "MB85RC64", bytes: 8192, addressBytes: 2, pageBytes: 0 },
    { name: "MB85RC256", bytes: 32768, addressBytes: 2, pageBytes: 0 },
    { name: "MB85RC512", bytes: 65536, addressBytes: 2, pageBytes: 0 },
  ];
  for (const chip of chips) if (chip.name === wanted) return chip;
  return undefined;
}

export class I2cMemoryStorage implements Storage {
  readonly name: string;
  readonly recordBytesMax: number = RECORD_BYTES_MAX;
  private readonly bus: I2cBus;
  private readonly chip: MemoryChip;
  private readonly devAddr: number;
  private readonly sleep: (ms: number) => Promise<void>;

  /** `sleep` waits some ms; it is asked for between polls of a busy chip. */
  constructor(
    bus: I2cBus,
    chip: MemoryChip,
    devAddr: number,
    sleep: (ms: number) => Promise<void>,
  ) {
    if (chip.bytes < RECORDS_COUNT * SLOT_BYTES) {
      throw new StoreError("STORE_TOO_LONG", chip.bytes + " bytes are too few");
    }
    this.name = chip.pageBytes === 0 ? "fram" : "eeprom";
    this.bus = bus;
    this.chip = chip;
    this.devAddr = devAddr;
    this.sleep = sleep;
  }

  /** True if the chip answers. */
  async probe(): Promise<boolean> {
    try {
      await this.readAt(0, 1);
      return true;
    } catch {
      // No chip, or a bus without one: the caller takes another place.
      return false;
    }
  }

  async readRecord(record: number): Promise<Buffer | undefined> {
    try {
      return await this.readSlot(record * SLOT_BYTES);
    } catch (failure) {
      throw new StoreError("STORE_READ", failureText(failure));
    }
  }

  async writeRecord(record: number, data: Buffer): Promise<void> {
    if (data.length > RECORD_BYTES_MAX) throw new StoreError("STORE_TOO_LONG", "record " + record);
    const slot = Buffer.alloc(1 + data.length);
    slot[0] = data.length;
    copyBytes(slot, 1, data, 0, data.length);
    await this.writeAt(record * SLOT_BYTES, slot);
  }

  async erase(record: number): Promise<void> {
    const mark = Buffer.alloc(1);
    mark[0] = NO_RECORD;
    await this.writeAt(record * SLOT_BYTES, mark);
  }

  private async readSlot(at: number): Promise<Buffer | undefined> {
    const first = await this.readAt(at, TRANSFER_BYTES_MAX);
    const length = first[0] as number;
    if (length === 0 || length > RECORD_BYTES_MAX) return undefined;
    const data = Buffer.alloc(length);
    let done = Math.min(length, first.length - 1);
    copyBytes(data, 0, first, 1, done);
    while (done < length) {
      const count = Math.min(TRANSFER_BYTES_MAX, length - done);
      const more = await this.readAt(at + 1 + done, count);
      copyBytes(data, done, more, 0, count);
      done += count;
    }
    return data;
  }

  private async readAt(at: number, count: number): Promise<Buffer> {
    return await this.bus.xfer(this.select(at), this.addressed(at, undefined, 0, 0), count);
  }

  private async writeAt(at: number, data: Buffer): Promise<void> {
    let done = 0;
    while (done < data.length) {
      const count = Math.min(data.length - done, this.roomAt(at + done));
      const packet = this.addressed(at + done, data, done, count);
      try {
        await this.bus.xfer(this.select(at + done), packet);
      } catch (failure) {
        throw new StoreError("STORE_WRITE", failureText(failure));
      }
      if (this.chip.pageBytes > 0) await this.awaitWritten(at + done);
      done += count;
    }
  }

  /** Bytes that one transfer at this address may write. */
  private roomAt(at: number): number {
    const page = this.chip.pageBytes;
    if (page === 0) return TRANSFER_BYTES_MAX;
    return Math.min(TRANSFER_BYTES_MAX, page - (at % page));
  }

  /** While it programs a page the chip does not acknowledge its address. */
  private async awaitWritten(at: number): Promise<void> {
    let why = "";
    for (let waitedMs = 0; waitedMs <= WRITE_CYCLE_MS_MAX; waitedMs += POLL_MS) {
      try {
        await this.bus.xfer(this.select(at), this.addressed(at, undefined, 0, 0));
        return;
      } catch (failure) {
        // Busy, the normal case; a chip that stays so is reported below.
        why = failureText(failure);
      }
      await this.sleep(POLL_MS);
    }
    throw new StoreError("STORE_WRITE", "the chip stays busy: " + why);
  }

  /** Device address with the upper address bits of one-byte chips in its low three bits. */
  private select(at: number): number {
    return this.chip.addressBytes === 1 ? this.devAddr | (at >> 8) : this.devAddr;
  }

  /** The address bytes, followed by `count` bytes of `data` from `from`. */
  private addressed(at: number, data: Buffer | undefined, from: number, count: number): Buffer {
    const head = this.chip.addressBytes;
    const packet = Buffer.alloc(head + count);
    if (head === 2) packet[0] = at >> 8;
    packet[head - 1] = at & 255;
    if (data !== undefined) copyBytes(packet, head, data, from, count);
    return packet;
  }
}
