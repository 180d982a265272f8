/**
 * An address that gives one picture each time it is asked (`http://…/snapshot.jpg`). Such a picture is taken to be as old as
 * the question. A camera that takes fewer than it is asked for gives one more than once: that is no new picture.
 */
import { isDeepStrictEqual } from "node:util";
import { startJpegWalk, walkJpeg } from "./jpeg-end.js";
import { FRAME_BYTES_MAX, type DropReason } from "./mjpeg-parser.js";

/** From one question to the next, at least: ten a second. */
export const SNAPSHOT_PERIOD_MS = 100;
/** The same picture is one again after so long: whoever looks must learn that the camera is frozen. */
const SAME_MS_MAX = 1000;

/** The body of one answer. */
export class SnapshotBody {
  private readonly walk = startJpegWalk(0);
  private bytes: Buffer = Buffer.alloc(0);

  /** @returns the picture, why there is none, or undefined: more is to come. */
  push(piece: Uint8Array): Uint8Array | DropReason | undefined {
    if (this.bytes.length + piece.length > FRAME_BYTES_MAX) return "frameTooLong";
    this.bytes = Buffer.concat([this.bytes, piece]);
    const step = walkJpeg(this.bytes, this.walk);
    if (step.kind === "bad") return step.why;
    // An array of its own, as frames have it.
    return step.kind === "end" ? Uint8Array.from(this.bytes.subarray(0, step.at)) : undefined;
  }
}

/** Which of the pictures of one camera are new. */
export class SnapshotNews {
  private last: Uint8Array | undefined;
  private lastMs = Number.NEGATIVE_INFINITY;

  isNew(jpeg: Uint8Array, nowMs: number): boolean {
    const isSame = isDeepStrictEqual(jpeg, this.last);
    if (isSame && nowMs - this.lastMs < SAME_MS_MAX) return false;
    this.last = jpeg;
    this.lastMs = nowMs;
    return true;
  }
}
