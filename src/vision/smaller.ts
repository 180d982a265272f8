/** Pictures of the camera, made smaller for whoever has a slow line. Each is made once, however many want it. */
import sharp from "sharp";
import type { Frame } from "./camera/frame.js";
import { PIXELS_MAX } from "./detector/decode.js";

/** What still shows who is there, at a third of the bytes of a camera's usual 85. */
const QUALITY = 60;
/** Sizes of one picture that are kept for others who want the same; with more it begins anew. */
const SIZES_MAX = 8;
/** What may be asked for, px. */
const WIDTH_MIN = 80;
const WIDTH_MAX = 1920;

/** @throws RangeError in plain words. */
export function widthOf(text: string): number {
  const width = Number(text);
  if (Number.isInteger(width) && width >= WIDTH_MIN && width <= WIDTH_MAX) return width;
  throw new RangeError(`width: ${WIDTH_MIN} to ${WIDTH_MAX} px expected, not "${text}"`);
}

export class SmallerPictures {
  private frame: Frame | undefined;
  /** Of `frame`, by their width. */
  private readonly made = new Map<number, Promise<Buffer>>();

  /**
   * @param width px; a picture that is narrower keeps its size.
   * @throws Error when the frame is no picture, or is too large.
   */
  of(frame: Frame, width: number): Promise<Buffer> {
    if (frame !== this.frame || this.made.size >= SIZES_MAX) this.made.clear();
    this.frame = frame;
    const made = this.made.get(width) ?? smaller(frame.jpeg, width);
    this.made.set(width, made);
    return made;
  }
}

/** What a cheap camera damaged on its way is shown as well as it can be, as a browser does. */
function smaller(jpeg: Uint8Array, width: number): Promise<Buffer> {
  return sharp(jpeg, { limitInputPixels: PIXELS_MAX, failOn: "none" })
    .resize({ width, withoutEnlargement: true })
    .jpeg({ quality: QUALITY, optimiseCoding: false })
    .toBuffer();
}
