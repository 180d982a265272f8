/**
 * What survives a restart, and its bytes: scaled integers at fixed offsets, so no NaN can be stored and no
 * digit is lost. Layout: the table below and docs/ARCHITECTURE.md "State". Every field is checked on load: one that
 * is out of range gets its default and is named in `faults`, and the others are kept.
 */
import type { Bytes } from "./errors.js";
import { numbersIn } from "./table.js";
import { getUint, putUint } from "./bytes.js";

/** Format 1 was the old robot's EEPROM block, which only `buddy import-old` reads. */
export const STATE_FORMAT = 2;
export const STATE_BYTES = 98;

export const BEHAVIOURS_COUNT = 8;

export const TRAIT_MIN = 0.2;
export const TRAIT_MAX = 0.8;
export const WEIGHT_MIN = 0.3;
export const WEIGHT_MAX = 1.7;
export const TRIM_DEG_MAX = 30;
export const MEAN_CM_MAX = 400;

/** Curiosity, caution, sociability, playfulness, excitability, persistence, expressiveness: Buddy's birth. */
export const BIRTH_TRAITS: readonly number[] = numbersIn("0.75 0.5 0.55 0.6 0.5 0.7 0.65");

/**
 * One field a line: name, how many (0: not a list), offset, step between two of them, bytes of each, scale, and as they
 * stand in the bytes: least, greatest and default value. Counters stop at their greatest value instead of starting
 * again; what is no number becomes the default, and what is out of range too. Character and body
 * come first, then what counts boots. Text, because it lies in flash and is no part of the 64 KB of code.
 */
const FIELDS = `traits 7 0 2 2 10000 2000 8000 5000
weights 8 14 2 2 10000 3000 17000 10000
meanCm 8 30 4 2 1 0 400 0
novelty 8 32 4 1 250 0 250 0
presence 8 33 4 1 250 0 250 0
trimDeg 3 63 2 2 10 -300 300 0
flags 0 62 0 1 1 0 15 0
boots 0 69 0 4 1 0 4294967295 0
uptimeTotalS 0 73 0 4 1 0 4294967295 0
lastReason 0 77 0 1 1 0 6 0
badBoots 0 78 0 1 1 0 255 0
panics 0 79 0 2 1 0 65535 0
reasons 8 81 1 1 1 0 6 0
askedMark 0 89 0 1 1 0 1 0
firmware 0 90 0 4 1 0 4294967295 0
startedAtMs 0 94 0 4 1 0 4294967295 0
`;
/** The numbers of a line, after its name. */
const enum N {
  COUNT = 0,
  OFFSET = 1,
  STEP = 2,
  BYTES = 3,
  SCALE = 4,
  MIN = 5,
  MAX = 6,
  DEFAULT = 7,
}
/** Offset of the first field that counts boots. */
const BOOT_FIELDS_AT = 69;

/** The robot's own state. One object for its whole life: the engine and boot safety work on it in place. */
export interface SavedState {
  traits: number[];
  /** Behaviour weights in the order of `BEHAVIOURS` (character/names.ts). */
  weights: number[];
  /** Per bin of 20° from base 10: mean distance in cm (0 unknown), how new, how often somebody is there. */
  meanCm: number[];
  novelty: number[];
  presence: number[];
  /** Pan, nod, tilt: trim in degrees. A `body` setting wins over this and the invert flags. */
  trimDeg: number[];
  /** Bits 0 to 2: pan, nod, tilt turn the other way round. Bit 3: the owner has switched idle motion off. */
  flags: number;
  boots: number;
  /** Seconds of all boots together. */
  uptimeTotalS: number;
  /** Code of the reason of this boot, and of this and the boots before it, newest first (devs/store/boot.ts). */
  lastReason: number;
  reasons: number[];
  /** Boots in a row that did not last a good minute. */
  badBoots: number;
  panics: number;
  /** 1: set by a clean stop or an asked restart, cleared at boot. */
  askedMark: number;
  /** Which firmware wrote this: tells an update from a panic. */
  firmware: number;
  /** Uptime of the machine when this boot's program started, ms: tells a program restart from a reset. */
  startedAtMs: number;
}

