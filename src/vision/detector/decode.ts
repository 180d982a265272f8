/** A camera's JPEG as pixels, no larger than the models want them. */
import sharp from "sharp";
import { shrinkOf } from "./jpeg-size.js";
import { TurboJpeg, type Decoded } from "./turbo-jpeg.js";

/** Largest picture that is decoded; 4K. Larger ones are a fault of the frame. */
export const PIXELS_MAX = 3840 * 2160;

export class Decoder {
  private constructor(private readonly turbo: TurboJpeg) {}

  /** @throws `ModelFault` when a part of it is missing. */
  static async load(): Promise<Decoder> {
    return new Decoder(await TurboJpeg.load());
  }

  /** The picture, good until the next one is decoded. @throws when it is no picture, is cut, or is too large. */
  async decode(jpeg: Uint8Array): Promise<Decoded> {
    return this.turbo.decode(jpeg) ?? decodeAny(jpeg);
  }
}

/** Whatever `sharp` reads, and the reason if it does not. */
async function decodeAny(jpeg: Uint8Array): Promise<Decoded> {
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
