/** A picture of a page's camera as it comes by the page's socket (`giver-protocol.ts`). Pure: bytes in, a picture or why not out. */
import { startJpegWalk, walkJpeg } from "../camera/jpeg-end.js";
import type { PartHead } from "../camera/mjpeg-parser.js";
import { GIVEN_BYTES_MAX, GIVEN_HEAD_BYTES } from "./giver-protocol.js";

export interface GivenPicture {
  readonly kind: "picture";
  readonly seq: number;
  readonly jpeg: Uint8Array;
  readonly head: PartHead;
}

export interface NoPicture {
  readonly kind: "bad";
  readonly code: "CAMERA_PICTURE" | "CAMERA_PICTURE_LONG";
  readonly message: string;
}

export function readGiven(data: Uint8Array): GivenPicture | NoPicture {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const jpegBytes = bytes.length - GIVEN_HEAD_BYTES;
  if (jpegBytes > GIVEN_BYTES_MAX) {
    const message = `A picture of ${jpegBytes} bytes: expected at most ${GIVEN_BYTES_MAX}.`;
    return { kind: "bad", code: "CAMERA_PICTURE_LONG", message };
  }
  if (jpegBytes < 4) return notPicture(`${bytes.length} bytes are no picture with its head.`);
  const timestampMs = bytes.readDoubleLE(0);
  if (!Number.isFinite(timestampMs) || timestampMs < 0) {
    return notPicture(`Taken at ${timestampMs} ms: expected a time.`);
  }
  const jpeg = bytes.subarray(GIVEN_HEAD_BYTES);
  const step = walkJpeg(jpeg, startJpegWalk(0));
  if (step.kind === "bad") return notPicture("It is no JPEG.");
  if (step.kind === "more") return notPicture("The JPEG is cut.");
  return {
    kind: "picture",
    seq: bytes.readUInt32LE(12),
    jpeg: jpeg.subarray(0, step.at),
    head: { timestampMs, ageMs: bytes.readUInt32LE(8) },
  };
}

function notPicture(message: string): NoPicture {
  return { kind: "bad", code: "CAMERA_PICTURE", message };
}
