/** Properties: brightness and difference are what they say; only an identical picture has difference 0. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { greyGrid, measureLight } from "../../../../src/vision/detector/light.js";

const plain = (value: number, width = 320, height = 240): Uint8Array =>
  new Uint8Array(width * height * 3).fill(value);

test("a plain picture has its brightness and no deviation, at any size", () => {
  for (const [width, height] of [
    [320, 240],
    [640, 480],
    [100, 75],
    [1, 1],
  ] as const) {
    const light = measureLight(greyGrid(plain(51, width, height), width, height), undefined);
    assert.ok(Math.abs(light.mean - 0.2) < 1e-9);
    assert.equal(light.deviation, 0);
    assert.equal(light.difference, undefined);
  }
});

test("the difference is the mean change", () => {
  const before = greyGrid(plain(100), 320, 240);
  assert.equal(measureLight(before, before).difference, 0);
  assert.ok(
    Math.abs((measureLight(greyGrid(plain(151), 320, 240), before).difference ?? 0) - 0.2) < 1e-9,
  );
});
