/** A judged picture with what was found in it drawn on: box, confidence, age; or in words why there is nothing. */
import sharp from "sharp";
import { drawBox, drawText, type Canvas, type Rgb } from "./draw.js";
import { wireConfidence } from "./face.js";
import type { Frame } from "./camera/frame.js";
import type { Scene } from "./scene.js";

/** A picture together with the judgement of exactly this picture. */
export interface Judged {
  readonly frame: Frame;
  readonly scene: Scene;
}

export const STREAM_QUALITY = 75;
export const SNAPSHOT_QUALITY = 85;

const FOUND: Rgb = [88, 240, 140];
const WARNING: Rgb = [255, 190, 80];
const PLAIN: Rgb = [220, 226, 232];

/** `ageMs`: from capture to now. `warning`, if any, is drawn at the bottom. */
export async function annotate(
  judged: Judged,
  ageMs: number,
  warning: string | undefined,
  quality: number,
): Promise<Buffer> {
  const { data, info } = await sharp(judged.frame.jpeg)
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const canvas: Canvas = { pixels, width: info.width, height: info.height };
  const { present, visibility } = judged.scene;
  const age = `AGE ${Math.round(ageMs)} MS`;
  if (present) {
    const { seen, score, w } = present.face;
    drawBox(
      canvas,
      {
        left: seen.x - seen.w / 2,
        right: seen.x + seen.w / 2,
        top: seen.y - seen.h / 2,
        bottom: seen.y + seen.h / 2,
      },
      FOUND,
    );
    drawText(canvas, 4, 4, `FACE ${wireConfidence(score, w)}%  ${age}`, FOUND);
  } else {
    drawText(canvas, 4, 4, `NO FACE  ${age}`, PLAIN);
  }
  const below = warning ?? visibilityWarning(visibility);
  if (below) drawText(canvas, 4, canvas.height - 20, below, WARNING);
  return encode(canvas, quality);
}

/** A grey picture with a line of text, for when there has never been a frame. */
export async function placeholder(text: string): Promise<Buffer> {
  const canvas: Canvas = {
    pixels: new Uint8Array(320 * 240 * 3).fill(40),
    width: 320,
    height: 240,
  };
  drawText(canvas, 4, 4, text, WARNING);
  return encode(canvas, STREAM_QUALITY);
}

function visibilityWarning(visibility: Scene["visibility"]): string | undefined {
  if (visibility === "dark") return "CANNOT SEE: DARK";
  return visibility === "frozen" ? "CANNOT SEE: FROZEN" : undefined;
}

function encode({ pixels, width, height }: Canvas, quality: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}
