/** Decoding of sealed frames (PROTOCOL §1.3) by one table. Pure; as in `link.ts`, an error is a result. */
import { LinkCode } from "./errors.js";
import { LINK_FIELDS_BYTES_MAX } from "./limits.js";
import { bad, DATA, part, readU16, readU32, type SealedMessage, u8 } from "./link.js";

const SPACE = 0x20;
const ZERO = 0x30;

/**
 * Fields of each sealed message behind its type: name and bytes, "data" for all that is left. As text, which the
 * device keeps in flash for nothing; code for each message would take a kilobyte of its 64.
 */
const SEALED_FIELDS =
  " 4:generation4,heartbeatMs2,silenceMs2, 16:token4, 17:token4, 18:bytes2, 19:code1, 32:protocol1,port2, 33:protocol1,port2,code1, 48:stream2,port2, 49:stream2,data0, 50:stream2,code1, 64:port2,ageMs2,data0, 80:data0, ";

/** Decodes the plain text of a sealed frame: type and fields, without the tag. */
export function decodeSealed(b: Buffer): SealedMessage {
  const type = u8(b, 0);
  if (b.length === 0 || (type === DATA && b.length < 4)) return bad(LinkCode.LINK_FRAME_SHORT);
  if (b.length > 1 + LINK_FIELDS_BYTES_MAX) return bad(LinkCode.LINK_FRAME_LONG);
  const entry = SEALED_FIELDS.indexOf(` ${type}:`);
  if (entry < 0) return bad(LinkCode.LINK_FRAME_TYPE);
  const message: Record<string, number | Buffer> = { type };
  let at = 1;
  let name = SEALED_FIELDS.indexOf(":", entry) + 1;
  while (SEALED_FIELDS.charCodeAt(name) !== SPACE) {
    const end = SEALED_FIELDS.indexOf(",", name);
    const bytes = SEALED_FIELDS.charCodeAt(end - 1) - ZERO;
    if (at + bytes > b.length) return bad(LinkCode.LINK_FRAME_SHORT);
    const field = SEALED_FIELDS.slice(name, end - 1);
    if (bytes === 0) message[field] = part(b, at, b.length);
    else if (bytes === 4) message[field] = readU32(b, at);
    else message[field] = bytes === 2 ? readU16(b, at) : u8(b, at);
    at = bytes === 0 ? b.length : at + bytes;
    name = end + 1;
  }
  return at < b.length ? bad(LinkCode.LINK_FRAME_LONG) : (message as unknown as SealedMessage);
}
