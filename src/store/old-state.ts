/**
 * The old robot's EEPROM block (7 + 8 float32), brought along: its character and its counts are laid over what is kept of
 * a robot, as a generation that the robot is then offered (PROTOCOL §2.4). The block's own check sum covered itself and
 * verified by luck only, so it is not used: each field is checked instead.
 */
import { clamp } from "../wire/clamp.js";
import { decodeImage, encodeImage } from "../wire/image.js";
import {
  decodeState,
  encodeState,
  newState,
  STATE_FORMAT,
  TRAIT_MAX,
  TRAIT_MIN,
  WEIGHT_MAX,
  WEIGHT_MIN,
  type SavedState,
} from "../wire/state.js";
import type { Database } from "./database.js";
import { keepImage, newestImage, type KeptImage } from "./mirror-tables.js";

/** Magic, version, 7 traits, 8 weights, sessions, uptime, a sum it got wrong; the compiler rounded its struct up to 76. */
export const OLD_BYTES = 74;
const OLD_MAGIC = 0xbeef;
const TRAITS_AT = 4;
const WEIGHTS_AT = 32;
const SESSIONS_AT = 64;
const UPTIME_AT = 68;
/** A robot saves some 56 generations a day, also while nobody keeps them: the import must be ahead of those. */
const GENERATIONS_AHEAD = 1000;

/** Why nothing was imported, for people. */
export class OldStateError extends Error {
  override readonly name = "OldStateError";
  readonly code = "STORE_IMPORT";
}

export interface Imported {
  /** The generation it is offered as. */
  readonly generation: number;
  /** Fields that could not be believed, such as "traits[2]"; what the robot had stays there. */
  readonly faults: readonly string[];
}

/** @throws OldStateError when it is no such block. */
export function assertOldBlock(block: Buffer): void {
  const isLong = block.length >= OLD_BYTES;
  if (isLong && block.readUInt16LE(0) === OLD_MAGIC) return;
  const got = isLong
    ? `it begins with ${block.subarray(0, 2).toString("hex").toUpperCase()}`
    : `it has ${block.length} bytes`;
  throw new OldStateError(
    `expected the EEPROM block of an old robot (${OLD_BYTES} bytes or more, from EFBE on), but ${got}`,
  );
}

/** Lays a block over `state`, which is changed. @returns names of the fields left as they were. */
export function applyOldState(block: Buffer, state: SavedState): string[] {
  assertOldBlock(block);
  const faults: string[] = [];
  const take = (list: number[], at: number, min: number, max: number, name: string): void => {
    for (let i = 0; i < list.length; i++) {
      const value = block.readFloatLE(at + i * 4);
      // A float32 of a bound may lie a hair outside of it; NaN is outside of everything.
      if (value >= min - 1e-6 && value <= max + 1e-6) list[i] = clamp(value, min, max);
      else faults.push(`${name}[${i}]`);
    }
  };
  take(state.traits, TRAITS_AT, TRAIT_MIN, TRAIT_MAX, "traits");
  take(state.weights, WEIGHTS_AT, WEIGHT_MIN, WEIGHT_MAX, "weights");
  state.boots += block.readUInt32LE(SESSIONS_AT);
  state.uptimeTotalS += block.readUInt32LE(UPTIME_AT);
  return faults;
}

/** Keeps the import as the newest state of robot `device`. @throws OldStateError, DatabaseError; nothing is changed then. */
export function importOldState(
  db: Database,
  device: string,
  block: Buffer,
  wallMs: number,
): Imported {
  // What somebody brought is looked at first: they can mend that.
  assertOldBlock(block);
  const kept = newestImage(db, device);
  const state = kept === undefined ? newState() : stateOf(kept);
  const faults = applyOldState(block, state);
  const generation = (kept?.generation ?? 0) + GENERATIONS_AHEAD;
  const image = encodeImage(generation, STATE_FORMAT, encodeState(state));
  keepImage(db, device, { generation, format: STATE_FORMAT, image, keptMs: wallMs });
  return { generation, faults };
}

function stateOf(kept: KeptImage): SavedState {
  const image = decodeImage(kept.image);
  if (image.kind !== "image" || image.format !== STATE_FORMAT) {
    throw new OldStateError("the state kept of this robot is of another version of Buddy");
  }
  return decodeState(image.payload).state;
}
