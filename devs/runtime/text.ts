/**
 * Numbers and JSON text, both ways. The runtime prints numbers with 7 digits, has no `toFixed`, and its
 * `JSON.stringify` garbles everything beyond ASCII, so replies are put together here.
 */
import { bytesOf, sliceBytes, textOf } from "../../src/wire/bytes.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = "0123456789abcdef";

/** Two decimals, at most 7 digits before the point; what is no finite number reads 0.00: the host's `float()` raises on null. */
export function fixed2(value: number): string {
  const hundredths = Math.round(value * 100);
  // Most of what is told is a share, 0 to 1.
  if (hundredths >= 10 && hundredths < 100) return "0." + hundredths;
  if (!(value < 1e7 && value > -1e7)) return "0.00";
  const size = hundredths < 0 ? -hundredths : hundredths;
  const whole = Math.floor(size / 100);
  const rest = size - whole * 100;
  const sign = hundredths < 0 ? "-" : "";
  return sign + whole + (rest < 10 ? ".0" : ".") + rest;
}

/** Whole number, or 0 for what is not finite. */
export function whole(value: number): string {
  if (!(value < 1e12 && value > -1e12)) return "0";
  return "" + Math.round(value);
}

/** A pair of a JSON object, after a comma: `,"name":12`. */
export function wholePair(name: string, value: number): string {
  return `,"${name}":${whole(value)}`;
}

/** Inside of a JSON string. UTF-8 stays as it is; quotes, backslashes and control characters are escaped. */
export function escapeJson(text: string): string {
  let out = "";
  let copiedTo = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x20 && code !== QUOTE && code !== BACKSLASH && code !== 0x7f) continue;
    out += text.slice(copiedTo, i);
    if (code === QUOTE) out += '\\"';
    else if (code === BACKSLASH) out += "\\\\";
    else out += "\\u00" + HEX.charAt(code >> 4) + HEX.charAt(code & 15);
    copiedTo = i + 1;
  }
  return copiedTo === 0 ? text : out + text.slice(copiedTo);
}

/** The first `charsMax` characters (code points, in both machines) of `text`. */
export function firstChars(text: string, charsMax: number): string {
  // Characters are at most 4 bytes, so the rest need not be looked at.
  const bytes = bytesOf(text.slice(0, charsMax * 2 + 2));
  let chars = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (((bytes[i] as number) & 0xc0) === 0x80) continue;
    if (chars === charsMax) return textOf(sliceBytes(bytes, 0, i));
    chars++;
  }
  return text;
}

/** Value of the last `parseWhole` that returned true. */
let parsed = 0;

/** The whole number that `isWhole` has just read. */
export function wholeOf(): number {
  return parsed;
}

/**
 * True if `text` is a decimal whole number with an optional sign, spaces round it allowed; `wholeOf()` is then its
 * value. More than 15 digits count as 15.
 */
export function isWhole(text: string): boolean {
  const t = text.trim();
  let at = 0;
  const sign = t.charCodeAt(0);
  if (sign === 0x2d || sign === 0x2b) at = 1;
  if (at === t.length) return false;
  let value = 0;
  const first = at;
  for (; at < t.length; at++) {
    const digit = t.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return false;
    if (at - first < 15) value = value * 10 + digit;
  }
  parsed = sign === 0x2d ? -value : value;
  return true;
}

/** The decimal number (no exponent) that `text` begins with, after spaces; 0 if it begins with none. */
export function leadingDecimal(text: string): number {
  const t = text.trim();
  const sign = t.charCodeAt(0);
  let at = sign === 0x2d || sign === 0x2b ? 1 : 0;
  let value = 0;
  let scale = 0;
  for (; at < t.length && at < 32; at++) {
    const code = t.charCodeAt(at);
    if (code === 0x2e && scale === 0) {
      scale = 1;
      continue;
    }
    const digit = code - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
    if (scale > 0) scale = scale * 10;
  }
  if (scale > 1) value = value / scale;
  return sign === 0x2d ? -value : value;
}
