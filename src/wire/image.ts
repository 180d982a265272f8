/**
 * One committed state as a self-checking piece of bytes: its commit record, then its payload. This is what MIRROR
 * carries (PROTOCOL §1.3) and what the companion keeps; robot and companion read it with the same code.
 */
import { getU16, getU32, joinBytes, putU16, putU32, sliceBytes } from "./bytes.js";
import { crc32 } from "./crc.js";

/** Version of the layouts of a region. Offsets of the header's CRC and version never change. */
export const CONTAINER_VERSION = 1;
/** "BDYJ" as a little-endian u32. */
export const MAGIC = 0x4a594442;
/** magic u32, version u8, format u8, length u16, generation u32, payload CRC u32, header CRC u32. */
export const COMMIT_BYTES = 20;
/** Longest image, of our layout or a later one: what MIRROR's fields hold. */
export const IMAGE_BYTES_MAX = 1024;

export type Image =
  | { kind: "image"; generation: number; format: number; payload: Buffer }
  /** From a layout we do not know: kept, passed on, not read. */
  | { kind: "newer"; generation: number; format: number }
  | { kind: "bad"; why: string };

/** The commit record of a region, docs/architecture/state.md. */
export function commitRecord(generation: number, format: number, payload: Buffer): Buffer {
  const record = Buffer.alloc(COMMIT_BYTES);
  putU32(record, 0, MAGIC);
  record[4] = CONTAINER_VERSION;
  record[5] = format;
  putU16(record, 6, payload.length);
  putU32(record, 8, generation);
  putU32(record, 12, crc32(0, payload, 0, payload.length));
  putU32(record, 16, crc32(0, record, 0, 16));
  return record;
}

export function encodeImage(generation: number, format: number, payload: Buffer): Buffer {
  return joinBytes(commitRecord(generation, format, payload), payload);
}

/** Checks and reads an image; hostile bytes of any length give "bad". */
export function decodeImage(data: Buffer): Image {
  if (data.length < COMMIT_BYTES || data.length > IMAGE_BYTES_MAX) {
    return { kind: "bad", why: "length " + data.length };
  }
  if (getU32(data, 0) !== MAGIC) return { kind: "bad", why: "not a saved state" };
  if (getU32(data, 16) !== crc32(0, data, 0, 16)) return { kind: "bad", why: "header checksum" };
  const generation = getU32(data, 8);
  const format = data[5] as number;
  if ((data[4] as number) > CONTAINER_VERSION) return { kind: "newer", generation, format };
  const length = getU16(data, 6);
  if (data.length !== COMMIT_BYTES + length) return { kind: "bad", why: "payload length" };
  if (getU32(data, 12) !== crc32(0, data, COMMIT_BYTES, data.length)) {
    return { kind: "bad", why: "payload checksum" };
  }
  return {
    kind: "image",
    generation,
    format,
    payload: sliceBytes(data, COMMIT_BYTES, data.length),
  };
}
