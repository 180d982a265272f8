/** Properties: what a model answers depends on what it is given alone, and stays; a wrong shape is refused at once. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { MESH, readModel } from "../../../../src/vision/detector/models.js";
import { loadRuntime, type Runtime } from "../../../../src/vision/detector/runtime.js";

let runtime: Runtime;
let file: Uint8Array;

before(async () => {
  runtime = await loadRuntime();
  file = await readModel(MESH);
});

const picture = (side: number, value: number): Float32Array =>
  new Float32Array(side * side * 3).fill(value);

test("the same numbers have the same answer, and an answer is not changed by the next", async () => {
  const model = await runtime.load(file, [1, 192, 192, 3]);
  const first = await model(picture(192, 0.3));
  const kept = first.map((numbers) => numbers.slice());
  const other = await model(picture(192, 0.7));
  assert.notDeepEqual(other, kept);
  assert.deepEqual(first, kept);
  assert.deepEqual(await model(picture(192, 0.3)), kept);
});

test("a shape that is not the model's is refused when it is loaded", async () => {
  await assert.rejects(runtime.load(file, [1, 128, 128, 3]));
});
