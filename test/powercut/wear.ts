/**
 * What saving costs the memory chip, computed from the layout, so that the promise "writes rarely" has a
 * number. Sources: stock settings log as measured in an own harness of `jd_fstor.c` (a value of n bytes takes
 * 24 + n rounded up to 8; four 4 KB pages, each erased every second compaction); endurance as in data sheets.
 */
import { COMMIT_BYTES } from "../../src/wire/image.js";
import { RECORD_BYTES_MAX } from "../../devs/store/storage.js";
import { STATE_BYTES } from "../../src/wire/state.js";

/** ESP32 boards: 16 KB of log, of which about 1.5 KB hold live settings. */
const LOG_FREE_BYTES = 14_800;
const FLASH_CYCLES = 100_000;
const EEPROM_CYCLES = 1_000_000;
const FRAM_CYCLES = 1e13;
/** Time in which a cut can hurt the stock store, for each record written (an estimate, not measured). */
const FLASH_WRITE_MS = 1;

export type Place = "settings" | "eeprom" | "fram";

export interface Wear {
  place: Place;
  savesPerDay: number;
  recordWritesPerDay: number;
  bytesPerDay: number;
  /** Erases a day of the most used page (EEPROM and FRAM: writes of its cells). */
  cyclesPerDay: number;
  yearsToWearOut: number;
  /** Milliseconds a day in which losing power can wipe the whole store; 0 where every cut is safe. */
  exposedMsPerDay: number;
}

/** Wear of `savesPerDay` saves of a state of `STATE_BYTES`. */
export function wearOf(place: Place, savesPerDay: number): Wear {
  const dataBytes = Math.min(STATE_BYTES + 5, RECORD_BYTES_MAX);
  const recordWritesPerDay = savesPerDay * 2;
  let bytesPerSave = dataBytes + COMMIT_BYTES;
  let cyclesPerDay = savesPerDay / 2;
  let cycles = EEPROM_CYCLES;
  if (place === "settings") {
    bytesPerSave = logBytes(dataBytes) + logBytes(COMMIT_BYTES);
    cyclesPerDay = (savesPerDay * bytesPerSave) / LOG_FREE_BYTES / 2;
    cycles = FLASH_CYCLES;
  } else if (place === "fram") cycles = FRAM_CYCLES;
  return {
    place,
    savesPerDay,
    recordWritesPerDay,
    bytesPerDay: savesPerDay * bytesPerSave,
    cyclesPerDay,
    yearsToWearOut: cycles / cyclesPerDay / 365,
    exposedMsPerDay: place === "settings" ? recordWritesPerDay * FLASH_WRITE_MS : 0,
  };
}

function logBytes(value: number): number {
  return 24 + Math.ceil(value / 8) * 8;
}
