/** The picture that may leave the house: small, and blurred so that nobody can undo it. */
import sharp from "sharp";
import type { BuddyState } from "../state/buddy-state.js";
import type { EdgePicture } from "./show.js";

const WIDTH_PX = 480;
const QUALITY = 70;
/** What is left of a blurred picture: so many points across. What is thrown away cannot be computed back. */
const BLURRED_PX = 24;
/** A face moves between the search and the picture; the box that is blurred is so many times its size. */
const FACE_MARGIN = 2;
/** FACE space is 0..240 on both axes. */
const FACE_SPACE = 240;
/** A face that was seen earlier may be elsewhere now. */
const FACE_AGE_MS_MAX = 1000;

type Vision = BuddyState["vision"];
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Faces alone are blurred only where it is known where all of them are: one face, just seen, by a detector that works, or
 * none. In every other case all of the picture is.
 * @returns a box in shares of the picture, 0..1; "nothing" or "all".
 */
export function blurOf(picture: EdgePicture, vision: Vision): Box | "nothing" | "all" {
  const { faces, face, detector } = vision;
  if (picture !== "faces" || detector.state !== "works") return "all";
  if (faces === 0 && face === undefined) return "nothing";
  if (faces !== 1 || face === undefined || face.ageMs > FACE_AGE_MS_MAX) return "all";
  const [width, height] = [
    (face.w * FACE_MARGIN) / FACE_SPACE,
    (face.h * FACE_MARGIN) / FACE_SPACE,
  ];
  const left = Math.max(0, face.x / FACE_SPACE - width / 2);
  const top = Math.max(0, face.y / FACE_SPACE - height / 2);
  return { left, top, width: Math.min(width, 1 - left), height: Math.min(height, 1 - top) };
}

/** @throws Error when `jpeg` is no picture. */
export async function publicPicture(
  jpeg: Uint8Array,
  picture: EdgePicture,
  vision: Vision,
): Promise<Uint8Array> {
  const blur = blurOf(picture, vision);
  const small = await sharp(jpeg).resize({ width: WIDTH_PX }).removeAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  const { width, height, channels } = small.info;
  const raw = { width, height, channels };
  const whole = sharp(small.data, { raw });
  if (blur === "nothing") return whole.jpeg({ quality: QUALITY }).toBuffer();
  // Two steps: sharp would reduce one resize after another to a single one.
  const reduced = await sharp(small.data, { raw }).resize({ width: BLURRED_PX }).png().toBuffer();
  const blurred = await sharp(reduced)
    .resize({ width, height, fit: "fill", kernel: "cubic" })
    .png()
    .toBuffer();
  if (blur === "all") return sharp(blurred).jpeg({ quality: QUALITY }).toBuffer();
  const box = {
    left: Math.min(width - 1, Math.floor(blur.left * width)),
    top: Math.min(height - 1, Math.floor(blur.top * height)),
  };
  const patch = await sharp(blurred)
    .extract({
      ...box,
      width: Math.max(1, Math.min(width - box.left, Math.ceil(blur.width * width))),
      height: Math.max(1, Math.min(height - box.top, Math.ceil(blur.height * height))),
    })
    .toBuffer();
  return whole
    .composite([{ input: patch, ...box }])
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
