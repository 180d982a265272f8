/** The picture as a whole: how bright, how varied, how different from the one before. Pure. */
import type { Light } from "./sight.js";

const GRID_WIDTH = 160;
const GRID_HEIGHT = 120;
/** Darker than this on average and as even as that: a covered lens or a dead sensor. Shares of full scale. */
const DARK_MEAN = 0.06;
const DARK_DEVIATION = 0.03;

/** A grid is compared in blocks of so many cells each way: 16 × 16 pixels of 320 × 240, less than the smallest face. */
const BLOCK = 8;
/**
 * A block that has become brighter or darker by more than this (of 255, its mean) shows something else. A sensor's noise of 10
 * moves it by 0.9 (standard deviation); a face of 20 pixels by 85 at least, in the dark by 13 (n = 48).
 */
const CHANGED_MIN = 4;

export function isBlack(light: Light): boolean {
  return light.mean < DARK_MEAN && light.deviation < DARK_DEVIATION;
}

/** Brightness on a coarse grid, 0..255: the green channel, each cell the mean of up to four of its pixels. */
export function greyGrid(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const grid = new Uint8Array(GRID_WIDTH * GRID_HEIGHT);
  const left = Int32Array.from({ length: GRID_WIDTH }, (_, column) =>
    Math.floor((column * width) / GRID_WIDTH),
  );
  let cell = 0;
  for (let row = 0; row < GRID_HEIGHT; row++) {
    const y = Math.floor((row * height) / GRID_HEIGHT);
    // Of the green bytes.
    const line = y * width * 3 + 1;
    const below = Math.min(y + 1, height - 1) * width * 3 + 1;
    for (let column = 0; column < GRID_WIDTH; column++) {
      const x = left[column] as number;
      const right = x + 1 < width ? x * 3 + 3 : x * 3;
      const sum =
        (rgb[line + x * 3] as number) +
        (rgb[line + right] as number) +
        (rgb[below + x * 3] as number) +
        (rgb[below + right] as number);
      grid[cell++] = sum >> 2;
    }
  }
  return grid;
}

/** Compares a grid with the one of the picture before. */
export function measureLight(grid: Uint8Array, before: Uint8Array | undefined): Light {
  let sum = 0;
  let squares = 0;
  let difference = 0;
  for (let i = 0; i < grid.length; i++) {
    const value = grid[i] as number;
    sum += value;
    squares += value * value;
    if (before) difference += Math.abs(value - (before[i] as number));
  }
  const mean = sum / grid.length;
  return {
    mean: mean / 255,
    deviation: Math.sqrt(Math.max(0, squares / grid.length - mean * mean)) / 255,
    difference: before ? difference / grid.length / 255 : undefined,
  };
}

/** Whether nothing has come or gone: no part of the picture that could hold a face looks other than before, noise apart. */
export function isAlike(grid: Uint8Array, before: Uint8Array): boolean {
  const changeMin = CHANGED_MIN * BLOCK * BLOCK;
  for (let top = 0; top < GRID_HEIGHT; top += BLOCK) {
    for (let left = 0; left < GRID_WIDTH; left += BLOCK) {
      let change = 0;
      for (let row = top; row < top + BLOCK; row++) {
        const at = row * GRID_WIDTH + left;
        for (let i = at; i < at + BLOCK; i++) change += (grid[i] as number) - (before[i] as number);
      }
      if (Math.abs(change) > changeMin) return false;
    }
  }
  return true;
}
