/**
 * Pictures for the eyes, made from what the repository holds: the reference photograph's face at a place, size and turn in
 * the demo camera's room or beside the cat, and spoilt in one way. All from one seed, so that a picture has a name.
 */
import sharp from "sharp";
import { assetPath } from "../../src/host/assets.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import { loadScene } from "../../src/vision/demo-camera/scene.js";
import type { Pixels } from "../../src/vision/nets/picture.js";

export const WIDTH = 320;
export const HEIGHT = 240;

/** One face. Lengths in pixels of the picture, angles in degrees. */
export interface FaceSpec {
  readonly x: number;
  readonly y: number;
  /** Width of the face, ear to ear. */
  readonly size: number;
  readonly rollDeg?: number;
  /** The head seen from the side, as far as one photograph can be turned: on a cylinder. */
  readonly yawDeg?: number;
}

export interface PictureSpec {
  readonly kind: string;
  readonly faces: readonly FaceSpec[];
  /** Brightness is multiplied by it. */
  readonly light?: number;
  /** Standard deviation of a blur, px. */
  readonly blur?: number;
  /** Standard deviation of noise, of 255. */
  readonly noise?: number;
  /** Drawn over each face. */
  readonly over?: "mask" | "glasses" | "halfDark";
  /** What is behind: a part of the room, the cat, or a part of the photograph without its face. */
  readonly behind?: "room" | "cat" | "suit";
  readonly behindTurnDeg?: number;
}

/** The face in the photograph: its centre and its width, px; measured by hand. */
const FACE = { x: 222, y: 120, size: 105 };
/** What is shown around it: hair, neck and shoulders. */
const HALF_WIDTH = 1.5;
const BELOW = 2.4;
const ABOVE = 1.1;

/** Makes pictures; the same spec and seed give the same picture. */
export class Painter {
  private constructor(
    private readonly photo: Pixels,
    private readonly room: Pixels,
    private readonly cat: Pixels,
  ) {}

  static async load(): Promise<Painter> {
    const { room } = await loadScene(seededChance(1));
    const cat = new URL("../fixtures/chelsea.png", import.meta.url).pathname;
    return new Painter(
      await pixelsOf(assetPath("astronaut.png")),
      { rgb: room.pixels, width: room.width, height: room.height },
      await pixelsOf(cat),
    );
  }

  async paint(spec: PictureSpec, seed: number): Promise<Pixels> {
    const chance = seededChance(seed);
    const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
    this.paintBehind(rgb, spec, chance);
    for (const face of spec.faces) this.paintFace(rgb, face, spec.over);
    let picture: Pixels = { rgb, width: WIDTH, height: HEIGHT };
    if (spec.blur) picture = await blurred(picture, spec.blur);
    spoil(picture.rgb, spec.light ?? 1, spec.noise ?? 3, chance);
    return picture;
  }

  private paintBehind(rgb: Uint8Array, spec: PictureSpec, chance: Chance): void {
    const { behind = "room", behindTurnDeg = 0 } = spec;
    const from = behind === "room" ? this.room : behind === "cat" ? this.cat : this.photo;
    // Of the photograph only what is below the face: suit, flag and a piece of the shuttle.
    const top = behind === "suit" ? 230 : 0;
    const zoom = behind === "room" ? 1 : 0.9;
    const left = chance.next() * Math.max(0, from.width - WIDTH * zoom);
    const down = top + chance.next() * Math.max(0, from.height - top - HEIGHT * zoom);
    const turn = (behindTurnDeg * Math.PI) / 180;
    eachPixel((x, y, to) => {
      const [u, v] = turned(x - WIDTH / 2, y - HEIGHT / 2, turn);
      const fromX = left + (u + WIDTH / 2) * zoom;
      const fromY = Math.max(top, down + (v + HEIGHT / 2) * zoom);
      for (let c = 0; c < 3; c++) rgb[to + c] = pixelAt(from, fromX, fromY, c);
    });
  }

