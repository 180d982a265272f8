/**
 * Operations on bytes that the DeviceScript machine and Node do differently, so that everything above
 * them runs and is tested in both. The device's `Buffer` pads slices that are out of range, has its own names for
 * integers and copies natively with `blitAt`; Node's does none of these. Integers are little endian.
 */
import type { Bytes } from "./errors.js";

interface DeviceBuffer {
  blitAt?: (offset: number, source: Buffer, sourceOffset: number, length: number) => void;
}

/** What Node's has instead: a view of a part, not a copy. */
interface NodeBuffer extends Buffer {
  subarray(from: number, to: number): Buffer;
}

/** True in the DeviceScript machine, false in Node. */
const IS_DEVICE = (Buffer.alloc(1) as unknown as DeviceBuffer).blitAt !== undefined;
/** The high bit of each byte of a word. */
const HIGH_BITS = -2139062144;

/** UTF-8 bytes of `text`. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text);
}

/** Text of UTF-8 bytes; they must have been checked, bad ones would become U+FFFD. */
export function textOf(bytes: Buffer): string {
  return bytes.toString("utf-8");
}

/** Copies `length` bytes of `source` from `from` into `target` at `at`; all in range. */
export function copyBytes(
  target: Buffer,
  at: number,
  source: Buffer,
  from: number,
  length: number,
): void {
  if (IS_DEVICE) target.blitAt(at, source, from, length);
  else target.set((source as NodeBuffer).subarray(from, from + length), at);
}

/** A copy of the bytes `from` (inclusive) to `to` (exclusive), cut to what there is. */
export function sliceBytes(source: Buffer, from: number, to: number): Buffer {
  const end = to > source.length ? source.length : to;
  const length = end > from ? end - from : 0;
  const part = Buffer.alloc(length);
  if (length > 0) copyBytes(part, 0, source, from, length);
  return part;
}

/** The bytes of `a` and then those of `b`. */
export function joinBytes(a: Buffer, b: Buffer): Buffer {
  const joined = Buffer.alloc(a.length + b.length);
  copyBytes(joined, 0, a, 0, a.length);
  copyBytes(joined, a.length, b, 0, b.length);
  return joined;
}

/**
 * XORs the bytes `from` to `to` with the 4 bytes of `mask`, beginning at mask byte `phase` (0..3). True if all
 * results are ASCII. The device does it four bytes at a time, ~8 steps a byte of its budget instead of ~20.
 */
export function unmask(
  data: Buffer,
  from: number,
  to: number,
  mask: Buffer,
  phase: number,
): boolean {
  let seen = 0;
  let at = from;
  if (IS_DEVICE) {
    const key = maskWord(mask, phase);
    for (; at + 4 <= to; at += 4) {
      const word = data.getAt(at, "i32") ^ key;
      data.setAt(at, "i32", word);
      seen = seen | word;
    }
  }
  let isAscii = (seen & HIGH_BITS) === 0;
  for (; at < to; at++) {
    const byte = (data[at] as number) ^ (mask[(phase + at - from) & 3] as number);
    data[at] = byte;
    if (byte > 0x7f) isAscii = false;
  }
  return isAscii;
}

/** The mask turned so that it begins at `phase`, as a little-endian word. */
function maskWord(mask: Buffer, phase: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word = word | ((mask[(phase + i) & 3] as number) << (8 * i));
  return word;
}

/** The unsigned number of 2 bytes at `at`, which must be in range; natively on the device, as the next three. */
export function getU16(data: Buffer, at: number): number {
  return IS_DEVICE ? data.getAt(at, "u16") : getUint(data, at, 2);
}

/** Of 4 bytes. */
export function getU32(data: Buffer, at: number): number {
  return IS_DEVICE ? data.getAt(at, "u32") : getUint(data, at, 4);
}

/** Writes a whole number, 0..65,535, at `at`. */
export function putU16(data: Buffer, at: number, value: number): void {
  if (IS_DEVICE) data.setAt(at, "u16", value);
  else putUint(data, at, 2, value);
}

/** Writes a whole number below 2^32. */
export function putU32(data: Buffer, at: number, value: number): void {
  if (IS_DEVICE) data.setAt(at, "u32", value);
  else putUint(data, at, 4, value);
}

/** The unsigned number of `count` bytes at `at`. */
export function getUint(data: Bytes, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (data[at + i] as number);
  return value;
}

/** Writes the low `count` bytes of a whole number, negative ones in two's complement. */
export function putUint(data: Bytes, at: number, count: number, value: number): void {
  let rest = value;
  for (let i = 0; i < count; i++) {
    const high = Math.floor(rest / 256);
    data[at + i] = rest - high * 256;
    rest = high;
  }
}

export function sameBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}
