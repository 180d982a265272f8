/** A square of a picture, turned and scaled to what a model wants. Pure. */

/** RGB bytes, row by row. */
export interface Pixels {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A square in a picture's pixels: its centre, its side, and by how much its right edge is turned towards y (rad). */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly roll: number;
}

/**
 * Samples the square between pixels (bilinear) into `out`, size × size × RGB, as `byte * scale + offset`; what lies
 * outside the picture is black.
 */
export function samplePatch(
  pixels: Pixels,
  square: Square,
  size: number,
  range: Range,
  out: Float32Array,
): void {
  const { width, height } = pixels;
  const step = square.side / size;
  const dx = Math.cos(square.roll) * step;
  const dy = Math.sin(square.roll) * step;
  const half = (size - 1) / 2;
  const isInside = (x: number, y: number): boolean =>
    x >= INSIDE && y >= INSIDE && x < width - 1 - INSIDE && y < height - 1 - INSIDE;
  for (let row = 0; row < size; row++) {
    // Pixel centres lie at half numbers; the sample at (u, v) of the square is at its centre + turn(u, v).
    const x = square.x - 0.5 - half * dx - (row - half) * dy;
    const y = square.y - 0.5 - half * dy + (row - half) * dx;
    const line = { x, y, dx, dy, size, to: row * size * 3 };
    const isWhole = isInside(x, y) && isInside(x + (size - 1) * dx, y + (size - 1) * dy);
    (isWhole ? sampleInside : sampleAnywhere)(pixels, line, range, out);
  }
}

/** Between a row's ends nothing is nearer to the picture's edge than they are, but for what adding up its steps rounds away. */
const INSIDE = 0.01;

interface Range {
  readonly scale: number;
  readonly offset: number;
}

/** Where a row of samples begins in the picture and in the patch, and the way from one to the next. */
interface Line {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly size: number;
  readonly to: number;
}

/** A row all of whose samples lie between four pixels: the usual one, without a question for each. */
function sampleInside(pixels: Pixels, line: Line, range: Range, out: Float32Array): void {
  const { rgb, width } = pixels;
  const { dx, dy, size } = line;
  const { scale, offset } = range;
  const stride = width * 3;
  let { x, y, to } = line;
  for (let column = 0; column < size; column++, x += dx, y += dy, to += 3) {
    const x0 = x | 0;
    const y0 = y | 0;
    const fx = x - x0;
    const fy = (y - y0) * scale;
    const gy = scale - fy;
    const a = (y0 * stride + x0 * 3) | 0;
    const b = (a + stride) | 0;
    const w01 = fx * gy;
    const w00 = gy - w01;
    const w11 = fx * fy;
    const w10 = fy - w11;
    out[to] =
      (rgb[a] as number) * w00 +
      (rgb[a + 3] as number) * w01 +
      (rgb[b] as number) * w10 +
      (rgb[b + 3] as number) * w11 +
      offset;
    out[to + 1] =
      (rgb[a + 1] as number) * w00 +
      (rgb[a + 4] as number) * w01 +
      (rgb[b + 1] as number) * w10 +
      (rgb[b + 4] as number) * w11 +
      offset;
    out[to + 2] =
      (rgb[a + 2] as number) * w00 +
      (rgb[a + 5] as number) * w01 +
      (rgb[b + 2] as number) * w10 +
      (rgb[b + 5] as number) * w11 +
      offset;
  }
}

function sampleAnywhere(pixels: Pixels, line: Line, range: Range, out: Float32Array): void {
  const { rgb, width, height } = pixels;
  const { dx, dy, size } = line;
  const { scale, offset } = range;
  const xMax = width - 1;
  const yMax = height - 1;
  let { x, y, to } = line;
  for (let column = 0; column < size; column++, x += dx, y += dy, to += 3) {
    if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) {
      out[to] = offset;
      out[to + 1] = offset;
      out[to + 2] = offset;
      continue;
    }
    const cx = x < 0 ? 0 : x > xMax ? xMax : x;
    const cy = y < 0 ? 0 : y > yMax ? yMax : y;
    const x0 = cx | 0;
    const y0 = cy | 0;
    const fx = cx - x0;
    const fy = cy - y0;
    const right = x0 < xMax ? 3 : 0;
    const a = (y0 * width + x0) * 3;
    const b = y0 < yMax ? a + width * 3 : a;
    const w11 = fx * fy;
    const w10 = fy - w11;
    const w01 = fx - w11;
    const w00 = 1 - fx - w10;
    for (let c = 0; c < 3; c++) {
      const value =
        (rgb[a + c] as number) * w00 +
        (rgb[a + right + c] as number) * w01 +
        (rgb[b + c] as number) * w10 +
        (rgb[b + right + c] as number) * w11;
      out[to + c] = value * scale + offset;
    }
  }
}

/** A point of the square, in shares of its side (0..1 each way), in the picture's pixels. */
export function fromPatch(square: Square, u: number, v: number): { x: number; y: number } {
  const du = (u - 0.5) * square.side;
  const dv = (v - 0.5) * square.side;
  const cos = Math.cos(square.roll);
  const sin = Math.sin(square.roll);
  return { x: square.x + du * cos - dv * sin, y: square.y + du * sin + dv * cos };
}