  private paintFace(rgb: Uint8Array, face: FaceSpec, over: PictureSpec["over"]): void {
    const roll = ((face.rollDeg ?? 0) * Math.PI) / 180;
    const yaw = ((face.yawDeg ?? 0) * Math.PI) / 180;
    const scale = FACE.size / face.size;
    const step = Math.max(1, Math.round(scale));
    eachPixel((x, y, to) => {
      // In widths of the face.
      const [u0, v] = turned((x - face.x) / face.size, (y - face.y) / face.size, roll);
      const u = turnedOnCylinder(u0, yaw);
      if (Math.abs(u) > HALF_WIDTH || v > BELOW || v < -ABOVE) return;
      const shade = shadeOf(over, u, v);
      for (let c = 0; c < 3; c++) {
        const [fromX, fromY] = [FACE.x + u * FACE.size, FACE.y + v * FACE.size];
        const tone = meanAt(this.photo, fromX, fromY, step, c);
        rgb[to + c] = typeof shade === "number" ? tone * shade : (shade[c] ?? 0);
      }
    });
  }
}

/** What lies over the face there: a colour, or the share of light that reaches it. Lengths in widths of the face. */
function shadeOf(over: PictureSpec["over"], u: number, v: number): number | readonly number[] {
  const inFace = Math.hypot(u / 0.5, v / 0.65) < 1;
  if (over === "mask" && inFace && v > 0.08) return [196, 214, 224];
  const isLens = Math.hypot((Math.abs(u) - 0.22) / 0.17, (v + 0.12) / 0.12) < 1;
  if (over === "glasses" && isLens) return [18, 18, 22];
  return over === "halfDark" && u > 0 ? 0.25 : 1;
}

function eachPixel(paint: (x: number, y: number, to: number) => void): void {
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) paint(x, y, (y * WIDTH + x) * 3);
}

function turned(x: number, y: number, angle: number): readonly [number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos + y * sin, y * cos - x * sin];
}

/** Where on the photograph a point is that stands at `u` after the head, a cylinder of 1.5 face widths, was turned. */
function turnedOnCylinder(u: number, yaw: number): number {
  const radius = 0.75;
  if (yaw === 0 || Math.abs(u) >= radius) return u;
  return radius * Math.sin(Math.max(-1.5, Math.min(1.5, Math.asin(u / radius) - yaw)));
}

function pixelAt({ rgb, width, height }: Pixels, x: number, y: number, c: number): number {
  const column = Math.max(0, Math.min(width - 1, Math.floor(x)));
  const row = Math.max(0, Math.min(height - 1, Math.floor(y)));
  return rgb[(row * width + column) * 3 + c] as number;
}

/** The mean of `step` × `step` pixels, as a lens would mix them. */
function meanAt(pixels: Pixels, x: number, y: number, step: number, c: number): number {
  let sum = 0;
  for (let row = 0; row < step; row++)
    for (let column = 0; column < step; column++) sum += pixelAt(pixels, x + column, y + row, c);
  return sum / (step * step);
}

/** Multiplies the brightness and adds noise, in place. */
export function spoil(rgb: Uint8Array, light: number, noise: number, chance: Chance): void {
  for (let i = 0; i < rgb.length; i++) {
    // The sum of four uniform numbers is close enough to a normal one (variance 4/12).
    const grain = chance.next() + chance.next() + chance.next() + chance.next() - 2;
    const value = (rgb[i] as number) * light + grain * noise * Math.sqrt(3);
    rgb[i] = Math.max(0, Math.min(255, Math.round(value)));
  }
}

async function blurred(picture: Pixels, sigma: number): Promise<Pixels> {
  const { width, height, rgb } = picture;
  const data = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .blur(sigma)
    .raw()
    .toBuffer();
  return { rgb: new Uint8Array(data), width, height };
}

async function pixelsOf(file: string): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: new Uint8Array(data), width: info.width, height: info.height };
}
