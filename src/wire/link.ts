/**
 * Frames of the link, PROTOCOL §1: types, encoding, and decoding of what is not sealed (`sealed.ts` does the rest), for
 * the firmware and for Node. Pure: no socket, clock or cipher. What a peer did wrong comes back as a code, never as an exception.
 * Bodies that come out of a reader or decoder may share memory with the chunk they came in (in Node).
 */
import { LinkCode } from "./errors.js";
import { LINK_FIELDS_BYTES_MAX } from "./limits.js";

export const LINK_VERSION = 1;
/** Labels of PROTOCOL §1.2. */
export const LABEL_GATEWAY = "buddy gateway";
export const LABEL_DEVICE = "buddy device";
export const LABEL_DEVICE_TO_GATEWAY = "buddy d2g";
export const LABEL_GATEWAY_TO_DEVICE = "buddy g2d";

export const PSK_BYTES = 32;
export const DEVICE_ID_BYTES = 8;
export const NONCE_BYTES = 16;
export const MAC_BYTES = 16;
/** AES-CCM: bytes of the tag and of the per-frame nonce. */
export const TAG_BYTES = 8;
export const SEAL_NONCE_BYTES = 13;

export const HELLO = 0x01;
export const CHALLENGE = 0x02;
export const PROOF = 0x03;
export const WELCOME = 0x04;
export const REFUSE = 0x0f;
export const PING = 0x10;
export const PONG = 0x11;
export const CREDIT = 0x12;
export const BYE = 0x13;
export const LISTEN = 0x20;
export const LISTENING = 0x21;
export const OPEN = 0x30;
export const DATA = 0x31;
export const SHUT = 0x32;
export const DATAGRAM = 0x40;
export const MIRROR = 0x50;
/** Type of a decoding result that is an error. */
export const BAD = 0;

/** Protocol numbers of LISTEN, as in an IP header. */
export const TCP = 6;
export const UDP = 17;

/** Most bytes that one DATA, DATAGRAM or MIRROR carries. */
export const DATA_BYTES_MAX = LINK_FIELDS_BYTES_MAX - 2;
export const DATAGRAM_FIELD_BYTES_MAX = LINK_FIELDS_BYTES_MAX - 4;
export const MIRROR_BYTES_MAX = LINK_FIELDS_BYTES_MAX;

const MAGIC = "BDY1";

export interface Bad {
  type: typeof BAD;
  code: LinkCode;
}
export interface Hello {
  type: typeof HELLO;
  deviceId: Buffer;
  /** Generation of the last session this device served; 0 after boot. */
  generation: number;
  nonce: Buffer;
}
export interface Challenge {
  type: typeof CHALLENGE;
  nonce: Buffer;
  mac: Buffer;
}
export interface Proof {
  type: typeof PROOF;
  mac: Buffer;
}
export interface Refuse {
  type: typeof REFUSE;
  code: number;
}
export interface Welcome {
  type: typeof WELCOME;
  generation: number;
  heartbeatMs: number;
  silenceMs: number;
}
export interface Heartbeat {
  type: typeof PING | typeof PONG;
  token: number;
}
export interface Credit {
  type: typeof CREDIT;
  bytes: number;
}
export interface Bye {
  type: typeof BYE;
  code: number;
}
export interface Listen {
  type: typeof LISTEN;
  protocol: number;
  port: number;
}
export interface Listening {
  type: typeof LISTENING;
  protocol: number;
  port: number;
  code: number;
}
export interface Open {
  type: typeof OPEN;
  stream: number;
  port: number;
}
export interface Data {
  type: typeof DATA;
  stream: number;
  data: Buffer;
}
export interface Shut {
  type: typeof SHUT;
  stream: number;
  code: number;
}
export interface Datagram {
  type: typeof DATAGRAM;
  port: number;
  /** Time the datagram waited in the gateway. */
  ageMs: number;
  data: Buffer;
}
export interface Mirror {
  type: typeof MIRROR;
  data: Buffer;
}

