/** The squares of a picture that the networks look at. Pure. */
import type { Square } from "../nets/sampler.js";

/** A point of the square, in shares of its side (0..1 each way), in the picture's pixels. */
export function fromPatch(square: Square, u: number, v: number): { x: number; y: number } {
  const du = (u - 0.5) * square.side;
  const dv = (v - 0.5) * square.side;
  const cos = Math.cos(square.roll);
  const sin = Math.sin(square.roll);
  return { x: square.x + du * cos - dv * sin, y: square.y + du * sin + dv * cos };
}
