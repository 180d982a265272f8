/**
 * What survives a restart, and its bytes: scaled integers at fixed offsets, so no NaN can be stored and no
 * digit is lost. Layout: `visitFields` below and docs/architecture/state.md. Every field is checked on load: one that
 * is out of range gets its default and is named in `faults`, and the others are kept.
 */
import { getU16, getU32, putU16, putU32 } from "./bytes.js";

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

/** The engine works on the lists themselves. */
function copyList(to: number[], from: readonly number[]): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i] as number;
}

/** Copies another state into `own`: all of it, or what makes the character and the body without the counts of boots. */
export function takeState(own: SavedState, other: SavedState, withBoots: boolean): void {
  copyList(own.traits, other.traits);
  copyList(own.weights, other.weights);
  copyList(own.meanCm, other.meanCm);
  copyList(own.novelty, other.novelty);
  copyList(own.presence, other.presence);
  own.flags = other.flags;
  copyList(own.trimDeg, other.trimDeg);
  if (!withBoots) return;
  own.boots = other.boots;
  own.uptimeTotalS = other.uptimeTotalS;
  own.lastReason = other.lastReason;
  own.badBoots = other.badBoots;
  own.panics = other.panics;
  copyList(own.reasons, other.reasons);
  own.askedMark = other.askedMark;
  own.firmware = other.firmware;
  own.startedAtMs = other.startedAtMs;
}

/** Goes through the bytes of a state from front to back, writing them or reading them. */
class StateBytes {
  readonly faults: string[] = [];
  private at = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly isReading: boolean,
  ) {}

  /**
   * The next field, `size` bytes: a whole number 0 to `max`; `index` -1: not of a list. Returns its value. A counter
   * stops at its greatest value instead of starting again; what is no number or out of range becomes 0.
   */
  whole(name: string, index: number, value: number, size: number, max: number): number {
    const known = this.isReading || value <= max ? value : max;
    return this.scaled(name, index, known, size, 1, 0, max, 0);
  }

  /** The next field of `size` bytes: `value * scale`, which is to be `min` to `max`; anything else becomes `fresh`. */
  scaled(
    name: string,
    index: number,
    value: number,
    size: number,
    scale: number,
    min: number,
    max: number,
    fresh: number,
  ): number {
    const { bytes, at } = this;
    this.at = at + size;
    if (!this.isReading) {
      let raw = Math.round(value * scale);
      if (!(raw >= min && raw <= max)) raw = Math.round(fresh * scale);
      if (size === 1) bytes[at] = raw;
      else if (size === 2) putU16(bytes, at, raw < 0 ? raw + 0x10000 : raw);
      else putU32(bytes, at, raw);
      return value;
    }
    let raw =
      size === 1 ? (bytes[at] as number) : size === 2 ? getU16(bytes, at) : getU32(bytes, at);
    if (min < 0 && raw > 0x7fff) raw -= 0x10000;
    if (raw >= min && raw <= max) return raw / scale;
    this.faults.push(index < 0 ? name : `${name}[${index}]`);
    return fresh;
  }
}

/** The layout: all fields in the order of their bytes. Character and body come first, then what counts boots. */
function visitFields(io: StateBytes, s: SavedState): void {
  const { traits, weights, meanCm, novelty, presence, trimDeg, reasons } = s;
  for (let i = 0; i < BIRTH_TRAITS.length; i++) {
    const birth = BIRTH_TRAITS[i] as number;
    traits[i] = io.scaled("traits", i, traits[i] as number, 2, 10000, 2000, 8000, birth);
  }
  for (let i = 0; i < BEHAVIOURS_COUNT; i++)
    weights[i] = io.scaled("weights", i, weights[i] as number, 2, 10000, 3000, 17000, 1);
  for (let i = 0; i < BINS_COUNT; i++) {
    meanCm[i] = io.whole("meanCm", i, meanCm[i] as number, 2, MEAN_CM_MAX);
    novelty[i] = io.scaled("novelty", i, novelty[i] as number, 1, 250, 0, 250, 0);
    presence[i] = io.scaled("presence", i, presence[i] as number, 1, 250, 0, 250, 0);
  }
  s.flags = io.whole("flags", -1, s.flags, 1, 15);
  for (let i = 0; i < AXES_COUNT; i++)
    trimDeg[i] = io.scaled("trimDeg", i, trimDeg[i] as number, 2, 10, -300, 300, 0);
  s.boots = io.whole("boots", -1, s.boots, 4, U32_MAX);
  s.uptimeTotalS = io.whole("uptimeTotalS", -1, s.uptimeTotalS, 4, U32_MAX);
  s.lastReason = io.whole("lastReason", -1, s.lastReason, 1, REASON_MAX);
  s.badBoots = io.whole("badBoots", -1, s.badBoots, 1, U8_MAX);
  s.panics = io.whole("panics", -1, s.panics, 2, U16_MAX);
  for (let i = 0; i < REASONS_COUNT; i++)
    reasons[i] = io.whole("reasons", i, reasons[i] as number, 1, REASON_MAX);
  s.askedMark = io.whole("askedMark", -1, s.askedMark, 1, 1);
  s.firmware = io.whole("firmware", -1, s.firmware, 4, U32_MAX);
  s.startedAtMs = io.whole("startedAtMs", -1, s.startedAtMs, 4, U32_MAX);
}

/** The state as bytes of `STATE_FORMAT`. Never fails: a value that is no number becomes its default. */
export function encodeState(state: SavedState): Buffer {
  const out = Buffer.alloc(STATE_BYTES);
  visitFields(new StateBytes(out, false), state);
  return out;
}

/** Reads a payload. Never fails: what cannot be believed is named and replaced. */
export function decodeState(data: Buffer): Decoded {
  const state = newState();
  const io = new StateBytes(data, true);
  if (data.length < STATE_BYTES) io.faults.push("length");
  else visitFields(io, state);
  return { state, faults: io.faults };
}