/** The bit of `flags` that keeps it from moving by itself. */
export const IDLE_MOTION_OFF = 8;

/** Where `decodeState` found a value out of range, and what it did. */
export interface Decoded {
  state: SavedState;
  /** Names of the fields that got their default, such as "traits[2]". */
  faults: string[];
}

type Fields = Record<string, number | number[]>;

/** Calls `visit` for each line of the table. */
function eachField(visit: (name: string, n: number[]) => void): void {
  for (let at = 0; at < FIELDS.length;) {
    const space = FIELDS.indexOf(" ", at);
    const end = FIELDS.indexOf("\n", at);
    visit(FIELDS.slice(at, space), numbersIn(FIELDS.slice(space + 1, end)));
    at = end + 1;
  }
}

/** The default of a field's element `i`. */
function freshOf(name: string, n: number[], i: number): number {
  return name === "traits"
    ? (BIRTH_TRAITS[i] as number)
    : (n[N.DEFAULT] as number) / (n[N.SCALE] as number);
}

/** The state of a robot that has just been made. */
export function newState(): SavedState {
  const fields: Fields = {};
  eachField((name, n) => {
    const list: number[] = [];
    const count = n[N.COUNT] as number;
    for (let i = 0; i < count; i++) list.push(freshOf(name, n, i));
    fields[name] = count === 0 ? freshOf(name, n, 0) : list;
  });
  return fields as unknown as SavedState;
}

/** Copies another state into `own`: all of it, or what makes the character and the body without the counts of boots. */
export function takeState(own: SavedState, other: SavedState, withBoots: boolean): void {
  const to = own as unknown as Fields;
  const from = other as unknown as Fields;
  eachField((name, n) => {
    if (!withBoots && (n[N.OFFSET] as number) >= BOOT_FIELDS_AT) return;
    const count = n[N.COUNT] as number;
    if (count === 0) to[name] = from[name] as number;
    // The engine works on the lists themselves.
    for (let i = 0; i < count; i++) {
      (to[name] as number[])[i] = (from[name] as number[])[i] as number;
    }
  });
}

/** The state as bytes of `STATE_FORMAT`. Never fails: a value that is no number becomes its default. */
export function encodeState(state: SavedState): Buffer {
  const out = Buffer.alloc(STATE_BYTES);
  const fields = state as unknown as Fields;
  eachField((name, n) => {
    const count = n[N.COUNT] as number;
    const scale = n[N.SCALE] as number;
    const max = n[N.MAX] as number;
    for (let i = 0; i === 0 || i < count; i++) {
      const value = (count === 0 ? fields[name] : (fields[name] as number[])[i]) as number;
      let raw = Math.round(value * scale);
      if (scale === 1 && raw > max) raw = max;
      if (!(raw >= (n[N.MIN] as number) && raw <= max))
        raw = Math.round(freshOf(name, n, i) * scale);
      putUint(out, (n[N.OFFSET] as number) + i * (n[N.STEP] as number), n[N.BYTES] as number, raw);
    }
  });
  return out;
}

/** Reads a payload. Never fails: what cannot be believed is named and replaced. */
export function decodeState(data: Bytes): Decoded {
  const state = newState();
  const faults: string[] = [];
  const fields = state as unknown as Fields;
  if (data.length < STATE_BYTES) {
    faults.push("length");
    return { state, faults };
  }
  eachField((name, n) => {
    const count = n[N.COUNT] as number;
    const min = n[N.MIN] as number;
    for (let i = 0; i === 0 || i < count; i++) {
      const at = (n[N.OFFSET] as number) + i * (n[N.STEP] as number);
      let raw = getUint(data, at, n[N.BYTES] as number);
      if (min < 0 && raw > 0x7fff) raw -= 0x10000;
      if (raw < min || raw > (n[N.MAX] as number))
        faults.push(count === 0 ? name : `${name}[${i}]`);
      else if (count === 0) fields[name] = raw;
      else (fields[name] as number[])[i] = raw / (n[N.SCALE] as number);
    }
  });
  return { state, faults };
}
