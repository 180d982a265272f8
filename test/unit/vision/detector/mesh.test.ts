/** Properties: where the mesh of a picture leads in the next one, and what its points say of the face; turns change nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  faceOfMesh,
  MESH_POINTS,
  readMesh,
  squareOfMesh,
  squareOfProposal,
} from "../../../../src/vision/detector/mesh.js";

const SIZE = 192;
/** Points that count, in pixels of an upright square of 192: [point, x, y, z]. */
const FACE: readonly (readonly [number, number, number, number])[] = [
  [10, 96, 40, -9],
  [152, 96, 152, 12],
  [234, 48, 96, 0],
  [454, 144, 96, 0],
  [33, 66, 80, 0],
  [263, 126, 80, 0],
  [61, 76, 122, 0],
  [291, 116, 122, 0],
  [13, 96, 126, 0],
  [14, 96, 130, 0],
];

function raw(
  moved: Readonly<Record<number, readonly [number, number, number]>> = {},
): (i: number) => number {
  const points = new Float32Array(MESH_POINTS * 3);
  for (let i = 0; i < MESH_POINTS; i += 1) points.set([96, 96, 0], i * 3);
  for (const [point, ...at] of FACE) points.set(moved[point] ?? at, point * 3);
  return (i) => points[i] ?? Number.NaN;
}

const UPRIGHT = { x: 160, y: 120, side: 96, roll: 0 };
const near = (a: number, b: number, by = 0.01): void =>
  assert.ok(Math.abs(a - b) < by, `${a} instead of ${b}`);

test("points are in the picture's pixels, the score is a share", () => {
  const { points, score } = readMesh(raw(), 2, UPRIGHT, SIZE);
  near(points[10 * 3] ?? 0, 160);
  near(points[10 * 3 + 1] ?? 0, 120 + (40 - 96) / 2);
  near(points[10 * 3 + 2] ?? 0, -4.5);
  near(score, 1 / (1 + Math.exp(-2)));
});

test("the next square is around the points, 1.5 times as large, and turned as the eyes are", () => {
  for (const roll of [0, 0.6, -1]) {
    const next = squareOfMesh(readMesh(raw(), 5, { ...UPRIGHT, roll }, SIZE));
    near(next.roll, roll);
    near(next.side, (112 / 2) * 1.5);
    near(Math.hypot(next.x - 160, next.y - 120), 0, 0.5);
  }
});

test("a proposal's square is turned as its eyes are, and 1.5 times as large as its box", () => {
  const proposal = { score: 1, x: 0.5, y: 0.5, w: 0.2, h: 0.25 };
  const eyes = { leftEye: { x: 0.4, y: 0.4 }, rightEye: { x: 0.5, y: 0.5 } };
  const square = squareOfProposal({ ...proposal, ...eyes }, { x: 160, y: 120, side: 320, roll: 0 });
  assert.deepEqual([square.x, square.y], [160, 120]);
  near(square.side, 320 * 0.25 * 1.5);
  near(square.roll, Math.PI / 4);
});

test("a level face is 0, one whose right cheek is nearer looks to the left; roll changes neither", () => {
  const straight = faceOfMesh(readMesh(raw(), 5, UPRIGHT, SIZE));
  near(straight.yawDeg, 0, 0.1);
  near(straight.pitchDeg, 0, 0.2);
  const sideways = raw({ 234: [52, 96, 16], 454: [140, 96, -16] });
  const expected = (Math.atan2(32, 88) * 180) / Math.PI;
  const upright = faceOfMesh(readMesh(sideways, 5, UPRIGHT, SIZE));
  for (const roll of [0, 0.5, -1]) {
    const face = faceOfMesh(readMesh(sideways, 5, { ...UPRIGHT, roll }, SIZE));
    near(face.yawDeg, upright.yawDeg, 0.1);
    near(face.pitchDeg, upright.pitchDeg, 0.1);
    near(face.rollDeg, (roll * 180) / Math.PI, 0.1);
    near(face.yawDeg, expected, 1.5);
  }
});

test("corners of the mouth over its middle are a smile, below it none; a turned head smiles as much", () => {
  const smile = faceOfMesh(readMesh(raw(), 5, UPRIGHT, SIZE));
  near(smile.smileShare, 6 / 40);
  near(smile.mouthShare, 4 / 112, 0.002);
  near(faceOfMesh(readMesh(raw(), 5, { ...UPRIGHT, roll: 1 }, SIZE)).smileShare, 6 / 40);
  const sad = raw({ 61: [76, 134, 0], 291: [116, 134, 0] });
  near(faceOfMesh(readMesh(sad, 5, UPRIGHT, SIZE)).smileShare, -6 / 40);
});
