/**
 * What tools read in a chip's registers to know what they talk to: addresses and values of the four chips, from Espressif's
 * technical reference manuals and esptool's targets. Only what a tool looks at while it writes flash is there.
 */
import { CHIP_ID, WATCHDOG } from "../flash/layout.js";
import type { ChipName } from "../simulator/vm/chips.js";

export interface ChipRegisters {
  /** Value at 0x40001000, by which the older chips are known. */
  readonly magic: number;
  /** The chip's number in the answer to GET_SECURITY_INFO; null: the answer has none; undefined: no such command. */
  readonly securityId: number | null | undefined;
  /** Low word of the MAC (bytes 2 to 5); bytes 0 and 1 are in the word behind. */
  readonly macAddress: number;
  /** SPI controller of the flash: the first register, and the first of its data words. */
  readonly spiAddress: number;
  readonly spiDataOffset: number;
}

export const MAGIC_ADDRESS = 0x40001000;

export const CHIP_REGISTERS: Readonly<Record<ChipName, ChipRegisters>> = {
  esp32: {
    magic: 0x00f01d83,
    securityId: undefined,
    macAddress: 0x3ff5a004,
    spiAddress: 0x3ff42000,
    spiDataOffset: 0x80,
  },
  esp32s2: {
    magic: 0x000007c6,
    securityId: null,
    macAddress: 0x3f41a044,
    spiAddress: 0x3f402000,
    spiDataOffset: 0x58,
  },
  esp32c3: {
    magic: 0x1b31506f,
    securityId: CHIP_ID.esp32c3,
    macAddress: 0x60008844,
    spiAddress: 0x60002000,
    spiDataOffset: 0x58,
  },
  esp32s3: {
    magic: 0x00000009,
    securityId: CHIP_ID.esp32s3,
    macAddress: 0x60007044,
    spiAddress: 0x60002000,
    spiDataOffset: 0x58,
  },
};

const SPI_START = 1 << 18;
/** JEDEC id of a flash of 4 MB, as its three bytes come: maker, type, log2 of its size. */
const FLASH_ID = 0x1640ef;

/** Registers as a tool sees them: what was written comes back, the SPI controller answers "which flash", the rest is 0. */
export class Registers {
  private readonly words = new Map<number, number>();

  /**
   * @param mac six bytes as hex with colons.
   * @param onWatchdog the chip's watchdog was started.
   */
  constructor(
    private readonly name: ChipName,
    mac: string,
    private readonly onWatchdog: () => void,
  ) {
    const bytes = Buffer.from(mac.replaceAll(":", ""), "hex");
    const chip = CHIP_REGISTERS[name];
    this.words.set(MAGIC_ADDRESS, chip.magic);
    this.words.set(chip.macAddress, bytes.readUInt32BE(2));
    this.words.set(chip.macAddress + 4, bytes.readUInt16BE(0));
  }

  read(address: number): number {
    return this.words.get(address) ?? 0;
  }

  write(address: number, value: number): void {
    const { spiAddress, spiDataOffset } = CHIP_REGISTERS[this.name];
    this.words.set(address, value >>> 0);
    if (address === spiAddress && (value & SPI_START) !== 0) {
      this.words.set(spiAddress + spiDataOffset, FLASH_ID);
      this.words.set(spiAddress, 0);
    }
    if (address === WATCHDOG[this.name]?.mode && value >>> 31 === 1) this.onWatchdog();
  }
}
