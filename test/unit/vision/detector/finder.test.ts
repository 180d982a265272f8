/**
 * The models themselves, on a sample of the grid (`npm run eyes:grid` takes all of it): faces of each kind are found and
 * followed, none is made up; what the mesh says of a face is what it shows.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { FaceFinder } from "../../../../src/vision/detector/finder.js";
import { runGrid, WITH_FACE, WITHOUT_FACE } from "../../../eyes/grid.js";
import { Painter, type FaceSpec } from "../../../eyes/pictures.js";

let finder: FaceFinder;
let painter: Painter;

before(async () => {
  finder = await FaceFinder.load();
  painter = await Painter.load();
});

const look = async (faces: readonly FaceSpec[], nowMs: number, seed = nowMs) =>
  finder.find(await painter.paint({ kind: "test", faces }, seed), nowMs);

test("one face of each kind is found, and found again", async () => {
  const kinds = [...new Set(WITH_FACE.map((spec) => spec.kind))].filter((k) => k !== "blur 5 px");
  const sample = kinds.flatMap((kind) => WITH_FACE.find((spec) => spec.kind === kind) ?? []);
  for (const row of await runGrid(finder, painter, sample)) {
    const { faces, found, foundAgain } = row;
    assert.deepEqual([row.kind, found, foundAgain, row.false], [row.kind, faces, faces, 0]);
  }
});

test("H5: no face is made up from a room, a cat or a suit", async () => {
  // A quarter turn of the cat is what comes nearest to a face.
  const sample = WITHOUT_FACE.filter((_spec, index) => index % 10 === 7);
  assert.ok(new Set(sample.map((spec) => spec.behind)).size === 3);
  for (const row of await runGrid(finder, painter, sample)) assert.equal(row.false, 0, row.kind);
});

test("a face that moves and turns is followed without a search", async () => {
  finder.forget();
  await look([{ x: 100, y: 110, size: 60 }], 0);
  for (let step = 1; step <= 12; step += 1) {
    const face = { x: 100 + 8 * step, y: 110 + 2 * step, size: 60, rollDeg: 5 * step };
    const [seen, ...others] = await look([face], 33 * step);
    assert.ok(seen && others.length === 0, `${others.length + 1} faces at step ${step}`);
    assert.ok(Math.hypot(seen.x - face.x, seen.y - face.y) < 12, `${seen.x},${seen.y}`);
    assert.ok(Math.abs(seen.rollDeg - face.rollDeg) < 12, `roll ${seen.rollDeg}`);
  }
});

test("somebody who joins is found within a second, and both are followed", async () => {
  finder.forget();
  const one = { x: 90, y: 110, size: 60 };
  const two = { x: 230, y: 120, size: 60 };
  assert.equal((await look([one], 0)).length, 1);
  assert.equal((await look([one, two], 500)).length, 1, "not searched yet");
  assert.equal((await look([one, two], 1001)).length, 2);
  assert.equal((await look([one, two], 1034)).length, 2);
});

test("a face that is gone is lost in the same picture, and found where it is instead", async () => {
  finder.forget();
  await look([{ x: 80, y: 110, size: 60 }], 0);
  const [moved] = await look([{ x: 240, y: 110, size: 60 }], 33);
  assert.ok(moved && Math.abs(moved.x - 240) < 12, `${moved?.x}`);
  assert.deepEqual(await look([], 66), []);
});

test("O-21: the face of the reference photograph is level, looks into the lens and smiles", async () => {
  for (const size of [40, 70, 100]) {
    finder.forget();
    const [seen] = await look([{ x: 160, y: 120, size }], 0);
    assert.ok(seen);
    assert.ok(Math.abs(seen.yawDeg) < 6 && Math.abs(seen.pitchDeg) < 6, JSON.stringify(seen));
    assert.ok(seen.smileShare > 0.08 && seen.eyeShare > 0.04, JSON.stringify(seen));
  }
});
