/**
 * The networks against another program that runs the same models: LiteRT 2.5.3 (`@litertjs/core`), whose answers for one
 * picture are in `test/fixtures/litert-answers.json` (`npm run eyes:answers`). Both ways of multiplying agree with it, for
 * either model and after any other picture; a model that holds what they cannot do is refused.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { before, test } from "node:test";
import { DETECTION, MESH, readModel } from "../../../../src/vision/detector/models.js";
import { Networks, type Net } from "../../../../src/vision/nets/net.js";
import type { Pixels } from "../../../../src/vision/nets/picture.js";
import { ANSWERED, answersFile, type Answers } from "../../../eyes/answered.js";
import { Painter } from "../../../eyes/pictures.js";

const answers = JSON.parse(readFileSync(answersFile, "utf8")) as Record<
  "mesh" | "detection",
  Answers
>;

const LOOKS = ANSWERED.looks;

let files: Uint8Array[];
let picture: Pixels;

before(async () => {
  files = [await readModel(DETECTION), await readModel(MESH)];
  const painter = await Painter.load();
  picture = await painter.paint(ANSWERED.scene, ANSWERED.seed);
});

/** How far the answers are from LiteRT's, at most. */
function distance(net: Net, name: "mesh" | "detection"): number {
  const [square, range] = LOOKS[name];
  net.look(square, range);
  const outputs = net.run();
  let most = 0;
  for (const [i, { every, numbers }] of answers[name].entries())
    for (const [k, number] of numbers.entries())
      most = Math.max(most, Math.abs((outputs[i]?.(k * every) ?? Number.NaN) - number));
  return most;
}

test("G7: both models answer as LiteRT does, with fused and with plain arithmetic", () => {
  for (const simd of ["relaxed", "plain"] as const) {
    const networks = Networks.load(files, simd);
    const [detection, mesh] = networks.nets as [Net, Net];
    networks.show(picture);
    assert.ok(distance(mesh, "mesh") < 0.01, `${simd} ${distance(mesh, "mesh")}`);
    assert.ok(
      distance(detection, "detection") < 0.02,
      `${simd} ${distance(detection, "detection")}`,
    );
  }
});

test("what was looked at before, and how large it was, changes no answer", () => {
  const networks = Networks.load(files);
  const [, mesh] = networks.nets as [Net, Net];
  networks.show({ rgb: new Uint8Array(900 * 700 * 3).fill(200), width: 900, height: 700 });
  mesh.look({ x: 450, y: 350, side: 300, roll: 1 }, LOOKS.mesh[1]);
  mesh.run();
  networks.show(picture);
  assert.ok(distance(mesh, "mesh") < 0.01);
});

test("a model with an operation that is not known is refused", () => {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve("@mediapipe/face_detection/package.json"));
  const other = readFileSync(path.join(folder, "face_detection_short_range.tflite"));
  assert.throws(() => Networks.load([other]), /operation \d+/);
});
