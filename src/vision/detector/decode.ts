/** A camera's JPEG as pixels, no larger than the models want them. */
import sharp from "sharp";
import { shrinkOf } from "./jpeg-size.js";
import type { Pixels } from "../nets/picture.js";

/** Largest picture that is decoded; 4K. Larger ones are a fault of the frame. */
export const PIXELS_MAX = 3840 * 2160;

/** Pixels, and by how much they were shrunk: the picture's own size is `scale` times theirs. */
export interface Decoded extends Pixels {
  readonly scale: number;
}

/** @throws when it is no picture, is cut, or is too large. */
export async function decode(jpeg: Uint8Array): Promise<Decoded> {
  const picture = sharp(jpeg, { limitInputPixels: PIXELS_MAX, failOn: "error" });
  const shrink = shrinkOf(jpeg);
  if (shrink) picture.resize(shrink.width, shrink.height, { fit: "fill", kernel: "nearest" });
  const { data, info } = await picture
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    rgb: new Uint8Array(data.buffer, data.byteOffset, data.length),
    width: info.width,
    height: info.height,
    scale: shrink?.scale ?? 1,
  };
}
