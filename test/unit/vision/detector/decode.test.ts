/** Properties: the pixels are those that `sharp` gives, at the size that is wanted; what one cannot do the other does; a fault costs one picture. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import sharp, { type Sharp } from "sharp";
import { assetPath } from "../../../../src/host/assets.js";
import { Decoder } from "../../../../src/vision/detector/decode.js";
import { TurboJpeg } from "../../../../src/vision/detector/turbo-jpeg.js";

let decoder: Decoder;
let turbo: TurboJpeg;

before(async () => {
  decoder = await Decoder.load();
  turbo = await TurboJpeg.load();
});

const photo = (width: number, height: number): Sharp =>
  sharp(assetPath("astronaut.png")).removeAlpha().resize(width, height, { fit: "cover" });

/** Mean distance of the bytes from those of `sharp`. */
async function distance(rgb: Uint8Array, jpeg: Buffer, width: number): Promise<number> {
  const wanted = await sharp(jpeg).resize({ width }).toColourspace("srgb").raw().toBuffer();
  assert.equal(rgb.length, wanted.length);
  return rgb.reduce((sum, byte, i) => sum + Math.abs(byte - (wanted[i] as number)), 0) / rgb.length;
}

test("usual pictures need no `sharp` and have its pixels", async () => {
  const kinds = {
    baseline: await photo(320, 240).jpeg({ quality: 85 }).toBuffer(),
    progressive: await photo(320, 240).jpeg({ progressive: true }).toBuffer(),
    grey: await photo(320, 240).greyscale().jpeg().toBuffer(),
    "no chroma left out": await photo(320, 240).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer(),
    odd: await photo(317, 239).jpeg().toBuffer(),
  };
  for (const [kind, jpeg] of Object.entries(kinds)) {
    const decoded = turbo.decode(jpeg);
    assert.ok(decoded, kind);
    assert.equal(decoded.scale, 1);
    assert.ok((await distance(decoded.rgb, jpeg, decoded.width)) < 1.5, kind);
  }
});

test("a large picture is half as wide, or less, and shows the same", async () => {
  for (const [width, height, scale] of [
    [640, 480, 2],
    [1280, 720, 4],
  ] as const) {
    const jpeg = await photo(width, height).jpeg({ quality: 90 }).toBuffer();
    const decoded = turbo.decode(jpeg);
    assert.ok(decoded);
    assert.deepEqual([decoded.width, decoded.scale], [width / scale, scale]);
    assert.ok((await distance(decoded.rgb, jpeg, decoded.width)) < 4);
  }
});

test("four colours and other kinds of picture are left to `sharp`", async () => {
  const cmyk = await photo(320, 240).toColourspace("cmyk").jpeg().toBuffer();
  const png = await photo(320, 240).png().toBuffer();
  for (const picture of [cmyk, png]) {
    assert.equal(turbo.decode(picture), undefined);
    const { rgb, width } = await decoder.decode(picture);
    assert.deepEqual([width, rgb.length], [320, 320 * 240 * 3]);
  }
});

test("a picture that is cut or none is a fault, and the next one is decoded", async () => {
  const whole = await photo(320, 240).jpeg().toBuffer();
  for (const picture of [
    whole.subarray(0, whole.length / 2),
    whole.subarray(0, 300),
    Buffer.alloc(9),
  ]) {
    await assert.rejects(decoder.decode(picture));
    const { rgb } = await decoder.decode(whole);
    assert.ok((await distance(rgb, whole, 320)) < 1.5);
  }
});

test("what a cheap camera damaged on its way is left to `sharp`, which makes the best of it", async () => {
  const damaged = await photo(320, 240).jpeg().toBuffer();
  damaged.fill(0xff, damaged.length / 2, damaged.length / 2 + 40);
  assert.equal(turbo.decode(damaged), undefined);
  assert.equal((await decoder.decode(damaged)).width, 320);
});

test("a picture of 8000 × 6000 pixels is refused, one of a single pixel is not", async () => {
  const create = { channels: 3, background: "#456" } as const;
  const huge = await sharp({ create: { ...create, width: 8000, height: 6000 } })
    .jpeg()
    .toBuffer();
  await assert.rejects(decoder.decode(huge), /pixel limit/);
  const dot = await sharp({ create: { ...create, width: 1, height: 1 } })
    .jpeg()
    .toBuffer();
  assert.equal((await decoder.decode(dot)).rgb.length, 3);
});
