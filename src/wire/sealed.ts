/**
 * Decoding of sealed messages (PROTOCOL §1.3) into objects, for the gateway. Pure; as in `link.ts`, an error is a result. The
 * device reads its fields where it uses them (`devs/link/session.ts`): an object for each message would cost it too much.
 */
import { getU16, getU32, sliceBytes } from "./bytes.js";
import { LinkCode } from "./errors.js";
import { newFace, readFaceFrame } from "./face-frame.js";
import {
  bad,
  BYE,
  CREDIT,
  DATA,
  DATAGRAM,
  FACE,
  LISTEN,
  LISTENING,
  MIRROR,
  NEXT,
  OPEN,
  PING,
  PONG,
  SHUT,
  WELCOME,
  lengthCodeOf,
} from "./link.js";
import type { SealedMessage } from "./link-messages.js";

/** Decodes the plain text of a sealed frame: type and fields, without the tag. */
export function decodeSealed(b: Buffer): SealedMessage {
  const code = lengthCodeOf(b);
  if (code !== LinkCode.OK) return bad(code);
  const type = b[0];
  switch (type) {
    case WELCOME:
      return {
        type,
        generation: getU32(b, 1),
        heartbeatMs: getU16(b, 5),
        silenceMs: getU16(b, 7),
      };
    case PING:
    case PONG:
      return { type, token: getU32(b, 1) };
    case CREDIT:
      return { type, bytes: getU16(b, 1) };
    case BYE:
      return { type, code: b[1] as number };
    case LISTEN:
      return { type, protocol: b[1] as number, port: getU16(b, 2) };
    case LISTENING:
      return {
        type,
        protocol: b[1] as number,
        port: getU16(b, 2),
        code: b[4] as number,
      };
    case OPEN:
      return { type, stream: getU16(b, 1), port: getU16(b, 3) };
    case DATA:
      return { type, stream: getU16(b, 1), data: sliceBytes(b, 3, b.length) };
    case SHUT:
      return { type, stream: getU16(b, 1), code: b[3] as number };
    case DATAGRAM:
      return {
        type,
        port: getU16(b, 1),
        ageMs: getU16(b, 3),
        data: sliceBytes(b, 5, b.length),
      };
    case FACE: {
      const face = newFace();
      return { type, isThere: readFaceFrame(b, face), face };
    }
    case NEXT:
      return { type, pauseMs: b[1] as number };
    case MIRROR:
      return { type, data: sliceBytes(b, 1, b.length) };
    default:
      return bad(LinkCode.LINK_FRAME_TYPE);
  }
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
    type === NEXT ||
    type === MIRROR
  );
}