export type ClearMessage = Bad | Hello | Challenge | Proof | Refuse;
export type SealedMessage =
  | Bad
  | Welcome
  | Heartbeat
  | Credit
  | Bye
  | Listen
  | Listening
  | Open
  | Data
  | Shut
  | Datagram
  | Mirror;

/** A decoding result that is an error. */
export function bad(code: LinkCode): Bad {
  return { type: BAD, code };
}

/** Reads a byte; 0 behind the end. */
export function u8(b: Buffer, at: number): number {
  return b[at] ?? 0;
}

/** Reads an unsigned 16-bit number. */
export function readU16(b: Buffer, at: number): number {
  return u8(b, at) + u8(b, at + 1) * 256;
}

/** Reads an unsigned 32-bit number; exact, as no operand is a signed 32-bit one. */
export function readU32(b: Buffer, at: number): number {
  return readU16(b, at) + readU16(b, at + 2) * 65536;
}

export function writeU16(b: Buffer, at: number, value: number): void {
  b[at] = value & 255;
  b[at + 1] = (value >> 8) & 255;
}

export function writeU32(b: Buffer, at: number, value: number): void {
  const high = Math.floor(value / 65536);
  writeU16(b, at, value - high * 65536);
  writeU16(b, at + 2, high);
}

/** The bytes from `from` up to `to`, which must both lie inside: the device pads what lies outside. */
export function part(b: Buffer, from: number, to: number): Buffer {
  return b.slice(from, to);
}

function body(type: number, fieldBytes: number): Buffer {
  const out = Buffer.alloc(1 + fieldBytes);
  out[0] = type;
  return out;
}

/** Puts the two length bytes before a body (clear or sealed). */
export function encodeFrame(frameBody: Buffer): Buffer {
  const out = Buffer.alloc(2 + frameBody.length);
  writeU16(out, 0, frameBody.length);
  out.set(frameBody, 2);
  return out;
}

/** HELLO body; `deviceId` has 8 bytes, `nonce` 16. */
export function encodeHello(deviceId: Buffer, generation: number, nonce: Buffer): Buffer {
  const out = body(HELLO, 33);
  for (let i = 0; i < 4; i++) out[1 + i] = MAGIC.charCodeAt(i);
  out[5] = LINK_VERSION;
  out.set(deviceId, 6);
  writeU32(out, 14, generation);
  out.set(nonce, 18);
  return out;
}

export function encodeChallenge(nonce: Buffer, mac: Buffer): Buffer {
  const out = body(CHALLENGE, 33);
  out[1] = LINK_VERSION;
  out.set(nonce, 2);
  out.set(mac, 18);
  return out;
}

export function encodeProof(mac: Buffer): Buffer {
  const out = body(PROOF, 16);
  out.set(mac, 1);
  return out;
}

export function encodeRefuse(code: number): Buffer {
  const out = body(REFUSE, 1);
  out[1] = code;
  return out;
}

export function encodeWelcome(generation: number, heartbeatMs: number, silenceMs: number): Buffer {
  const out = body(WELCOME, 8);
  writeU32(out, 1, generation);
  writeU16(out, 5, heartbeatMs);
  writeU16(out, 7, silenceMs);
  return out;
}

/** `type` is PING or PONG. */
export function encodeHeartbeat(type: number, token: number): Buffer {
  const out = body(type, 4);
  writeU32(out, 1, token);
  return out;
}

export function encodeCredit(bytes: number): Buffer {
  const out = body(CREDIT, 2);
  writeU16(out, 1, bytes);
  return out;
}

export function encodeBye(code: number): Buffer {
  const out = body(BYE, 1);
  out[1] = code;
  return out;
}

/** `protocol` is TCP or UDP. */
export function encodeListen(protocol: number, port: number): Buffer {
  const out = body(LISTEN, 3);
  out[1] = protocol;
  writeU16(out, 2, port);
  return out;
}

export function encodeListening(protocol: number, port: number, code: number): Buffer {
  const out = body(LISTENING, 4);
  out[1] = protocol;
  writeU16(out, 2, port);
  out[4] = code;
  return out;
}

export function encodeOpen(stream: number, port: number): Buffer {
  const out = body(OPEN, 4);
  writeU16(out, 1, stream);
  writeU16(out, 3, port);
  return out;
}

