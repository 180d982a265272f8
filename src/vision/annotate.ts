/** A judged picture with what was found in it drawn on: box, confidence, age; or in words why there is nothing. */
import sharp from "sharp";
import { drawBox, drawText, type Canvas, type Rgb } from "./draw.js";
import { wireConfidence } from "./face.js";
import type { Frame } from "./camera/frame.js";
import type { SeenFace } from "./detector/sight.js";
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

/** The gaze holds without a face of late for this long (D4): up to then a box is of now. */
const NOW_MS_MAX = 600;

/** A picture of now; one that is getting old, whose box is no claim any more; one that is nothing but old. */
export type AgeBand = "now" | "held" | "old";

export function ageBand(ageMs: number, freshMsMax: number): AgeBand {
  if (ageMs <= NOW_MS_MAX) return "now";
  return ageMs <= freshMsMax ? "held" : "old";
}

/**
 * @param ageMs from capture to now.
 * @param freshMsMax age from which on the picture is old: then no box is drawn, and it is said.
 */
export async function annotate(
  judged: Judged,
  ageMs: number,
  freshMsMax: number,
  quality: number,
): Promise<Buffer> {
  const band = ageBand(ageMs, freshMsMax);
  const { data, info } = await sharp(judged.frame.jpeg)
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const canvas: Canvas = { pixels, width: info.width, height: info.height };
  const { present, visibility } = judged.scene;
  const age = `AGE ${Math.round(ageMs)} MS`;
  if (band === "old") {
    drawText(canvas, 4, 4, "OLD PICTURE", WARNING);
  } else if (present) {
    const colour = band === "now" ? FOUND : WARNING;
    const { score, w } = present.face;
    for (const { number, face } of judged.scene.people.here) {
      const isLookedAt = face === present.face;
      drawPerson(canvas, face.seen, number, isLookedAt ? colour : PLAIN);
    }
    drawText(canvas, 4, 4, `FACE ${wireConfidence(score, w)}%  ${age}`, colour);
  } else {
    drawText(canvas, 4, 4, `NO FACE  ${age}`, PLAIN);
  }
  const below =
    band === "old" ? `NO PICTURE FOR ${Math.round(ageMs / 1000)} S` : visibilityWarning(visibility);
  if (below) drawText(canvas, 4, canvas.height - 20, below, WARNING);
  return encode(canvas, quality);
}

/** A box with the number of whoever it is, below it. */
function drawPerson(canvas: Canvas, { x, y, w, h }: SeenFace, number: number, colour: Rgb): void {
  const box = { left: x - w / 2, right: x + w / 2, top: y - h / 2, bottom: y + h / 2 };
  drawBox(canvas, box, colour);
  drawText(canvas, Math.round(box.left), Math.round(box.bottom) + 2, String(number), colour);
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
    .jpeg({ quality, optimiseCoding: false })
    .toBuffer();
}
