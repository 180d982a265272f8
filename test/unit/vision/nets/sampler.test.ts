/** Properties: a network's input shows what lies in its square, turned and scaled; its points lead back to the picture. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromPatch } from "../../../../src/vision/detector/patch.js";
import { moduleOf } from "../../../../src/vision/nets/assembler.js";
import { separate } from "../../../../src/vision/nets/lanes.js";
import { ShownPicture, type Pixels } from "../../../../src/vision/nets/picture.js";
import {
  INPUT_PARTS,
  sampleNumbers,
  sampler,
  SAMPLE_BYTES,
  type Range,
  type Square,
} from "../../../../src/vision/nets/sampler.js";

/** Red grows to the right, green downwards. */
function ramps(width: number, height: number): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgb.set([x * 2, y * 2, 0], (y * width + x) * 3);
  return { rgb, width, height };
}

const BYTES = { scale: 1, offset: 0 };
const SIZE = 16;
const HALF = SIZE / 2;
const ROW = HALF;
const PLANE = HALF * ROW;

/** What a window's three columns hold for the output column `x`, of a row of the input; red, green, blue. */
function sample(pixels: Pixels, square: Square, range: Range = BYTES, isCentred = false) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const layout = { size: SIZE, plane: PLANE * 4, isCentred };
  const to = SAMPLE_BYTES;
  const picture = new ShownPicture(memory, to + PLANE * 4 * INPUT_PARTS * 3);
  picture.show(pixels);
  const module = new WebAssembly.Module(moduleOf([sampler("cut", layout, separate)]));
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  const numbers = sampleNumbers(square, range, layout, picture);
  new Float32Array(memory.buffer, 0, numbers.length).set(numbers);
  (exports["cut"] as (...numbers: number[]) => void)(0, picture.at, picture.stride, to);
  const parts = new Float32Array(memory.buffer, to, PLANE * INPUT_PARTS * 3);
  const part = (column: number, x: number, row: number): number[] =>
    [0, 1, 2].map((colour) => {
      const plane = colour * INPUT_PARTS + (row % 2) * 3 + column;
      return parts[plane * PLANE + Math.floor(row / 2) * ROW + x] ?? Number.NaN;
    });
  /** The sample in the input's column and row. */
  const at = (column: number, row: number): number[] => {
    const isOdd = column % 2 === 1;
    return part((isOdd ? 1 : 0) + (isCentred ? 1 : 0), Math.floor(column / 2), row);
  };
  return { at, part };
}

test("at its own size an input is the picture's cut", () => {
  const { at } = sample(ramps(100, 80), { x: 50, y: 40, side: SIZE, roll: 0 });
  assert.deepEqual(at(0, 0), [84, 64, 0]);
  assert.deepEqual(at(15, 15), [114, 94, 0]);
});

test("twice as fine, it lies between the pixels", () => {
  const { at } = sample(ramps(100, 80), { x: 50, y: 40, side: SIZE / 2, roll: 0 });
  assert.deepEqual(at(0, 0), [91.5, 71.5, 0]);
});

test("turned by a quarter, right is down", () => {
  const { at } = sample(ramps(100, 80), { x: 50, y: 40, side: SIZE, roll: Math.PI / 2 });
  const [left, right] = [at(0, 10), at(15, 10)];
  assert.ok(Math.abs((left[0] ?? 0) - (right[0] ?? 0)) < 0.01, "the same column of the picture");
  assert.ok(Math.abs((right[1] ?? 0) - (left[1] ?? 0) - 30) < 0.01, "15 rows further down");
});

test("outside the picture it has the offset: black, on each side", () => {
  const range = { scale: 2 / 255, offset: -1 };
  for (const [x, y] of [
    [-12, 60],
    [112, 60],
    [80, -12],
    [80, 92],
  ] as const) {
    const { at } = sample(ramps(100, 80), { x, y, side: SIZE, roll: 0 }, range);
    for (const [column, row] of [
      [0, 0],
      [8, 7],
      [15, 15],
    ] as const)
      assert.deepEqual(at(column, row), [-1, -1, -1], `${x},${y}`);
  }
  const { at } = sample(ramps(100, 80), { x: 50, y: 40, side: SIZE, roll: 0 }, range);
  assert.ok((at(8, 8)[0] ?? 0) > -1);
});

test("a point of the square leads back to the pixel it came from", () => {
  const square = { x: 50, y: 40, side: 20, roll: 0.7 };
  const { at } = sample(ramps(100, 80), square);
  for (const [column, row] of [
    [0, 0],
    [13, 4],
    [15, 15],
  ] as const) {
    const { x, y } = fromPatch(square, (column + 0.5) / SIZE, (row + 0.5) / SIZE);
    const [red = 0, green = 0] = at(column, row);
    assert.ok(Math.abs(red / 2 + 0.5 - x) < 0.01 && Math.abs(green / 2 + 0.5 - y) < 0.01);
  }
});

test("a window's third column is beside the other two, and nothing is beyond the edge", () => {
  const square = { x: 50, y: 40, side: SIZE, roll: 0 };
  const after = sample(ramps(100, 80), square);
  assert.deepEqual(after.part(2, 2, 5), after.at(6, 5), "the columns 4, 5 and 6");
  assert.deepEqual(after.part(2, HALF - 1, 5), [0, 0, 0]);
  const centred = sample(ramps(100, 80), square, BYTES, true);
  assert.deepEqual(centred.part(0, 2, 5), centred.at(3, 5), "the columns 3, 4 and 5");
  assert.deepEqual(centred.part(0, 0, 5), [0, 0, 0]);
});
