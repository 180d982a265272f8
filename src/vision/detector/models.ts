/**
 * The models: Google's, from MediaPipe's npm packages (Apache-2.0), checked before they are used. Sizes and sums are those
 * of the versions in package.json: another file is another model, whose outputs mean something else.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { reasonOf } from "../../host/reason.js";

/** A file of a package, or the part of one that holds the model. */
export interface ModelFile {
  readonly name: string;
  readonly package: string;
  readonly file: string;
  /** Bytes `from` to `to` of the file; the mesh is packed with others (`*_packed_assets_loader.js` has the table). */
  readonly from: number;
  readonly to: number;
  readonly sha256: string;
}

/** Finds faces, small ones too. 192 × 192 pixels. */
export const DETECTION: ModelFile = {
  name: "face detection, full range",
  package: "@mediapipe/face_detection",
  file: "face_detection_full_range_sparse.tflite",
  from: 0,
  to: 680_736,
  sha256: "671dd2f9ed11a78436fc21cc42357a803dfc6f73e9fb86541be942d5716c2dce",
};

/** 468 points of one upright face. 192 × 192 pixels. */
export const MESH: ModelFile = {
  name: "face mesh",
  package: "@mediapipe/face_mesh",
  file: "face_mesh_solution_packed_assets.data",
  from: 2_495_952,
  to: 3_737_848,
  sha256: "c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1",
};

/** A model cannot be used: starting again changes nothing. */
export class ModelFault extends Error {}

/** Reads a model. @throws `ModelFault` with its name and what is wrong when it is missing, cut or another one. */
export async function readModel(model: ModelFile, folder = folderOf(model)): Promise<Uint8Array> {
  const file = path.join(folder, model.file);
  let whole: Buffer;
  try {
    whole = await readFile(file);
  } catch (error) {
    throw new ModelFault(
      `the model "${model.name}" is missing: ${reasonOf(error)}; run \`npm ci\``,
    );
  }
  const bytes = Uint8Array.from(whole.subarray(model.from, model.to));
  const wanted = model.to - model.from;
  if (bytes.length < wanted) {
    const what = `${bytes.length} of ${wanted} bytes`;
    throw new ModelFault(`the model "${model.name}" is cut: ${what} in ${file}; run \`npm ci\``);
  }
  const sum = createHash("sha256").update(bytes).digest("hex");
  if (sum !== model.sha256) {
    const what = `sha256 ${sum.slice(0, 12)}… instead of ${model.sha256.slice(0, 12)}…`;
    throw new ModelFault(
      `the model "${model.name}" is another one: ${what} in ${file}; run \`npm ci\``,
    );
  }
  return bytes;
}

function folderOf(model: ModelFile): string {
  const require = createRequire(import.meta.url);
  return path.dirname(require.resolve(`${model.package}/package.json`));
}
