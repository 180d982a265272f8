/**
 * The picture the head's camera would take: the room and the print, seen from a pose. Both are sampled between pixels
 * (bilinear), so that a movement of a hundredth of a degree shows; sensor noise on top, so that no two frames are equal.
 * Conventions: pan left (base up) moves the scene to the right in the picture, nod up (smaller) moves it down.
 */
import { clamp } from "../../wire/clamp.js";
import type { Chance } from "../../time/chance.js";
import type { FaceSpot } from "./path.js";
import { DEG_PER_PX, VIEW_HEIGHT, VIEW_WIDTH, type Raster, type Scene } from "./scene.js";

/** Where the head looks, degrees as on the wire. */
export interface HeadPose {
  readonly baseDeg: number;
  readonly nodDeg: number;
}

const ROW_BYTES = VIEW_WIDTH * 3;
/** Standard deviation of the noise, of 255: a cheap sensor indoors (guess). */
const NOISE_SIGMA = 2.5;
const NOISE_BYTES = 65_536;

/** Where the face's centre is in the picture, pixels; may lie outside it. */
export function faceInView(pose: HeadPose, face: FaceSpot): { x: number; y: number } {
  return {
    x: VIEW_WIDTH / 2 + (pose.baseDeg - face.baseDeg) / DEG_PER_PX,
    y: VIEW_HEIGHT / 2 + (face.nodDeg - pose.nodDeg) / DEG_PER_PX,
  };
}

export class Renderer {
  private readonly noise = new Int8Array(NOISE_BYTES);
  /** Where in `noise` each row of this picture begins. */
  private readonly noiseFrom = new Int32Array(VIEW_HEIGHT);
  /** The print without its transparency: all but its outermost pixels are solid. */
  private readonly printRgb: Uint8Array;
  private readonly out = new Uint8ClampedArray(ROW_BYTES * VIEW_HEIGHT);

