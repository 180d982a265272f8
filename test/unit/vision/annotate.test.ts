/** Properties: a box says "now" by its colour up to 600 ms, not beyond; an old picture has no box and says so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { ageBand, annotate } from "../../../src/vision/annotate.js";
import { EMPTY_SCENE, stepScene } from "../../../src/vision/scene.js";
import { seenFace, sight } from "../../support/sights.js";

const FRESH_MS_MAX = 2000;
const grey = { width: 320, height: 240, channels: 3 as const, background: "#404040" };

/** Pixels of the box's upper edge, which lies on an even picture: how many are green, how many amber. */
async function edge(ageMs: number): Promise<{ green: number; amber: number }> {
  const jpeg = await sharp({ create: grey }).jpeg().toBuffer();
  const face = seenFace({ x: 160, y: 120, w: 80, h: 100 });
  const { scene } = stepScene(EMPTY_SCENE, sight([face]), 0, 20);
  const frame = { index: 1, jpeg, capturedAtMs: 0, receivedAtMs: 0 };
  const drawn = await annotate({ frame, scene }, ageMs, FRESH_MS_MAX, 95);
  const { data } = await sharp(drawn)
    .extract({ left: 130, top: 66, width: 60, height: 8 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  let [green, amber] = [0, 0];
  for (let i = 0; i < data.length; i += 3) {
    const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3);
    if (g > 150 && r < 150) green += 1;
    if (r > 150 && b < 150) amber += 1;
  }
  return { green, amber };
}

test("C1: a box is green on a picture of now only, and there is none on an old one", async () => {
  const [now, held, old] = await Promise.all([edge(600), edge(601), edge(2001)]);
  assert.ok(now.green > 30 && now.amber === 0, JSON.stringify(now));
  assert.ok(held.amber > 30 && held.green === 0, JSON.stringify(held));
  assert.deepEqual(old, { green: 0, amber: 0 });
});

test("a picture is of now, held, or old", () => {
  const bands = [0, 600, 601, 2000, 2001].map((ageMs) => ageBand(ageMs, FRESH_MS_MAX));
  assert.deepEqual(bands, ["now", "now", "held", "held", "old"]);
});