/** `data` has 1..`DATA_BYTES_MAX` bytes. */
export function encodeData(stream: number, data: Buffer): Buffer {
  const out = body(DATA, 2 + data.length);
  writeU16(out, 1, stream);
  out.set(data, 3);
  return out;
}

export function encodeShut(stream: number, code: number): Buffer {
  const out = body(SHUT, 3);
  writeU16(out, 1, stream);
  out[3] = code;
  return out;
}

/** `data` has 0..`DATAGRAM_FIELD_BYTES_MAX` bytes. */
export function encodeDatagram(port: number, ageMs: number, data: Buffer): Buffer {
  const out = body(DATAGRAM, 4 + data.length);
  writeU16(out, 1, port);
  writeU16(out, 3, ageMs > 65535 ? 65535 : ageMs);
  out.set(data, 5);
  return out;
}

export function encodeMirror(data: Buffer): Buffer {
  const out = body(MIRROR, data.length);
  out.set(data, 1);
  return out;
}

/** OK, or the code for a body that has not exactly `bytes` bytes. */
function lengthCode(b: Buffer, bytes: number): LinkCode {
  if (b.length < bytes) return LinkCode.LINK_FRAME_SHORT;
  return b.length > bytes ? LinkCode.LINK_FRAME_LONG : LinkCode.OK;
}

function decodeHello(b: Buffer): ClearMessage {
  // Magic and version come first: another version may have another length.
  if (b.length < 6) return bad(LinkCode.LINK_FRAME_SHORT);
  for (let i = 0; i < 4; i++) {
    if (b[1 + i] !== MAGIC.charCodeAt(i)) return bad(LinkCode.LINK_FRAME_TYPE);
  }
  if (b[5] !== LINK_VERSION) return bad(LinkCode.LINK_VERSION);
  const code = lengthCode(b, 34);
  if (code !== LinkCode.OK) return bad(code);
  return {
    type: HELLO,
    deviceId: part(b, 6, 14),
    generation: readU32(b, 14),
    nonce: part(b, 18, 34),
  };
}

function decodeChallenge(b: Buffer): ClearMessage {
  if (b.length < 2) return bad(LinkCode.LINK_FRAME_SHORT);
  if (b[1] !== LINK_VERSION) return bad(LinkCode.LINK_VERSION);
  const code = lengthCode(b, 34);
  if (code !== LinkCode.OK) return bad(code);
  return { type: CHALLENGE, nonce: part(b, 2, 18), mac: part(b, 18, 34) };
}

/** Decodes what a gateway says before the session is open. */
export function decodeGatewayClear(b: Buffer): ClearMessage {
  const type = u8(b, 0);
  if (type === CHALLENGE) return decodeChallenge(b);
  if (type !== REFUSE) return bad(LinkCode.LINK_FRAME_TYPE);
  const code = lengthCode(b, 2);
  return code === LinkCode.OK ? { type: REFUSE, code: u8(b, 1) } : bad(code);
}

/** Decodes any body that came before the session was open. */
export function decodeClear(b: Buffer): ClearMessage {
  const type = u8(b, 0);
  if (type === HELLO) return decodeHello(b);
  if (type !== PROOF) return decodeGatewayClear(b);
  const code = lengthCode(b, 17);
  return code === LinkCode.OK ? { type: PROOF, mac: part(b, 1, 17) } : bad(code);
}

/** Whether a frame of this type needs credit when the gateway sends it (PROTOCOL §1.4). */
export function costsCredit(type: number): boolean {
  return type >= LISTEN;
}

/** Whether the gateway may send a sealed frame of this type. */
export function mayGatewaySend(type: number): boolean {
  return type !== CREDIT && type !== LISTEN;
}

/** Whether the device may send a sealed frame of this type. */
export function mayDeviceSend(type: number): boolean {
  return (
    type === PING ||
    type === PONG ||
    type === CREDIT ||
    type === BYE ||
    type === LISTEN ||
    type === DATA ||
    type === SHUT ||
    type === MIRROR
  );
}
