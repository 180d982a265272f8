// Properties: what is switched off is absent; a mood that is only remembered is not told; a picture leaves blurred, and faces
// alone are blurred only where it is known where all of them are.
import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { blurOf, publicPicture } from "../../../src/edge/picture.js";
import { EDGE_WORDS, publicState, publicWords } from "../../../src/edge/show.js";
import type { VisionState } from "../../../src/state/buddy-state.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { FakeServices } from "../../support/services.js";

const state = (): FakeServices["current"] => new FakeServices(new FakeClock()).current;

test("C4: each word of the public state can be switched off", () => {
  const all = publicState(state(), EDGE_WORDS);
  assert.deepEqual(Object.keys(all), [...EDGE_WORDS]);
  for (const word of EDGE_WORDS) {
    const rest = publicState(
      state(),
      EDGE_WORDS.filter((one) => one !== word),
    );
    assert.deepEqual({ ...rest, [word]: all[word] }, all);
    assert.equal(word in rest, false);
  }
  assert.deepEqual(publicState(state(), []), {});
});

test("a robot that is not linked is away, and has no mood of now", () => {
  const { robot, mind } = state();
  assert.deepEqual(publicState({ robot: { ...robot, linked: false }, mind }, ["awake", "mood"]), {
    awake: "away",
  });
  const resting = publicState({ robot: { ...robot, stage: "resting" }, mind }, ["awake"]);
  assert.deepEqual(resting, { awake: "resting" });
});

test("what is public is listed in words", () => {
  assert.equal(publicWords({ words: ["mood"], picture: "none" }), "mood, no picture");
  assert.equal(
    publicWords({ words: [], picture: "faces" }),
    "no words, a picture with blurred faces",
  );
});

const face = { x: 60, y: 120, w: 40, h: 60, confidence: 90, seq: 1, ageMs: 100 };
const seeing = (change: Partial<VisionState>): VisionState => ({ ...state().vision, ...change });

test("C4: faces alone are blurred only where it is known where all of them are", () => {
  assert.equal(blurOf("faces", seeing({ faces: 0 })), "nothing");
  assert.deepEqual(blurOf("faces", seeing({ faces: 1, face })), {
    left: 60 / 240 - 40 / 240,
    top: 120 / 240 - 60 / 240,
    width: 80 / 240,
    height: 120 / 240,
  });
  assert.equal(blurOf("blurred", seeing({ faces: 0 })), "all");
  assert.equal(blurOf("faces", seeing({ faces: 2, face })), "all");
  assert.equal(blurOf("faces", seeing({ faces: 1 })), "all");
  assert.equal(blurOf("faces", seeing({ faces: 1, face: { ...face, ageMs: 1001 } })), "all");
  for (const word of ["starting", "slow", "silent", "off"] as const) {
    const { detector } = state().vision;
    assert.equal(blurOf("faces", seeing({ detector: { ...detector, state: word } })), "all", word);
  }
});

/** Black and white stripes of 8 px: what a blur must not leave. */
async function stripes(): Promise<Buffer> {
  const [width, height] = [640, 480];
  const raw = Buffer.from(
    Uint8Array.from({ length: width * height * 3 }, (_, i) => (Math.floor(i / 3 / 8) % 2) * 255),
  );
  return sharp(raw, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** Greatest difference of two neighbours in a row, 0..255, of columns from..to in shares. */
async function contrast(jpeg: Uint8Array, from: number, to: number): Promise<number> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const row = Math.floor(info.height / 2) * info.width * info.channels;
  let most = 0;
  for (let x = Math.ceil(from * info.width); x < Math.floor(to * info.width) - 1; x++) {
    const at = row + x * info.channels;
    most = Math.max(most, Math.abs((data[at] ?? 0) - (data[at + info.channels] ?? 0)));
  }
  return most;
}

test("C4: a blurred picture keeps nothing fine, a blurred face nothing of the face", async () => {
  const jpeg = await stripes();
  assert.ok((await contrast(jpeg, 0, 1)) > 200, "the picture itself has what is to be lost");
  const all = await publicPicture(jpeg, "blurred", seeing({ faces: 0 }));
  assert.ok((await contrast(all, 0, 1)) < 40);
  const faces = await publicPicture(jpeg, "faces", seeing({ faces: 1, face }));
  assert.ok((await contrast(faces, 0.1, 0.4)) < 40, "where the face is");
  assert.ok((await contrast(faces, 0.6, 1)) > 100, "and where it is not");
  const { width } = await sharp(faces).metadata();
  assert.equal(width, 480);
});

test("a face at the rim, or beyond it, is no error", async () => {
  const jpeg = await stripes();
  for (const [x, y] of [
    [0, 0],
    [240, 240],
    [239, 0],
  ] as const) {
    await publicPicture(jpeg, "faces", seeing({ faces: 1, face: { ...face, x, y } }));
  }
});
