/**
 * UTF-8 check (RFC 3629) that can stop anywhere and go on. The runtime's decoder is strict but silent: it puts
 * U+FFFD for bad bytes, and even for the valid U+FFFF. So text that decodes without U+FFFD is good, at native speed;
 * only text that holds one is looked at byte by byte (~50 steps each).
 */
import { sliceBytes, textOf } from "../../src/wire/bytes.js";

/** Result when the bytes can be no UTF-8, whatever follows. */
export const UTF8_BAD = -1;

let slowBytes = 0;

/** Bytes that the last `checkUtf8` had to look at one by one, ~50 steps each. */
export function lastSlowBytes(): number {
  return slowBytes;
}

/** Smallest second byte after `lead` (0xc2..0xf4). */
function secondMin(lead: number): number {
  if (lead === 0xe0) return 0xa0;
  return lead === 0xf0 ? 0x90 : 0x80;
}

/** Largest second byte after `lead`. */
function secondMax(lead: number): number {
  if (lead === 0xed) return 0x9f;
  return lead === 0xf4 ? 0x8f : 0xbf;
}

/** Bytes of the character that begins with `lead`, at least 0xc2. */
function charBytes(lead: number): number {
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/**
 * Looks at each byte from `from` (a boundary between characters) to `to`. Returns where the last complete
 * character ended: `to`, or less if a character has been cut and may still become valid; or `UTF8_BAD`.
 */
function checkEach(data: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const lead = data[at] as number;
    if (lead < 0x80) {
      at++;
      continue;
    }
    if (lead < 0xc2 || lead > 0xf4) return UTF8_BAD;
    const end = at + charBytes(lead);
    if (at + 1 < to) {
      const second = data[at + 1] as number;
      if (second < secondMin(lead) || second > secondMax(lead)) return UTF8_BAD;
    }
    for (let i = at + 2; i < end && i < to; i++)
      if (((data[i] as number) & 0xc0) !== 0x80) return UTF8_BAD;
    if (end > to) return at;
    at = end;
  }
  return at;
}

/** Where the character that holds the last byte begins, if it is cut; else `to`. */
function cutStart(data: Buffer, from: number, to: number): number {
  for (let at = to - 1; at >= from && at > to - 4; at--) {
    const byte = data[at] as number;
    if (byte < 0x80) return to;
    if (byte >= 0xc2) return at + charBytes(byte) > to ? at : to;
  }
  return to;
}

/**
 * Checks the bytes from `from` (a boundary between characters) to `to`. Returns where the last complete
 * character ended: `to`, or less if a character has been cut and may still become valid; or `UTF8_BAD`.
 */
export function checkUtf8(data: Buffer, from: number, to: number): number {
  const cut = cutStart(data, from, to);
  const isDoubtful = textOf(sliceBytes(data, from, cut)).indexOf("\ufffd") >= 0;
  slowBytes = isDoubtful ? to - from : 0;
  return checkEach(data, isDoubtful ? from : cut, to);
}
