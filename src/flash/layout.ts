/**
 * Where things lie in a board's flash. The stock runtime's own figures: `boards/partitions.csv` and `boards/<chip>/arch.json`
 * of microsoft/devicescript-esp32, the same on all four chips but for the address of the boot loader's second stage, which
 * the chip's ROM decides.
 */
import type { ChipName } from "../simulator/vm/chips.js";

/** The smallest unit that can be erased, and the page of the runtime's store. */
export const SECTOR_BYTES = 4096;

/** Second stage of the boot loader; the runtime's release files begin here. */
export const BOOT_ADDRESS: Readonly<Record<ChipName, number>> = {
  esp32: 0x1000,
  esp32s2: 0x1000,
  esp32c3: 0,
  esp32s3: 0,
};
export const PARTITIONS_ADDRESS = 0x8000;
/** Pins and name of the board ("DCFG"). */
export const BOARD_CONFIG = { address: 0x9000, bytes: 0x2000 } as const;
export const APP_ADDRESS = 0x10000;
/** Program, WiFi and settings (`store.ts`). */
export const STORE = { address: 0x1c0000, bytes: 256 * 1024 } as const;
/** What the chip's ROM knows an image by, and which chip it is for, in two bytes at 12 of its head. */
export const IMAGE_MAGIC = 0xe9;
export const IMAGE_CHIP_AT = 12;
/** Numbers of the chips in image heads and in what the ROM answers. */
export const CHIP_ID: Readonly<Record<ChipName, number>> = {
  esp32: 0,
  esp32s2: 2,
  esp32c3: 5,
  esp32s3: 9,
};

/** The chip an image is for; undefined when it is no image of a chip that we know. */
export function chipOfImage(image: Buffer): ChipName | undefined {
  if (image.length < 24 || image[0] !== IMAGE_MAGIC) return undefined;
  const id = image.readUInt16LE(IMAGE_CHIP_AT);
  return (Object.keys(CHIP_ID) as ChipName[]).find((name) => CHIP_ID[name] === id);
}

/**
 * Buddy's simulated chips have a MAC that says so: locally administered, and of our choice. Real chips have one of
 * Espressif's own ranges burnt in.
 */
export const SIMULATED_MAC = "02:bd:d1";

/** The Jacdac device id (16 hex digits) that the runtime makes of a MAC (`hw_device_id` of its port). */
export function deviceIdOfMac(mac: string): string {
  return `fe${mac.replaceAll(":", "").toLowerCase()}ff`;
}

/**
 * The watchdog that resets a chip whose reset line cannot be reached: registers for its mode, its time, and the lock in front of
 * both (technical reference manuals, "RTC watchdog"). The ESP32's does not reset all of that chip.
 */
export const WATCHDOG: Readonly<
  Record<ChipName, { mode: number; time: number; lock: number } | undefined>
> = {
  esp32: undefined,
  esp32s2: { mode: 0x3f408094, time: 0x3f408098, lock: 0x3f4080ac },
  esp32c3: { mode: 0x60008090, time: 0x60008094, lock: 0x600080a8 },
  esp32s3: { mode: 0x60008098, time: 0x6000809c, lock: 0x600080b0 },
};
