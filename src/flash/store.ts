/**
 * The stock runtime's flash store (`jd_fstor.c` of jacdac-c), written and read on this side, so that one write by the boot
 * loader brings program, WiFi and settings, and a later one changes a setting and keeps the rest. Pure.
 *
 * Two copies of a log, H0 and H1, each a sixteenth of the pages; the valid one with the greater generation counts. A copy is
 * a head (24 bytes), entries that grow up (24 bytes each: name, address of its value in the store, length; the last of a name
 * counts), values that grow down, 8-aligned, and 0xff between them. Names with a star have their value in the pages behind
 * both copies; there is one, the program.
 */
import { SECTOR_BYTES, STORE } from "./layout.js";
import { FlashError } from "../usb/flash-error.js";

const MAGIC = [0x52545346, 0x6becea0a] as const;
const HEAD_BYTES = 24;
const ENTRY_BYTES = 24;
const NAME_CHARS_MAX = 15;
const PAGES = STORE.bytes / SECTOR_BYTES;
const COPY_PAGES = PAGES / 16;
const COPY_BYTES = COPY_PAGES * SECTOR_BYTES;
const BLANK = 0xffffffff;

export const PROGRAM = "*prog";
/** A program's head, as `devsmgr.c` of the runtime checks it: two magics, length, FNV-1a of the bytecode. */
const PROGRAM_MAGIC = [0x8d8abd53, 0xb27c4b2b] as const;
const PROGRAM_HEAD_BYTES = 128;

/** Names in the store are as the runtime writes them: `:name` for a setting, `wifi_ssid`, `wifi_psk` (ended by a zero). */
export type StoreEntries = ReadonlyMap<string, Buffer>;

interface Place {
  readonly offset: number;
  readonly size: number;
}

export interface Store {
  /** Newest value of each name; deleted ones (no bytes) are left out, the program too. */
  readonly entries: StoreEntries;
  /** Bytecode, or undefined when there is none or it is damaged. */
  readonly program: Buffer | undefined;
  /** Where the program lies, its head included; undefined when there is none. */
  readonly programPlace: Place | undefined;
  readonly generation: number;
  /** 0 or 1: the copy that counts. */
  readonly copy: number;
}

/** Reads the 256 KB of a store; undefined when there is none that is whole (blank flash, another program's). */
export function readStore(bytes: Buffer): Store | undefined {
  if (bytes.length !== STORE.bytes) {
    throw new RangeError(`a store has ${STORE.bytes} bytes, these are ${bytes.length}`);
  }
  // A copy that a cut left damaged is passed over here, which the runtime does not do.
  return [0, 1]
    .map((copy) => readCopy(bytes, copy))
    .filter((found) => found !== undefined)
    .sort((a, b) => b.generation - a.generation)[0];
}

function readCopy(bytes: Buffer, copy: number): Store | undefined {
  const from = copy * COPY_BYTES;
  const to = from + COPY_BYTES;
  const head = [MAGIC[0], MAGIC[1], undefined, SECTOR_BYTES, PAGES | (COPY_PAGES << 16)];
  const isHead = head.every(
    (word, i) => word === undefined || bytes.readUInt32LE(from + 4 * i) === word >>> 0,
  );
  if (!isHead) return undefined;
  const entries = new Map<string, Buffer>();
  let programPlace: Place | undefined;
  let lowest = to;
  let at = from + HEAD_BYTES;
  for (; at + ENTRY_BYTES <= lowest; at += ENTRY_BYTES) {
    const offset = bytes.readUInt32LE(at + 16);
    if (offset === BLANK) break;
    const size = bytes.readUInt32LE(at + 20);
    const end = bytes.indexOf(0, at);
    if (end < at || end > at + NAME_CHARS_MAX) return undefined;
    const name = bytes.toString("latin1", at, end);
    if (offset + size > bytes.length) return undefined;
    const value = Buffer.from(bytes.subarray(offset, offset + size));
    if (name === PROGRAM) programPlace = { offset, size };
    if (name.startsWith("*")) continue;
    if (offset < at || offset + size > to) return undefined;
    lowest = Math.min(lowest, offset);
    entries.set(name, value);
  }
  if (bytes.subarray(at, lowest).some((byte) => byte !== 0xff)) return undefined;
  for (const [name, value] of entries) if (value.length === 0) entries.delete(name);
  const program = programPlace && bytecodeOf(bytes, programPlace);
  return { entries, program, programPlace, generation: bytes.readUInt32LE(from + 8), copy };
}

function bytecodeOf(store: Buffer, { offset, size: length }: Place): Buffer | undefined {
  const value = store.subarray(offset, offset + length);
  if (value.length < PROGRAM_HEAD_BYTES) return undefined;
  const size = value.readUInt32LE(4);
  const bytecode = value.subarray(PROGRAM_HEAD_BYTES, PROGRAM_HEAD_BYTES + size);
  const isWhole =
    value.readUInt32LE(0) === PROGRAM_MAGIC[0] &&
    value.readUInt32LE(8) === PROGRAM_MAGIC[1] &&
    bytecode.length === size &&
    value.readUInt32LE(12) === fnv1a(bytecode);
  return isWhole ? Buffer.from(bytecode) : undefined;
}

