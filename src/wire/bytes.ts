/** Little-endian integers in a buffer, the same in the VM and in Node (their `Buffer` methods differ). */
import type { Bytes } from "./errors.js";

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
