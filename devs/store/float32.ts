/** IEEE 754 single precision from its bytes; the VM's and Node's own readers have different names. */
import type { Bytes } from "../../src/wire/errors.js";
import { getUint } from "./bytes.js";

/** The little-endian float32 at `at`: NaN and infinities come out as such. */
export function float32At(data: Bytes, at: number): number {
  const bits = getUint(data, at, 4);
  const sign = bits >>> 31 === 1 ? -1 : 1;
  const exponent = (bits >>> 23) & 255;
  const fraction = bits & 0x7fffff;
  if (exponent === 255) return fraction === 0 ? sign * (1 / 0) : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -149;
  return sign * (1 + fraction / 0x800000) * 2 ** (exponent - 127);
}
