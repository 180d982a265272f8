/**
 * The few byte operations that differ between the DeviceScript machine and Node, so that everything above
 * them runs and is tested in both. The device's `Buffer` pads slices that are out of range, concatenates
 * varargs and copies natively with `blitAt`; Node's does none of these.
 */

interface DeviceBuffer {
  blitAt?: (offset: number, source: Buffer, sourceOffset: number, length: number) => void;
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
  if (IS_DEVICE) {
    target.blitAt(at, source, from, length);
    return;
  }
  for (let i = 0; i < length; i++) target[at + i] = source[from + i] as number;
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
