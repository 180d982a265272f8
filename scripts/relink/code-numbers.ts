/**
 * Numbers as the VM's code writes them: one byte for small ones, else the bytes behind their count.
 */

/** A number's first byte from which on it says how many bytes follow. */
export const MULTIBYTE = 0xf8;
export const NEGATIVE = 4;
/** Operations from here on are small integers in one byte. */
export const DIRECT = 0x80;
export const DIRECT_ZERO = 0x90;
export const DIRECT_MAX = 0xff - DIRECT_ZERO;
export const DIRECT_MIN = DIRECT - DIRECT_ZERO;

export function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Error("the code ends within a statement");
  return byte;
}

export function readNumber(bytes: Uint8Array, at: number): [number, number] {
  const first = byteAt(bytes, at++);
  if (first < MULTIBYTE) return [first, at];
  let value = 0;
  for (let left = (first & 3) + 1; left > 0; left--) value = value * 256 + byteAt(bytes, at++);
  // Like the VM: 32 bits that wrap around.
  return [((first & NEGATIVE) !== 0 ? -value : value) | 0, at];
}

/** Bytes of a number in its shortest form. */
export function numberBytes(value: number): number[] {
  if (value >= 0 && value < MULTIBYTE) return [value];
  let left = Math.abs(value);
  const bytes: number[] = [];
  do {
    bytes.unshift(left % 256);
    left = Math.floor(left / 256);
  } while (left > 0);
  return [MULTIBYTE | (value < 0 ? NEGATIVE : 0) | (bytes.length - 1), ...bytes];
}
