/** Properties: a patch shows what lies in its square, turned and scaled; its points lead back to the picture. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromPatch, samplePatch, type Pixels } from "../../../../src/vision/detector/patch.js";

/** Red grows to the right, green downwards. */
function ramps(width: number, height: number): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgb.set([x * 2, y * 2, 0], (y * width + x) * 3);
  return { rgb, width, height };
}

const BYTES = { scale: 1, offset: 0 };

function sample(pixels: Pixels, square: Parameters<typeof samplePatch>[1], size: number) {
  const out = new Float32Array(size * size * 3);
  samplePatch(pixels, square, size, BYTES, out);
  return (column: number, row: number): number[] =>
    [0, 1].map((c) => out[(row * size + column) * 3 + c] ?? Number.NaN);
}

test("at its own size a patch is the picture's cut", () => {
  const at = sample(ramps(100, 80), { x: 50, y: 40, side: 20, roll: 0 }, 20);
  assert.deepEqual(at(0, 0), [80, 60]);
  assert.deepEqual(at(19, 19), [118, 98]);
});

test("twice as fine, it lies between the pixels", () => {
  const at = sample(ramps(100, 80), { x: 50, y: 40, side: 10, roll: 0 }, 20);
  assert.deepEqual(at(0, 0), [89.5, 69.5]);
});

test("turned by a quarter, right is down", () => {
  const at = sample(ramps(100, 80), { x: 50, y: 40, side: 20, roll: Math.PI / 2 }, 20);
  const [left, right] = [at(0, 10), at(19, 10)];
  assert.ok(Math.abs((left[0] ?? 0) - (right[0] ?? 0)) < 0.01, "the same column of the picture");
  assert.ok(Math.abs((right[1] ?? 0) - (left[1] ?? 0) - 38) < 0.01, "19 rows further down");
});

test("outside the picture it has the offset: black", () => {
  const out = new Float32Array(4 * 4 * 3);
  const square = { x: 0, y: 0, side: 8, roll: 0 };
  samplePatch(ramps(100, 80), square, 4, { scale: 2 / 255, offset: -1 }, out);
  assert.equal(out[0], -1);
  assert.ok((out[(3 * 4 + 3) * 3] ?? 0) > -1);
});

test("a point of the patch leads back to the pixel it came from", () => {
  const square = { x: 50, y: 40, side: 20, roll: 0.7 };
  const at = sample(ramps(100, 80), square, 20);
  for (const [column, row] of [
    [0, 0],
    [13, 4],
    [19, 19],
  ] as const) {
    const { x, y } = fromPatch(square, (column + 0.5) / 20, (row + 0.5) / 20);
    const [red = 0, green = 0] = at(column, row);
    assert.ok(Math.abs(red / 2 + 0.5 - x) < 0.01 && Math.abs(green / 2 + 0.5 - y) < 0.01);
  }
});
