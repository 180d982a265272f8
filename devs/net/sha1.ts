/**
 * SHA-1 and base64 for the WebSocket handshake; the runtime has neither. SHA-1 protects nothing here, RFC 6455
 * §1.3 only wants it computed. Its two blocks cost some 17,000 steps, so it is computed in parts.
 */
import { copyBytes, getU32 } from "../../src/wire/bytes.js";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BLOCK_BYTES = 64;
/** Rounds of a block that belong to one function and one constant (FIPS 180-4 §4.1.1, §4.2.1). */
const PART_ROUNDS = 20;
const PARTS = 4;
/** Steps of `Sha1.step`, measured. */
export const SHA1_STEPS = 2600;

/** One message, up to some hundred bytes. */
export class Sha1 {
  private readonly padded: Buffer;
  /** Hash value so far, and the working variables a to e of the block. */
  private readonly h = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  private v: number[] = [];
  private w: number[] = [];
  private at = 0;
  private part = 0;

  constructor(data: Buffer) {
    const blocks = Math.floor((data.length + 8) / BLOCK_BYTES) + 1;
    const padded = Buffer.alloc(blocks * BLOCK_BYTES);
    copyBytes(padded, 0, data, 0, data.length);
    padded[data.length] = 0x80;
    padded[padded.length - 2] = (data.length * 8) >> 8;
    padded[padded.length - 1] = (data.length * 8) & 0xff;
    this.padded = padded;
  }

  /** Does the next part; true: all is done. */
  step(): boolean {
    if (this.part === 0) this.begin();
    const { h, v } = this;
    this.extend();
    this.mix();
    this.part++;
    if (this.part < PARTS) return false;
    for (let i = 0; i < 5; i++) h[i] = ((h[i] as number) + (v[i] as number)) | 0;
    this.part = 0;
    this.at += BLOCK_BYTES;
    return this.at >= this.padded.length;
  }

  /** The 20 bytes, once `step` has said that all is done. */
  finish(): Buffer {
    const digest = Buffer.alloc(20);
    for (let i = 0; i < 20; i++)
      digest[i] = ((this.h[i >> 2] as number) >>> (24 - 8 * (i & 3))) & 0xff;
    return digest;
  }

  private begin(): void {
    const { h, padded, at } = this;
    this.v = [h[0] as number, h[1] as number, h[2] as number, h[3] as number, h[4] as number];
    this.w = [];
    for (let t = 0; t < 16; t++) {
      const word = getU32(padded, at + 4 * t);
      const swapped = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00);
      this.w.push(swapped | (word >>> 24));
    }
  }

  /** The message schedule up to the end of this part (FIPS 180-4 §6.1.2). */
  private extend(): void {
    const { w } = this;
    for (let t = w.length; t < (this.part + 1) * PART_ROUNDS; t++) {
      const word =
        (w[t - 3] as number) ^ (w[t - 8] as number) ^ (w[t - 14] as number) ^ (w[t - 16] as number);
      w.push((word << 1) | (word >>> 31));
    }
  }

  private mix(): void {
    const { v, w, part } = this;
    let [a, b, c, d, e] = v as [number, number, number, number, number];
    const end = (part + 1) * PART_ROUNDS;
    for (let t = end - PART_ROUNDS; t < end; t++) {
      let f = b ^ c ^ d;
      let k = 0x6ed9eba1;
      if (part === 0) {
        f = (b & c) | (~b & d);
        k = 0x5a827999;
      } else if (part === 2) {
        f = (b & c) | (b & d) | (c & d);
        k = 0x8f1bbcdc;
      } else if (part === 3) k = 0xca62c1d6;
      const next = (((a << 5) | (a >>> 27)) + f + e + k + (w[t] as number)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    v[0] = a;
    v[1] = b;
    v[2] = c;
    v[3] = d;
    v[4] = e;
  }
}

/** Base64 with padding. */
export function base64(data: Buffer): string {
  let text = "";
  for (let i = 0; i < data.length; i += 3) {
    const left = data.length - i;
    const second = left > 1 ? (data[i + 1] as number) : 0;
    const third = left > 2 ? (data[i + 2] as number) : 0;
    const bits = ((data[i] as number) << 16) | (second << 8) | third;
    text += BASE64.charAt(bits >> 18) + BASE64.charAt((bits >> 12) & 63);
    text += left > 1 ? BASE64.charAt((bits >> 6) & 63) : "=";
    text += left > 2 ? BASE64.charAt(bits & 63) : "=";
  }
  return text;
}

/** True for the base64 of exactly 16 bytes, as a WebSocket key must be (RFC 6455 §4.1). */
export function isKey(text: string): boolean {
  if (text.length !== 24 || text.slice(22) !== "==") return false;
  for (let i = 0; i < 22; i++) if (BASE64.indexOf(text.charAt(i)) < 0) return false;
  // The last digit carries 2 bits of the 16th byte and 4 zero bits.
  return (BASE64.indexOf(text.charAt(21)) & 15) === 0;
}
