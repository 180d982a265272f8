/**
 * What all kernels share: how a picture lies in memory, and how its lanes are taken. A picture is kept as planes, one for each
 * channel, so that four neighbouring pixels are one instruction's work. A row of a plane is `strideOf(width)` floats long; what
 * stands behind its end is of no meaning and is never taken for a pixel.
 */
import { countDown, f32x4, i32, Kernel, set, type Code, type Local } from "./assembler.js";

/** Bytes of four floats. */
export const VECTOR = 16;

/** Floats of a plane's row: whole vectors. */
export function strideOf(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/** A picture of several channels, each a plane. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A plane in bytes: whole cache lines, an odd number of them, so that planes do not meet in the same place of the cache. */
export function planeBytes({ height, width }: Picture): number {
  const lines = Math.ceil((height * strideOf(width)) / 16);
  return (lines % 2 === 0 ? lines + 1 : lines) * 64;
}

/** Multiplies and adds: in one instruction where the engine has it, otherwise in two. */
export type MultiplyAdd = (a: Code, b: Code, sum: Code) => Code;

export const fused: MultiplyAdd = f32x4.fused;
export const separate: MultiplyAdd = (a, b, sum) => f32x4.add(sum, f32x4.mul(a, b));

export interface Shape {
  readonly height: number;
  readonly width: number;
}

export const EVEN = [0, 2, 4, 6];
export const ODD = [1, 3, 5, 7];

/** Strips of four columns, from left to right; the first and the last know the picture's edge. */
export function eachStrip(
  kernel: Kernel,
  width: number,
  strip: (isFirst: boolean, isLast: boolean) => Code,
  step: Code,
): Code {
  const count = strideOf(width) / 4;
  if (count === 1) return strip(true, true);
  const left = kernel.local("i32");
  const middle =
    count > 2
      ? [...set(left, i32.of(count - 2)), ...countDown(left, [...strip(false, false), ...step])]
      : [];
  return [...strip(true, false), ...step, ...middle, ...strip(false, true)];
}

export function locals(
  kernel: Kernel,
  type: "i32" | "v128",
  count: number,
): [Local, Local, Local, Local, Local, Local, ...Local[]] {
  return times(count, () => kernel.local(type)) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    ...Local[],
  ];
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
