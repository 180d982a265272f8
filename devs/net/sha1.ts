/**
 * SHA-1 and base64 for the WebSocket handshake; the runtime has neither. SHA-1 protects nothing here, RFC 6455
 * §1.3 only wants it computed. Two blocks cost ~20,000 steps of the device's 131,072.
 */

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BLOCK_BYTES = 64;

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Big-endian word at `at` of the padded message. */
function paddedWord(data: Buffer, at: number, lengthAt: number): number {
  let word = 0;
  for (let i = at; i < at + 4; i++) {
    let byte = 0;
    if (i < data.length) byte = data[i] as number;
    else if (i === data.length) byte = 0x80;
    word = (word << 8) | byte;
  }
  return at === lengthAt ? data.length * 8 : word;
}

/** Function and constant of round `t` (FIPS 180-4 §6.1.2), as one 32-bit word. */
function mix(t: number, b: number, c: number, d: number): number {
  if (t < 20) return (((b & c) | (~b & d)) + 0x5a827999) | 0;
  if (t < 40) return ((b ^ c ^ d) + 0x6ed9eba1) | 0;
  if (t < 60) return (((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc) | 0;
  return ((b ^ c ^ d) + 0xca62c1d6) | 0;
}

function addBlock(h: number[], data: Buffer, blockAt: number, lengthAt: number): void {
  const w: number[] = [];
  for (let t = 0; t < 16; t++) w.push(paddedWord(data, blockAt + 4 * t, lengthAt));
  for (let t = 16; t < 80; t++) {
    const mixed = (w[t - 3] as number) ^ (w[t - 8] as number);
    w.push(rotateLeft(mixed ^ (w[t - 14] as number) ^ (w[t - 16] as number), 1));
  }
  let a = h[0] as number;
  let b = h[1] as number;
  let c = h[2] as number;
  let d = h[3] as number;
  let e = h[4] as number;
  for (let t = 0; t < 80; t++) {
    const f = mix(t, b, c, d);
    const next = (rotateLeft(a, 5) + f + e + (w[t] as number)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  h[0] = ((h[0] as number) + a) | 0;
  h[1] = ((h[1] as number) + b) | 0;
  h[2] = ((h[2] as number) + c) | 0;
  h[3] = ((h[3] as number) + d) | 0;
  h[4] = ((h[4] as number) + e) | 0;
}

/** The 20 bytes of SHA-1 of `data`, which may have up to 1,000 bytes. */
export function sha1(data: Buffer): Buffer {
  const h = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const blocks = Math.floor((data.length + 8) / BLOCK_BYTES) + 1;
  const lengthAt = blocks * BLOCK_BYTES - 4;
  for (let i = 0; i < blocks; i++) addBlock(h, data, i * BLOCK_BYTES, lengthAt);
  const digest = Buffer.alloc(20);
  for (let i = 0; i < 20; i++) digest[i] = ((h[i >> 2] as number) >>> (24 - 8 * (i & 3))) & 0xff;
  return digest;
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
  if (text.length !== 24 || !text.endsWith("==")) return false;
  for (let i = 0; i < 22; i++) if (BASE64.indexOf(text.charAt(i)) < 0) return false;
  // The last digit carries 2 bits of the 16th byte and 4 zero bits.
  return (BASE64.indexOf(text.charAt(21)) & 15) === 0;
}
