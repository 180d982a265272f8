/**
 * Datagrams of the intake, PROTOCOL §3: one line of ASCII each. The parser looks at bytes only, never builds
 * text and never throws, so hostile input of any length costs at most 255 looks. VISION's JSON is read
 * separately (`vision.ts`), after this parser has said where it is.
 */
import type { Bytes, DatagramCode } from "./errors.js";
import { DATAGRAM_BYTES_MAX, FACE_SPACE } from "./limits.js";

/** Largest face of one picture; x→right, y→down of the rotated picture, 0..240 on both axes. */
export interface FaceMessage {
  kind: "face";
  x: number;
  y: number;
  /** Units of face space per second, clamped to ±`FACE_VELOCITY_MAX`. */
  vx: number;
  vy: number;
  w: number;
  h: number;
  /** 0..100. */
  conf: number;
  seq: number;
  /** Milliseconds from the picture's capture to sending, 0..5000; -1 if the sender did not say. */
  ageMs: number;
}

export interface NoFaceMessage {
  kind: "noFace";
  /** -1 if the sender did not say. */
  seq: number;
}

/** A scene observation: its JSON is the bytes `from` (inclusive) to `to` (exclusive). */
export interface VisionMessage {
  kind: "vision";
  from: number;
  to: number;
}

export interface BadDatagram {
  kind: "bad";
  code: DatagramCode;
}

export type IntakeMessage = FaceMessage | NoFaceMessage | VisionMessage | BadDatagram;

/** Old senders do not clamp; a jump from one face to another gives thousands. */
export const FACE_VELOCITY_MAX = 500;
/** Beyond this a sender's clock is wrong and the face too old to use. */
export const FACE_AGE_MS_MAX = 5000;
/** Largest whole number that both ends hold exactly, 2^53 − 1. */
export const FACE_SEQ_MAX = 9007199254740991;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const BANG = 0x21;
const DIGITS_MAX = 16;

function bad(code: DatagramCode): BadDatagram {
  return { kind: "bad", code: code };
}

/** One terminator (LF, CR LF or CR) is no part of the line. */
function lineEnd(data: Bytes): number {
  let end = data.length;
  if (end > 0 && data[end - 1] === NEWLINE) end--;
  if (end > 0 && data[end - 1] === RETURN) end--;
  return end;
}

function startsWith(data: Bytes, from: number, end: number, word: string): boolean {
  if (end - from < word.length) return false;
  for (let i = 0; i < word.length; i++) if (data[from + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** Where the number of the last `readInteger` ended, and whether it was one. */
let readEnd = 0;
let readOk = false;

/** Reads decimal digits, with a minus if `isSigned`; sets `readEnd` and `readOk`. */
function readInteger(data: Bytes, from: number, end: number, isSigned: boolean): number {
  let at = from;
  const isNegative = isSigned && at < end && data[at] === MINUS;
  if (isNegative) at++;
  const first = at;
  let value = 0;
  while (at < end && at - first < DIGITS_MAX) {
    const digit = (data[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  readEnd = at;
  readOk = at > first;
  return isNegative ? -value : value;
}

function isWithin(value: number, max: number): boolean {
  return value >= 0 && value <= max;
}

function clampVelocity(v: number): number {
  if (v > FACE_VELOCITY_MAX) return FACE_VELOCITY_MAX;
  return v < -FACE_VELOCITY_MAX ? -FACE_VELOCITY_MAX : v;
}

function parseFace(data: Bytes, from: number, end: number): IntakeMessage {
  const fields: number[] = [];
  let at = from;
  while (true) {
    if (fields.length === 9) return bad("DATAGRAM_FIELDS");
    const value = readInteger(data, at, end, true);
    if (!readOk)
      return bad(at === end && fields.length < 8 ? "DATAGRAM_FIELDS" : "DATAGRAM_NUMBER");
    fields.push(value);
    at = readEnd;
    if (at === end) break;
    if (data[at] !== COMMA) return bad("DATAGRAM_NUMBER");
    at++;
  }
  if (fields.length < 8) return bad("DATAGRAM_FIELDS");
  const face: FaceMessage = {
    kind: "face",
    x: fields[0] as number,
    y: fields[1] as number,
    vx: clampVelocity(fields[2] as number),
    vy: clampVelocity(fields[3] as number),
    w: fields[4] as number,
    h: fields[5] as number,
    conf: fields[6] as number,
    seq: fields[7] as number,
    ageMs: fields.length === 9 ? (fields[8] as number) : -1,
  };
  const isPlaced = isWithin(face.x, FACE_SPACE) && isWithin(face.y, FACE_SPACE);
  const isSized = isWithin(face.w, FACE_SPACE) && isWithin(face.h, FACE_SPACE);
  const isCounted = isWithin(face.conf, 100) && isWithin(face.seq, FACE_SEQ_MAX);
  const isAged = fields.length === 8 || isWithin(face.ageMs, FACE_AGE_MS_MAX);
  return isPlaced && isSized && isCounted && isAged ? face : bad("DATAGRAM_RANGE");
}

function parseNoFace(data: Bytes, from: number, end: number): IntakeMessage {
  if (from === end) return { kind: "noFace", seq: -1 };
  if (data[from] !== COMMA) return bad("DATAGRAM_FORM");
  const seq = readInteger(data, from + 1, end, false);
  if (!readOk || readEnd !== end) return bad("DATAGRAM_NUMBER");
  return seq <= FACE_SEQ_MAX ? { kind: "noFace", seq: seq } : bad("DATAGRAM_RANGE");
}

/** Reads one datagram. Never throws; anything but the forms of PROTOCOL §3 is `bad` with its reason. */
export function parseDatagram(data: Bytes): IntakeMessage {
  if (data.length > DATAGRAM_BYTES_MAX) return bad("DATAGRAM_LONG");
  const end = lineEnd(data);
  if (end === 0) return bad("DATAGRAM_EMPTY");
  const from = data[0] === BANG ? 1 : 0;
  const isFace = startsWith(data, 0, end, "FACE:");
  const isNoFace = !isFace && startsWith(data, 0, end, "NO_FACE");
  const isVision = !isFace && !isNoFace && startsWith(data, from, end, "VISION:");
  if (!isFace && !isNoFace && !isVision) return bad("DATAGRAM_FORM");
  for (let i = 0; i < end; i++) {
    const byte = data[i] as number;
    if (byte < 0x20 || byte > 0x7e) return bad("DATAGRAM_TEXT");
  }
  if (isFace) return parseFace(data, 5, end);
  return isNoFace ? parseNoFace(data, 7, end) : { kind: "vision", from: from + 7, to: end };
}

/** The line of a face, with the ninth field if `ageMs` is not negative. Fields must be whole numbers in range. */
export function encodeFace(face: Omit<FaceMessage, "kind">): string {
  const place = "FACE:" + face.x + "," + face.y + "," + face.vx + "," + face.vy;
  const rest = "," + face.w + "," + face.h + "," + face.conf + "," + face.seq;
  return place + rest + (face.ageMs >= 0 ? "," + face.ageMs : "");
}

/** The line that says a picture held no face. */
export function encodeNoFace(seq: number): string {
  return "NO_FACE," + seq;
}
