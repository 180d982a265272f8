/**
 * FACE of the link (PROTOCOL §1.3): what a valid FACE or NO_FACE datagram says, as fixed fields. The gateway reads every
 * datagram anyway to keep the newest; reading the text a second time would cost a chip a third of its time at 30 a second.
 */
import { getU16, getU32, putU16, putU32 } from "./bytes.js";

/** Type byte, then fields of one byte: x, y, w, h, conf; of two: age, wait; of four: seq, low half and high half. */
export const FACE_FRAME_BYTES = 18;
/** In the place of x: the picture held no face, and only `seq` means something. */
const NOBODY = 255;
/** In the place of an age: the sender did not say. */
const AGE_NONE = 0xffff;
/** In the place of both halves: the datagram had no sequence number. */
const SEQ_NONE = 0xffffffff;

/** A face as the robot takes it in. Places and sizes are 0..240 in the picture. */
export interface Face {
  x: number;
  y: number;
  w: number;
  h: number;
  /** 0..100. */
  conf: number;
  /** Whole number up to 2^53 − 1; -1: none was told. */
  seq: number;
  /** From exposure to sending, ms; -1 when the sender did not say. */
  ageMs: number;
  /** From sending to now as far as known: the wait in the gateway, ms. */
  waitMs: number;
}

/** An object to be filled by `readFaceFrame`. */
export function newFace(): Face {
  return { x: 0, y: 0, w: 0, h: 0, conf: 0, seq: -1, ageMs: -1, waitMs: 0 };
}

function writeTail(out: Buffer, seq: number, ageMs: number, waitMs: number): void {
  putU16(out, 6, ageMs < 0 ? AGE_NONE : ageMs);
  putU16(out, 8, waitMs > AGE_NONE ? AGE_NONE : waitMs);
  const high = seq < 0 ? SEQ_NONE : Math.floor(seq / 4294967296);
  putU32(out, 10, seq < 0 ? SEQ_NONE : seq - high * 4294967296);
  putU32(out, 14, high);
}

/** Plain text of a FACE frame of the type `type`. */
export function encodeFaceFrame(type: number, face: Face): Buffer {
  const out = Buffer.alloc(FACE_FRAME_BYTES);
  out[0] = type;
  out[1] = face.x;
  out[2] = face.y;
  out[3] = face.w;
  out[4] = face.h;
  out[5] = face.conf;
  writeTail(out, face.seq, face.ageMs, face.waitMs);
  return out;
}

/** The same for a picture without a face; `seq` -1: none was told. */
export function encodeNobodyFrame(type: number, seq: number, waitMs: number): Buffer {
  const out = Buffer.alloc(FACE_FRAME_BYTES);
  out[0] = type;
  out[1] = NOBODY;
  writeTail(out, seq, -1, waitMs);
  return out;
}

/** Reads a FACE frame of the right length into `face`. False: nobody is there; then only `seq` and `waitMs` are set. */
export function readFaceFrame(data: Buffer, face: Face): boolean {
  const high = getU32(data, 14);
  face.seq = high === SEQ_NONE ? -1 : high * 4294967296 + getU32(data, 10);
  face.waitMs = getU16(data, 8);
  const x = data[1] as number;
  if (x === NOBODY) return false;
  const age = getU16(data, 6);
  face.x = x;
  face.y = data[2] as number;
  face.w = data[3] as number;
  face.h = data[4] as number;
  face.conf = data[5] as number;
  face.ageMs = age === AGE_NONE ? -1 : age;
  return true;
}
