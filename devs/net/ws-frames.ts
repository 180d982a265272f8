/** Frames the robot sends (RFC 6455 §5): never masked, never fragmented. */
import { bytesOf, copyBytes } from "../../src/wire/bytes.js";

export const OP_CONTINUATION = 0;
export const OP_TEXT = 1;
export const OP_BINARY = 2;
export const OP_CLOSE = 8;
export const OP_PING = 9;
export const OP_PONG = 10;

/** Longest payload of a control frame (RFC 6455 §5.5). */
export const CONTROL_BYTES_MAX = 125;

/** Close codes the robot sends (RFC 6455 §7.4.1). */
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_PROTOCOL = 1002;
export const CLOSE_BAD_TEXT = 1007;
export const CLOSE_POLICY = 1008;
export const CLOSE_TOO_BIG = 1009;

/** One final frame; payload up to 65,535 bytes. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const length = payload.length;
  const headBytes = length <= CONTROL_BYTES_MAX ? 2 : 4;
  const frame = Buffer.alloc(headBytes + length);
  frame[0] = 0x80 | opcode;
  if (headBytes === 2) {
    frame[1] = length;
  } else {
    frame[1] = 126;
    frame[2] = length >> 8;
    frame[3] = length & 0xff;
  }
  copyBytes(frame, headBytes, payload, 0, length);
  return frame;
}

/** A text frame. */
export function encodeText(text: string): Buffer {
  return encodeFrame(OP_TEXT, bytesOf(text));
}

/** A close frame; `reason` is ASCII of at most 60 characters. Code 0: a frame without code. */
export function encodeClose(code: number, reason: string): Buffer {
  if (code === 0) return encodeFrame(OP_CLOSE, Buffer.alloc(0));
  const payload = Buffer.alloc(2 + reason.length);
  payload[0] = code >> 8;
  payload[1] = code & 0xff;
  copyBytes(payload, 2, bytesOf(reason), 0, reason.length);
  return encodeFrame(OP_CLOSE, payload);
}

/** True for the codes that a peer may put into a close frame (RFC 6455 §7.4 and the registry). */
export function isCloseCode(code: number): boolean {
  if (code >= 3000 && code <= 4999) return true;
  if (code < 1000 || code > 1014) return false;
  return code !== 1004 && code !== 1005 && code !== 1006;
}
