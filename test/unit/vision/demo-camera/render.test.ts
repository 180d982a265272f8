/** Properties: the print is drawn where `faceInView` says, to a fraction of a pixel; no two pictures are equal. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededChance } from "../../../../src/time/chance.js";
import { Renderer } from "../../../../src/vision/demo-camera/render.js";
import {
  DEG_PER_PX,
  VIEW_WIDTH,
  type Raster,
  type Scene,
} from "../../../../src/vision/demo-camera/scene.js";

/** A grey room and a print with one bright bar, three pixels wide, through the "face". */
function barScene(): Scene {
  const room: Raster = {
    width: 1216,
    height: 656,
    channels: 3,
    pixels: new Uint8Array(1216 * 656 * 3).fill(90),
  };
  const width = 61;
  const print: Raster = { width, height: 61, channels: 4, pixels: new Uint8Array(width * 61 * 4) };
  for (let y = 1; y < 60; y++) {
    for (let x = 1; x < width - 1; x++) {
      const tone = x >= 29 && x <= 31 ? 230 : 40;
      print.pixels.set([tone, tone, tone, 255], (y * width + x) * 4);
    }
  }
  return { room, roomLeftBaseDeg: 204, roomTopNodDeg: 53.5, print, faceX: 30, faceY: 30 };
}

/** Centre of brightness of the bar in one row. */
function barX(pixels: Uint8ClampedArray, y: number): number {
  let weight = 0;
  let sum = 0;
  for (let x = 0; x < VIEW_WIDTH; x++) {
    const bright = (pixels[(y * VIEW_WIDTH + x) * 3] ?? 0) - 110;
    if (bright <= 0) continue;
    weight += bright;
    sum += bright * x;
  }
  return sum / weight;
}

test("the print stands where the pose puts it, to a fifth of a pixel (0.04°)", () => {
  const renderer = new Renderer(barScene(), seededChance(1));
  for (let i = 0; i <= 20; i++) {
    const baseDeg = 90 + i * 0.37;
    const pixels = renderer.render({ baseDeg, nodDeg: 115 }, { baseDeg: 90, nodDeg: 115 });
    let mean = 0;
    for (let y = 100; y < 140; y++) mean += barX(pixels, y) / 40;
    const expected = 160 + (baseDeg - 90) / DEG_PER_PX;
    assert.ok(Math.abs(mean - expected) < 0.2, `${mean} instead of ${expected}`);
  }
});

test("a print partly or wholly outside the view does no harm", () => {
  const renderer = new Renderer(barScene(), seededChance(1));
  for (const [baseDeg, nodDeg] of [
    [10, 80],
    [170, 150],
    [0, 180],
    [180, 0],
  ] as const) {
    for (const off of [-40, -31, -29.9, 0, 29.9, 31, 40]) {
      const face = { baseDeg: baseDeg + off, nodDeg: nodDeg + off };
      assert.equal(renderer.render({ baseDeg, nodDeg }, face).length, 320 * 240 * 3);
    }
  }
});

test("no two pictures of the same view are equal", () => {
  const renderer = new Renderer(barScene(), seededChance(1));
  const pose = { baseDeg: 90, nodDeg: 115 };
  const first = renderer.render(pose, pose).slice();
  assert.notDeepEqual(first, renderer.render(pose, pose));
});
