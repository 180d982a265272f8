/** Properties: an anchor's numbers become a face in shares of the patch; of two that overlap the better one stays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorsOf, overlap, readProposals } from "../../../../src/vision/detector/proposals.js";

const SIZE = 192;
const ANCHORS = anchorsOf(SIZE, [[4, 1]]);

const numbers =
  (values: Float32Array) =>
  (i: number): number =>
    values[i] as number;

/** Raw outputs with the given faces: anchor, logit, box width in pixels, shift of the centre in pixels. */
function outputs(faces: readonly (readonly [number, number, number, number])[]) {
  const boxes = new Float32Array(ANCHORS.length * 16);
  const logits = new Float32Array(ANCHORS.length).fill(-20);
  for (const [anchor, logit, w, shift] of faces) {
    boxes.set([shift, 0, w, w, -10, -5, 10, -5], anchor * 16);
    logits[anchor] = logit;
  }
  return [numbers(boxes), numbers(logits)] as const;
}

test("the anchors are the centres of the cells, row by row", () => {
  assert.equal(ANCHORS.length, 48 * 48);
  assert.deepEqual(ANCHORS[49], { x: 1.5 / 48, y: 1.5 / 48 });
  assert.equal(
    anchorsOf(128, [
      [8, 2],
      [16, 6],
    ]).length,
    896,
    "the short-range model's",
  );
});

test("a face is where its anchor and its numbers say", () => {
  const [face] = readProposals(...outputs([[24 * 48 + 24, 2, 48, 9.6]]), ANCHORS, SIZE, 0.3);
  assert.ok(face);
  const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-6, `${a}, not ${b}`);
  near(face.x, 24.5 / 48 + 0.05);
  near(face.y, 24.5 / 48);
  near(face.w, 0.25);
  near(face.leftEye.x, 24.5 / 48 - 10 / 192);
  near(face.rightEye.x, 24.5 / 48 + 10 / 192);
  near(face.score, 1 / (1 + Math.exp(-2)));
});

test("what is below the score is left out; of one face only the best anchor stays", () => {
  const found = readProposals(
    ...outputs([
      [1000, 1, 60, 0],
      [1001, 3, 60, 0],
      [100, -3, 60, 0],
      [2200, 0, 30, 0],
    ]),
    ANCHORS,
    SIZE,
    0.3,
  );
  assert.deepEqual(
    found.map((face) => Math.round(face.score * 100)),
    [95, 50],
  );
});

test("a score that is no number is no face", () => {
  assert.deepEqual(readProposals(...outputs([[5, Number.NaN, 60, 0]]), ANCHORS, SIZE, 0.3), []);
});

test("overlap is 1 for the same box, 0 for boxes apart, a third for halves that meet", () => {
  const box = { x: 0.5, y: 0.5, w: 0.2, h: 0.2 };
  assert.equal(overlap(box, { ...box, x: 0.8 }), 0);
  assert.ok(Math.abs(overlap(box, box) - 1) < 1e-9);
  assert.ok(Math.abs(overlap(box, { ...box, x: 0.6 }) - 1 / 3) < 1e-9);
});