  constructor(
    private readonly scene: Scene,
    private readonly chance: Chance,
  ) {
    for (let i = 0; i < NOISE_BYTES; i++) {
      // The sum of four uniform numbers is close enough to a normal one (variance 4/12).
      const sum = chance.next() + chance.next() + chance.next() + chance.next() - 2;
      this.noise[i] = Math.round(sum * NOISE_SIGMA * Math.sqrt(3));
    }
    const { width, height, pixels } = scene.print;
    this.printRgb = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) {
      this.printRgb.set(pixels.subarray(i * 4, i * 4 + 3), i * 3);
    }
  }

  /** Renders RGB, `VIEW_WIDTH` × `VIEW_HEIGHT`. The result is valid until the next call. */
  render(pose: HeadPose, face: FaceSpot): Uint8ClampedArray {
    for (let y = 0; y < VIEW_HEIGHT; y++) {
      this.noiseFrom[y] = Math.floor(this.chance.next() * (NOISE_BYTES - ROW_BYTES));
    }
    const spot = this.placePrint(pose, face);
    this.drawRoom(pose, spot);
    this.drawPrint(spot);
    return this.out;
  }

  private placePrint(pose: HeadPose, face: FaceSpot): PrintSpot {
    const { print, faceX, faceY } = this.scene;
    const centre = faceInView(pose, face);
    const left = centre.x - faceX;
    const top = centre.y - faceY;
    const x0 = Math.ceil(left);
    const y0 = Math.ceil(top);
    return {
      x0,
      y0,
      shift: shiftOf(x0 - left, y0 - top),
      solidLeft: clamp(x0 + 1, 0, VIEW_WIDTH),
      solidRight: clamp(x0 + print.width - 2, 0, VIEW_WIDTH),
      solidTop: y0 + 1,
      solidBottom: y0 + print.height - 2,
    };
  }

  /** Draws the room, but not where the print hides it. */
  private drawRoom(pose: HeadPose, spot: PrintSpot): void {
    const { room, roomLeftBaseDeg, roomTopNodDeg } = this.scene;
    const left = (roomLeftBaseDeg - pose.baseDeg) / DEG_PER_PX - VIEW_WIDTH / 2;
    const top = (pose.nodDeg - roomTopNodDeg) / DEG_PER_PX - VIEW_HEIGHT / 2;
    const x0 = clamp(Math.floor(left), 0, room.width - VIEW_WIDTH - 1);
    const y0 = clamp(Math.floor(top), 0, room.height - VIEW_HEIGHT - 1);
    const shift = shiftOf(clamp(left - x0, 0, 1), clamp(top - y0, 0, 1));
    const stride = room.width * 3;
    for (let y = 0; y < VIEW_HEIGHT; y++) {
      const source = (y0 + y) * stride + x0 * 3;
      if (y < spot.solidTop || y >= spot.solidBottom) {
        this.mixRow(y, 0, VIEW_WIDTH, room.pixels, source, stride, shift);
        continue;
      }
      this.mixRow(y, 0, spot.solidLeft, room.pixels, source, stride, shift);
      const right = source + spot.solidRight * 3;
      this.mixRow(y, spot.solidRight, VIEW_WIDTH, room.pixels, right, stride, shift);
    }
  }

  private drawPrint(spot: PrintSpot): void {
    const { print } = this.scene;
    const { x0, y0, shift } = spot;
    const stride = print.width * 3;
    const yTo = Math.min(VIEW_HEIGHT, y0 + print.height - 1);
    for (let y = Math.max(0, y0); y < yTo; y++) {
      if (y < spot.solidTop || y >= spot.solidBottom) {
        this.blendSpan(spot, y, x0, x0 + print.width - 1);
        continue;
      }
      const from = (y - y0) * stride + (spot.solidLeft - x0) * 3;
      this.mixRow(y, spot.solidLeft, spot.solidRight, this.printRgb, from, stride, shift);
      this.blendSpan(spot, y, x0, x0 + 1);
      this.blendSpan(spot, y, x0 + print.width - 2, x0 + print.width - 1);
    }
  }

  /** Draws the print's see-through pixels of a row over what is there. */
  private blendSpan(spot: PrintSpot, y: number, xFrom: number, xTo: number): void {
    const { print } = this.scene;
    for (let x = Math.max(0, xFrom); x < Math.min(VIEW_WIDTH, xTo); x++) {
      const to = (y * VIEW_WIDTH + x) * 3;
      blendPixel(this.out, to, print, x - spot.x0, y - spot.y0, spot.shift);
    }
  }

  /** Fills pixels `xFrom..xTo` of a row from RGB bytes at `upper` and a stride below, and adds noise. */
  private mixRow(
    row: number,
    xFrom: number,
    xTo: number,
    pixels: Uint8Array,
    upper: number,
    stride: number,
    shift: Shift,
  ): void {
    const { out, noise } = this;
    const { x, y } = shift;
    // Whole numbers for the compiler too: as fractions, which places are before, indices cost as much as the mixing.
    const count = ((xTo - xFrom) * 3) | 0;
    const from = upper | 0;
    const lower = (upper + stride) | 0;
    const to = (row * ROW_BYTES + xFrom * 3) | 0;
    const grain = ((this.noiseFrom[row] as number) + xFrom * 3) | 0;
    const up = 256 - y;
    const left = 256 - x;
    // What was mixed, downwards, for a pixel's right neighbour is the next pixel's left.
    let [red, green, blue] = [0, 1, 2].map(
      (c) => Math.imul(pixels[from + c] as number, up) + Math.imul(pixels[lower + c] as number, y),
    ) as [number, number, number];
    for (let i = 0; i < count; i = (i + 3) | 0) {
      const nextRed =
        Math.imul(pixels[from + i + 3] as number, up) +
        Math.imul(pixels[lower + i + 3] as number, y);
      const nextGreen =
        Math.imul(pixels[from + i + 4] as number, up) +
        Math.imul(pixels[lower + i + 4] as number, y);
      const nextBlue =
        Math.imul(pixels[from + i + 5] as number, up) +
        Math.imul(pixels[lower + i + 5] as number, y);
      out[to + i] =
        ((Math.imul(red, left) + Math.imul(nextRed, x)) >>> 16) + (noise[grain + i] as number);
      out[to + i + 1] =
        ((Math.imul(green, left) + Math.imul(nextGreen, x)) >>> 16) +
        (noise[grain + i + 1] as number);
      out[to + i + 2] =
        ((Math.imul(blue, left) + Math.imul(nextBlue, x)) >>> 16) +
        (noise[grain + i + 2] as number);
      red = nextRed;
      green = nextGreen;
      blue = nextBlue;
    }
  }
}

/** Where the print lies in the view, pixels; solid: what hides the room. */
interface PrintSpot {
  readonly x0: number;
  readonly y0: number;
  readonly shift: Shift;
  readonly solidLeft: number;
  readonly solidRight: number;
  readonly solidTop: number;
  readonly solidBottom: number;
}

/** How far to the right of and below a pixel a sample lies, in 256ths of the way to its neighbours. */
interface Shift {
  readonly x: number;
  readonly y: number;
}

function shiftOf(fx: number, fy: number): Shift {
  return { x: Math.round(fx * 256), y: Math.round(fy * 256) };
}

function blendPixel(
  out: Uint8ClampedArray,
  to: number,
  print: Raster,
  x: number,
  y: number,
  shift: Shift,
): void {
  const { pixels } = print;
  const upper = (y * print.width + x) * 4;
  const lower = upper + print.width * 4;
  const share = mixOne(pixels, upper + 3, lower + 3, shift) / 255;
  for (let c = 0; c < 3; c++) {
    const tone = mixOne(pixels, upper + c, lower + c, shift);
    out[to + c] = (out[to + c] as number) * (1 - share) + tone * share;
  }
}

function mixOne(pixels: Uint8Array, upper: number, lower: number, shift: Shift): number {
  const { x, y } = shift;
  const left = (pixels[upper] as number) * (256 - y) + (pixels[lower] as number) * y;
  const right = (pixels[upper + 4] as number) * (256 - y) + (pixels[lower + 4] as number) * y;
  return (left * (256 - x) + right * x) / 65_536;
}
