/**
 * What stands in for the stock runtime's release file on a simulated chip. The real file is machine code that nothing here
 * can run; on a simulated board the stock VM of the DeviceScript tools takes its place. So this has its layout and size, the
 * heads that boot loaders and tools look at, and nothing in it. It is never written to a real chip.
 */
import { createHash } from "node:crypto";
import {
  APP_ADDRESS,
  BOARD_CONFIG,
  BOOT_ADDRESS,
  CHIP_ID,
  IMAGE_CHIP_AT,
  IMAGE_MAGIC,
  PARTITIONS_ADDRESS,
  STORE,
} from "./layout.js";
import type { ChipName } from "../simulator/vm/chips.js";

/** About what an ESP-IDF application with WiFi, TLS and USB has; it compresses as badly as machine code does. */
const APP_BYTES = 1_150_000;
const BOOT_BYTES = 20 * 1024;

interface Partition {
  readonly label: string;
  readonly type: number;
  readonly subtype: number;
  readonly address: number;
  readonly bytes: number;
}
/** `boards/partitions.csv` of microsoft/devicescript-esp32. */
const PARTITIONS: readonly Partition[] = [
  { label: "dcfg", type: 0x8a, subtype: 0, ...BOARD_CONFIG },
  { label: "nvs", type: 1, subtype: 2, address: 0xb000, bytes: 0x4000 },
  { label: "phy_init", type: 1, subtype: 1, address: 0xf000, bytes: 0x1000 },
  { label: "factory", type: 0, subtype: 0, address: APP_ADDRESS, bytes: 0x1b0000 },
  { label: "fstor", type: 0x8a, subtype: 1, ...STORE },
];
export const PARTITION_BYTES = 32;
const PARTITION_MAGIC = 0x50aa;

/** @returns what a release file holds, from `BOOT_ADDRESS` of the chip on. */
export function standInRuntime(chip: ChipName): Buffer {
  const boot = BOOT_ADDRESS[chip];
  const out = Buffer.alloc(APP_ADDRESS + APP_BYTES - boot, 0xff);
  image(chip, BOOT_BYTES).copy(out, 0);
  partitionTable().copy(out, PARTITIONS_ADDRESS - boot);
  image(chip, APP_BYTES).copy(out, APP_ADDRESS - boot);
  return out;
}

function image(chip: ChipName, bytes: number): Buffer {
  const out = Buffer.alloc(bytes);
  for (let at = 0, block = 0; at < bytes; at += 64, block++) {
    // Half of it noise: compresses to about 60 %, as such files do.
    createHash("sha256").update(`${chip} ${bytes} ${block}`).digest().copy(out, at);
  }
  out[0] = IMAGE_MAGIC;
  out[1] = 1;
  out.writeUInt16LE(CHIP_ID[chip], IMAGE_CHIP_AT);
  return out;
}

/** Bytes of the runtime's partition table. */
export function partitionTable(): Buffer {
  const entries = PARTITIONS.map(({ label, type, subtype, address, bytes }) => {
    const entry = Buffer.alloc(PARTITION_BYTES);
    entry.writeUInt16LE(PARTITION_MAGIC, 0);
    entry[2] = type;
    entry[3] = subtype;
    entry.writeUInt32LE(address, 4);
    entry.writeUInt32LE(bytes, 8);
    entry.write(label, 12, "latin1");
    return entry;
  });
  return Buffer.concat(entries);
}
