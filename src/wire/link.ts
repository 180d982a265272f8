/**
 * Frames of the link, PROTOCOL §1: types, encoding, and decoding of what is not sealed (`sealed.ts` does the rest), for
 * the firmware and for Node. Pure: no socket, clock or cipher. What a peer did wrong comes back as a code, never as an exception.
 * Bodies that come out of a reader or decoder may share memory with the chunk they came in (in Node).
 */
import { copyBytes, getU32, putU16, putU32, sliceBytes } from "./bytes.js";
import { LinkCode } from "./errors.js";
import { FACE_FRAME_BYTES } from "./face-frame.js";
import { LINK_FIELDS_BYTES_MAX } from "./limits.js";
import type { Bad, ClearMessage } from "./link-messages.js";

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
export const FACE = 0x41;
export const NEXT = 0x42;
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

/** A decoding result that is an error. */
export function bad(code: LinkCode): Bad {
  return { type: BAD, code };
}

function body(type: number, fieldBytes: number): Buffer {
  const out = Buffer.alloc(1 + fieldBytes);
  out[0] = type;
  return out;
}

/** Puts the two length bytes before a body (clear or sealed). */
export function encodeFrame(frameBody: Buffer): Buffer {
  const { length } = frameBody;
  const out = Buffer.alloc(2 + length);
  putU16(out, 0, length);
  copyBytes(out, 2, frameBody, 0, length);
  return out;
}

/** HELLO body; `deviceId` has 8 bytes, `nonce` 16. */
export function encodeHello(deviceId: Buffer, generation: number, nonce: Buffer): Buffer {
  const out = body(HELLO, 33);
  for (let i = 0; i < 4; i++) out[1 + i] = MAGIC.charCodeAt(i);
  out[5] = LINK_VERSION;
  copyBytes(out, 6, deviceId, 0, deviceId.length);
  putU32(out, 14, generation);
  copyBytes(out, 18, nonce, 0, nonce.length);
  return out;
}

export function encodeChallenge(nonce: Buffer, mac: Buffer): Buffer {
  const out = body(CHALLENGE, 33);
  out[1] = LINK_VERSION;
  copyBytes(out, 2, nonce, 0, nonce.length);
  copyBytes(out, 18, mac, 0, mac.length);
  return out;
}

export function encodeProof(mac: Buffer): Buffer {
  const out = body(PROOF, 16);
  copyBytes(out, 1, mac, 0, mac.length);
  return out;
}

export function encodeRefuse(code: number): Buffer {
  const out = body(REFUSE, 1);
  out[1] = code;
  return out;
}

export function encodeWelcome(generation: number, heartbeatMs: number, silenceMs: number): Buffer {
  const out = body(WELCOME, 8);
  putU32(out, 1, generation);
  putU16(out, 5, heartbeatMs);
  putU16(out, 7, silenceMs);
  return out;
}

/** `type` is PING or PONG. */
export function encodeHeartbeat(type: number, token: number): Buffer {
  const out = body(type, 4);
  putU32(out, 1, token);
  return out;
}

export function encodeCredit(bytes: number): Buffer {
  const out = body(CREDIT, 2);
  putU16(out, 1, bytes);
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
  putU16(out, 2, port);
  return out;
}

export function encodeListening(protocol: number, port: number, code: number): Buffer {
  const out = body(LISTENING, 4);
  out[1] = protocol;
  putU16(out, 2, port);
  out[4] = code;
  return out;
}

export function encodeOpen(stream: number, port: number): Buffer {
  const out = body(OPEN, 4);
  putU16(out, 1, stream);
  putU16(out, 3, port);
  return out;
}

/** `data` has 1..`DATA_BYTES_MAX` bytes. */
export function encodeData(stream: number, data: Buffer): Buffer {
  const out = body(DATA, 2 + data.length);
  putU16(out, 1, stream);
  copyBytes(out, 3, data, 0, data.length);
  return out;
}

export function encodeShut(stream: number, code: number): Buffer {
  const out = body(SHUT, 3);
  putU16(out, 1, stream);
  out[3] = code;
  return out;
}