/**
 * A store with these entries and this program.
 * @param program bytecode; undefined: the one that is there stays where it is.
 * @param over the store that is on the board: the other copy than its own is written, with a greater generation, and its own
 *   stays, so that a cut before the last sector leaves the old one in force.
 * @throws FlashError `FLASH_STORE` when it does not fit.
 */
export function writeStore(
  entries: StoreEntries,
  program: Buffer | undefined,
  over?: { readonly bytes: Buffer; readonly store: Store },
): Buffer {
  const out = over ? Buffer.from(over.bytes) : Buffer.alloc(STORE.bytes, 0xff);
  const copy = over ? 1 - over.store.copy : 0;
  const from = copy * COPY_BYTES;
  out.fill(0xff, from, from + COPY_BYTES);
  const head = [
    ...MAGIC,
    (over?.store.generation ?? 0) + 1,
    SECTOR_BYTES,
    PAGES | (COPY_PAGES << 16),
    0,
  ];
  head.forEach((word, i) => out.writeUInt32LE(word, from + 4 * i));
  let at = from + HEAD_BYTES;
  let data = from + COPY_BYTES;
  const add = (name: string, offset: number, size: number): void => {
    if (name.length === 0 || name.length > NAME_CHARS_MAX) {
      throw refuse(`a name in the store has 1 to ${NAME_CHARS_MAX} characters: "${name}"`);
    }
    // The runtime wants room for one more entry behind the last.
    if (at + 2 * ENTRY_BYTES > data) throw refuse("more settings than the board's store holds");
    out.fill(0, at, at + ENTRY_BYTES);
    out.write(name, at, "latin1");
    out.writeUInt32LE(offset, at + 16);
    out.writeUInt32LE(size, at + 20);
    at += ENTRY_BYTES;
  };
  for (const [name, value] of entries) {
    data -= Math.max(8, Math.ceil(value.length / 8) * 8);
    if (data < at) throw refuse("more settings than the board's store holds");
    value.copy(out, data);
    add(name, data, value.length);
  }
  const place = program ? programAt(out, program) : over?.store.programPlace;
  if (place) add(PROGRAM, place.offset, place.size);
  return out;
}

/** Writes the program behind both copies. @returns where. */
function programAt(out: Buffer, program: Buffer): Place {
  const offset = 2 * COPY_BYTES;
  const size = PROGRAM_HEAD_BYTES + program.length;
  // `find_free_data` of the runtime never uses the last page.
  const room = out.length - offset - SECTOR_BYTES;
  if (size > room) throw refuse(`the program has ${program.length} bytes, ${room} fit`);
  out.fill(0xff, offset);
  out.fill(0, offset, offset + PROGRAM_HEAD_BYTES);
  const head = [PROGRAM_MAGIC[0], program.length, PROGRAM_MAGIC[1], fnv1a(program)];
  head.forEach((word, i) => out.writeUInt32LE(word, offset + 4 * i));
  program.copy(out, offset + PROGRAM_HEAD_BYTES);
  return { offset, size };
}

/**
 * What must be written to make `now` of `before`: whole sectors, in the order in which they may be cut. The first sector of
 * a copy, which puts it in force, goes last.
 * @returns addresses within the store, with the bytes to go there.
 */
export function sectorsToWrite(
  now: Buffer,
  before: Buffer,
): { readonly at: number; readonly bytes: Buffer }[] {
  const changed: { at: number; bytes: Buffer }[] = [];
  const heads: { at: number; bytes: Buffer }[] = [];
  for (let at = 0; at < now.length; at += SECTOR_BYTES) {
    const bytes = now.subarray(at, at + SECTOR_BYTES);
    if (bytes.equals(before.subarray(at, at + SECTOR_BYTES))) continue;
    const list = at === 0 || at === COPY_BYTES ? heads : changed;
    list.push({ at, bytes });
  }
  return [...joined(changed), ...heads];
}

/** Sectors that follow each other become one piece. */
function joined(
  sectors: readonly { at: number; bytes: Buffer }[],
): { at: number; bytes: Buffer }[] {
  const pieces: { at: number; bytes: Buffer }[] = [];
  for (const { at, bytes } of sectors) {
    const last = pieces.at(-1);
    if (last && last.at + last.bytes.length === at) {
      last.bytes = Buffer.concat([last.bytes, bytes]);
    } else pieces.push({ at, bytes });
  }
  return pieces;
}

/** FNV-1a, 32 bits. */
function fnv1a(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x1000193);
  return hash >>> 0;
}

function refuse(why: string): FlashError {
  return new FlashError("FLASH_STORE", why, "leave out settings, or take a smaller program");
}
