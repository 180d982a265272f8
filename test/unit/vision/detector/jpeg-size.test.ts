/** Properties: the size in the header is the one that a decoder finds; only large pictures are shrunk, by what divides them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { jpegSize, shrinkOf } from "../../../../src/vision/detector/jpeg-size.js";

const jpeg = (width: number, height: number, progressive = false): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "#567" } })
    .jpeg({ progressive })
    .toBuffer();

test("the size is read from baseline and progressive pictures, down to one pixel", async () => {
  for (const [width, height] of [
    [1, 1],
    [320, 240],
    [1920, 1080],
  ] as const) {
    for (const progressive of [false, true]) {
      assert.deepEqual(jpegSize(await jpeg(width, height, progressive)), { width, height });
    }
  }
});

test("a picture that is cut before its header, or none at all, has no size", async () => {
  const whole = await jpeg(320, 240);
  for (const bytes of [whole.subarray(0, 20), Buffer.alloc(0), Buffer.from("not a picture at all")])
    assert.equal(jpegSize(bytes), undefined);
});

test("large pictures are decoded to a half, a quarter or an eighth, never below 320 pixels of width", async () => {
  const table = [
    [320, 240, undefined],
    [639, 480, undefined],
    [640, 480, { width: 320, height: 240, scale: 2 }],
    [1280, 720, { width: 320, height: 180, scale: 4 }],
    [1920, 1080, { width: 480, height: 270, scale: 4 }],
    [2560, 1440, { width: 320, height: 180, scale: 8 }],
    // What cannot be divided stays as it is: a pixel would be made up.
    [1281, 721, undefined],
  ] as const;
  for (const [width, height, shrink] of table)
    assert.deepEqual(shrinkOf(await jpeg(width, height)), shrink, `${width}×${height}`);
});