/** `data` has 0..`DATAGRAM_FIELD_BYTES_MAX` bytes. */
export function encodeDatagram(port: number, ageMs: number, data: Buffer): Buffer {
  const out = body(DATAGRAM, 4 + data.length);
  putU16(out, 1, port);
  putU16(out, 3, ageMs > 65535 ? 65535 : ageMs);
  copyBytes(out, 5, data, 0, data.length);
  return out;
}

/** Asks for one FACE (`encodeFaceFrame` of `face-frame.ts`), `pauseMs`, 0..255, after the last one at the soonest. */
export function encodeNext(pauseMs: number): Buffer {
  const out = body(NEXT, 1);
  out[1] = pauseMs;
  return out;
}

export function encodeMirror(data: Buffer): Buffer {
  const out = body(MIRROR, data.length);
  copyBytes(out, 1, data, 0, data.length);
  return out;
}

/** By type: bytes of a sealed message with its type byte, of those of variable length the least; 0: no such message. */
const SEALED_BYTES = sealedBytes();

function sealedBytes(): Buffer {
  const known: readonly (readonly [number, number])[] = [
    [WELCOME, 9],
    [PING, 5],
    [PONG, 5],
    [CREDIT, 3],
    [BYE, 2],
    [LISTEN, 4],
    [LISTENING, 5],
    [OPEN, 5],
    [DATA, 4],
    [SHUT, 4],
    [DATAGRAM, 5],
    [FACE, FACE_FRAME_BYTES],
    [NEXT, 2],
    [MIRROR, 1],
  ];
  const bytes = Buffer.alloc(MIRROR + 1);
  for (const row of known) bytes[row[0]] = row[1];
  return bytes;
}

/** OK, or what is wrong with the type or the length of a sealed message's plain text. */
export function lengthCodeOf(b: Buffer): LinkCode {
  const { length } = b;
  if (length === 0) return LinkCode.LINK_FRAME_SHORT;
  const type = b[0] as number;
  const bytes = type <= MIRROR ? (SEALED_BYTES[type] as number) : 0;
  if (bytes === length && bytes > 0) return LinkCode.OK;
  if (bytes === 0) return LinkCode.LINK_FRAME_TYPE;
  const isOpenEnded = type === DATA || type === DATAGRAM || type === MIRROR;
  if (isOpenEnded && length > bytes && length <= 1 + LINK_FIELDS_BYTES_MAX) return LinkCode.OK;
  return lengthCode(b, bytes);
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
    deviceId: sliceBytes(b, 6, 14),
    generation: getU32(b, 14),
    nonce: sliceBytes(b, 18, 34),
  };
}

function decodeChallenge(b: Buffer): ClearMessage {
  if (b.length < 2) return bad(LinkCode.LINK_FRAME_SHORT);
  if (b[1] !== LINK_VERSION) return bad(LinkCode.LINK_VERSION);
  const code = lengthCode(b, 34);
  if (code !== LinkCode.OK) return bad(code);
  return { type: CHALLENGE, nonce: sliceBytes(b, 2, 18), mac: sliceBytes(b, 18, 34) };
}

/** Decodes what a gateway says before the session is open. */
export function decodeGatewayClear(b: Buffer): ClearMessage {
  const type = b[0];
  if (type === CHALLENGE) return decodeChallenge(b);
  if (type !== REFUSE) return bad(LinkCode.LINK_FRAME_TYPE);
  const code = lengthCode(b, 2);
  return code === LinkCode.OK ? { type: REFUSE, code: b[1] as number } : bad(code);
}

/** Decodes any body that came before the session was open. */
export function decodeClear(b: Buffer): ClearMessage {
  const type = b[0];
  if (type === HELLO) return decodeHello(b);
  if (type !== PROOF) return decodeGatewayClear(b);
  const code = lengthCode(b, 17);
  return code === LinkCode.OK ? { type: PROOF, mac: sliceBytes(b, 1, 17) } : bad(code);
}

/** Whether a frame of this type needs credit when the gateway sends it (PROTOCOL §1.4). A FACE needs a NEXT instead. */
export function costsCredit(type: number): boolean {
  return type >= LISTEN && type !== FACE;
}
