/**
 * What survives a restart, and its bytes: scaled integers at fixed offsets, so no NaN can be stored and no
 * digit is lost. Layout: `layout` below and docs/architecture/state.md. Every field is checked on load: one that
 * is out of range gets its default and is named in `faults`, and the others are kept.
 */
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
export const BIRTH_TRAITS: readonly number[] = [0.75, 0.5, 0.55, 0.6, 0.5, 0.7, 0.65];
const BINS_COUNT = 8;
const AXES_COUNT = 3;
const REASONS_COUNT = 8;
const REASON_MAX = 6;
const U8_MAX = 0xff;
const U16_MAX = 0xffff;
const U32_MAX = 0xffffffff;

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

function filled(count: number, value: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < count; i++) list.push(value);
  return list;
}

/** The state of a robot that has just been made. */
export function newState(): SavedState {
  const traits: number[] = [];
  copyList(traits, BIRTH_TRAITS);
  return {
    traits,
    weights: filled(BEHAVIOURS_COUNT, 1),
    meanCm: filled(BINS_COUNT, 0),
    novelty: filled(BINS_COUNT, 0),
    presence: filled(BINS_COUNT, 0),
    flags: 0,
    trimDeg: filled(AXES_COUNT, 0),
    boots: 0,
    uptimeTotalS: 0,
    lastReason: 0,
    badBoots: 0,
    panics: 0,
    reasons: filled(REASONS_COUNT, 0),
    askedMark: 0,
    firmware: 0,
    startedAtMs: 0,
  };
}

/** Fields that are a number, and those that are a list of numbers. */
type NumberField = {
  [Name in keyof SavedState]: SavedState[Name] extends number ? Name : never;
}[keyof SavedState];
type ListField = Exclude<keyof SavedState, NumberField>;

/**
 * Where a field is in the bytes: its first byte, how many entries it has, how far apart they are (0: it is no list), bytes of
 * each; what an entry is times `scale` is a whole number from `min` to `max`.
 */
type Field = readonly [
  name: keyof SavedState,
  at: number,
  count: number,
  step: number,
  size: number,
  scale: number,
  min: number,
  max: number,
];

/** Where what counts boots begins; before it are character and body. */
const BOOTS_AT = 69;

/** All fields in the order of their bytes. Made when state is read or written, which is seldom: kept, it would take 2 KB. */
function layout(): readonly Field[] {
  return [
    ["traits", 0, 7, 2, 2, 10000, 2000, 8000],
    ["weights", 14, 8, 2, 2, 10000, 3000, 17000],
    ["meanCm", 30, 8, 4, 2, 1, 0, MEAN_CM_MAX],
    ["novelty", 32, 8, 4, 1, 250, 0, 250],
    ["presence", 33, 8, 4, 1, 250, 0, 250],
    ["flags", 62, 1, 0, 1, 1, 0, 15],
    ["trimDeg", 63, 3, 2, 2, 10, -300, 300],
    ["boots", BOOTS_AT, 1, 0, 4, 1, 0, U32_MAX],
    ["uptimeTotalS", 73, 1, 0, 4, 1, 0, U32_MAX],
    ["lastReason", 77, 1, 0, 1, 1, 0, REASON_MAX],
    ["badBoots", 78, 1, 0, 1, 1, 0, U8_MAX],
    ["panics", 79, 1, 0, 2, 1, 0, U16_MAX],
    ["reasons", 81, 8, 1, 1, 1, 0, REASON_MAX],
    ["askedMark", 89, 1, 0, 1, 1, 0, 1],
    ["firmware", 90, 1, 0, 4, 1, 0, U32_MAX],
    ["startedAtMs", 94, 1, 0, 4, 1, 0, U32_MAX],
  ];
}

/** The engine works on the lists themselves. */
function copyList(to: number[], from: readonly number[]): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i] as number;
}

/** Copies another state into `own`: all of it, or what makes the character and the body without the counts of boots. */
export function takeState(own: SavedState, other: SavedState, withBoots: boolean): void {
  for (const field of layout()) {
    const [name, at, , step] = field;
    if (at >= BOOTS_AT && !withBoots) return;
    if (step > 0) copyList(own[name as ListField], other[name as ListField]);
    else own[name as NumberField] = other[name as NumberField];
  }
}

/** A field's numbers: the list itself, or a list made for the one. */
function entriesOf(state: SavedState, name: keyof SavedState, step: number): number[] {
  return step > 0 ? state[name as ListField] : [state[name as NumberField]];
}

/** The state as bytes of `STATE_FORMAT`. Never fails: what is no number or out of range is stored as a new robot has it. */
export function encodeState(state: SavedState): Buffer {
  const out = Buffer.alloc(STATE_BYTES);
  for (const field of layout()) {
    const [name, at, count, step, size, scale, min, max] = field;
    const entries = entriesOf(state, name, step);
    for (let i = 0; i < count; i++) {
      let raw = Math.round((entries[i] as number) * scale);
      // A counter stops at its greatest value instead of starting again.
      if (scale === 1 && raw > max) raw = max;
      if (!(raw >= min && raw <= max))
        raw = Math.round((entriesOf(newState(), name, step)[i] as number) * scale);
      putUint(out, at + i * step, size, raw);
    }
  }
  return out;
}

/** Reads a payload. Never fails: what cannot be believed is named and replaced. */
export function decodeState(data: Buffer): Decoded {
  const state = newState();
  const faults: string[] = [];
  if (data.length < STATE_BYTES) return { state, faults: ["length"] };
  for (const field of layout()) {
    const [name, at, count, step, size, scale, min, max] = field;
    const entries = entriesOf(state, name, step);
    for (let i = 0; i < count; i++) {
      let raw = getUint(data, at + i * step, size);
      if (min < 0 && raw > 0x7fff) raw -= 0x10000;
      if (raw >= min && raw <= max) entries[i] = raw / scale;
      else faults.push(step > 0 ? `${name}[${i}]` : name);
    }
    if (step === 0) state[name as NumberField] = entries[0] as number;
  }
  return { state, faults };
}
