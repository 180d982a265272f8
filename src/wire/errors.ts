/**
 * Error codes that the device can raise or put on the wire. `docs/ERRORS.md` lists each with its remedy;
 * a test compares both ways. Numbers are PROTOCOL §1.6 and never change their meaning.
 */
export const LINK_CODES = [
  "OK",
  "LINK_VERSION",
  "LINK_KEY",
  "LINK_FRAME_SHORT",
  "LINK_FRAME_LONG",
  "LINK_FRAME_AUTH",
  "LINK_FRAME_TYPE",
  "LINK_SILENT",
  "LINK_REPLACED",
  "LINK_CREDIT",
  "LINK_CLOSING",
  "PORT_DENIED",
  "PORT_TAKEN",
  "STREAM_CLOSED",
  "STREAM_SLOW",
  "STREAM_RESET",
  "STREAM_LIMIT",
  "LINK_BUSY",
  "LINK_LOST",
  "LINK_STUCK",
] as const;

/** The same codes as numbers; a test keeps both lists equal. */
export enum LinkCode {
  OK = 0,
  LINK_VERSION = 1,
  LINK_KEY = 2,
  LINK_FRAME_SHORT = 3,
  LINK_FRAME_LONG = 4,
  LINK_FRAME_AUTH = 5,
  LINK_FRAME_TYPE = 6,
  LINK_SILENT = 7,
  LINK_REPLACED = 8,
  LINK_CREDIT = 9,
  LINK_CLOSING = 10,
  PORT_DENIED = 11,
  PORT_TAKEN = 12,
  STREAM_CLOSED = 13,
  STREAM_SLOW = 14,
  STREAM_RESET = 15,
  STREAM_LIMIT = 16,
  LINK_BUSY = 17,
  LINK_LOST = 18,
  LINK_STUCK = 19,
}

/** Name of a code for logs and status; a number for one this version does not know. */
export function linkCodeName(code: number): string {
  return LINK_CODES[code] ?? "code " + code;
}
/** Why a datagram or an injected FACE line was dropped (PROTOCOL §3); each has a counter in the firmware. */
export type DatagramCode =
  | "DATAGRAM_EMPTY"
  | "DATAGRAM_LONG"
  | "DATAGRAM_TEXT"
  | "DATAGRAM_FORM"
  | "DATAGRAM_FIELDS"
  | "DATAGRAM_NUMBER"
  | "DATAGRAM_RANGE"
  | "DATAGRAM_JSON";

/** What the robot's store of saved state can fail with (`devs/store`, docs/ERRORS.md). */
export type StoreCode =
  "STORE_READ" | "STORE_WRITE" | "STORE_VERIFY" | "STORE_TOO_LONG" | "STORE_NEWER" | "STORE_BUSY";

/** Bytes of any kind: a `Buffer` on the device, a `Uint8Array` in Node. */
export interface Bytes {
  readonly length: number;
  [index: number]: number;
}
