/** Properties: the installed models are those that were meant; one that is missing, cut or another is named with its file. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { DETECTION, MESH, ModelFault, readModel } from "../../../../src/vision/detector/models.js";

test("the installed models are whole", async () => {
  for (const model of [DETECTION, MESH])
    assert.equal((await readModel(model)).length, model.to - model.from);
});

test("a model that is missing, cut or another one is named, with what to do", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "models-"));
  t.after(() => rm(folder, { recursive: true }));
  const refused = async (says: RegExp): Promise<void> => {
    await assert.rejects(readModel(MESH, folder), (error: unknown) => {
      assert.ok(error instanceof ModelFault);
      for (const part of [says, /"face mesh"/, /npm ci/]) assert.match(error.message, part);
      return true;
    });
  };
  await refused(/is missing/);
  await writeFile(path.join(folder, MESH.file), Buffer.alloc(MESH.to - 1));
  await refused(/is cut: 1241895 of 1241896 bytes/);
  await writeFile(path.join(folder, MESH.file), Buffer.alloc(MESH.to));
  await refused(/is another one: sha256/);
});
