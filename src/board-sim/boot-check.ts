/** What a simulated chip looks at before it starts what is in its flash. */
import {
  APP_ADDRESS,
  BOOT_ADDRESS,
  chipOfImage,
  IMAGE_CHIP_AT,
  IMAGE_MAGIC,
  PARTITIONS_ADDRESS,
} from "../flash/layout.js";
import { PARTITION_BYTES, partitionTable } from "../flash/stand-in.js";
import type { ChipName } from "../simulator/vm/chips.js";
import type { FlashFile } from "./flash-file.js";

/** Why the chip's ROM, or the second stage, would not start what is in the flash; undefined: it starts. */
export function bootFault(chip: ChipName, flash: FlashFile): string | undefined {
  const boot = flash.read(BOOT_ADDRESS[chip], PARTITION_BYTES);
  if (boot[0] !== IMAGE_MAGIC) return `invalid header: 0x${boot.toString("hex", 0, 4)}`;
  if (chipOfImage(boot) !== chip) return `the boot loader is for chip ${boot[IMAGE_CHIP_AT]}`;
  const table = flash.read(PARTITIONS_ADDRESS, partitionTable().length);
  if (!table.equals(partitionTable())) {
    return "the partition table is not the runtime's";
  }
  const app = flash.read(APP_ADDRESS, PARTITION_BYTES);
  if (chipOfImage(app) !== chip) return "no bootable app";
  return undefined;
}
