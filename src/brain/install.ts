/** Installs a model with the runtime that it needs, one installation at a time; and removes it again. */
import { mkdir, rm } from "node:fs/promises";
import { lockFile } from "../store/database.js";
import { BrainError } from "./brain-error.js";
import { download, type DownloadDeps, type Progress } from "./download.js";
import { readGguf } from "./gguf.js";
import { hubUrl } from "./hub.js";
import type { BrainModel } from "./models.js";
import type { BrainPlace } from "./place.js";
import { installRuntime, removeRuntime, type RuntimeDeps } from "./runtime.js";

export interface InstallDeps extends Omit<DownloadDeps, "onProgress">, Omit<RuntimeDeps, "hasGpu"> {
  readonly hasGpu?: boolean;
  onStep(step: InstallStep): void;
}

export type InstallStep =
  | { readonly kind: "runtime" }
  | { readonly kind: "model"; readonly progress: Progress }
  | { readonly kind: "checked" };

/** @throws BrainError; what was installed before is as it was. */
export async function installModel(
  model: BrainModel,
  place: BrainPlace,
  deps: InstallDeps,
): Promise<void> {
  await alone(place, async () => {
    const url = `${hubUrl(deps.environment)}/${model.path}`;
    const path = place.modelPath(model);
    // The model first: whoever has no room or no network learns of it before npm has worked for a minute.
    await download(
      { url, path, bytes: model.bytes, sha256: model.sha256 },
      { ...deps, onProgress: (progress) => deps.onStep({ kind: "model", progress }) },
    );
    readGguf(path);
    deps.onStep({ kind: "checked" });
    deps.onStep({ kind: "runtime" });
    await installRuntime(place, { ...deps, hasGpu: deps.hasGpu ?? false });
    await place.choose({ use: model.id });
  });
}

/** The runtime alone, for a file of the owner's. @throws BrainError */
export async function installRuntimeOnly(place: BrainPlace, deps: InstallDeps): Promise<void> {
  await alone(place, async () => {
    deps.onStep({ kind: "runtime" });
    await installRuntime(place, { ...deps, hasGpu: deps.hasGpu ?? false });
  });
}

/**
 * @param model undefined: all models, and the runtime.
 * @throws BrainError `BRAIN_BUSY`
 */
export async function removeModel(
  model: BrainModel | undefined,
  place: BrainPlace,
  models: readonly BrainModel[],
): Promise<void> {
  await alone(place, async () => {
    for (const one of model ? [model] : models) {
      const path = place.modelPath(one);
      await rm(path, { force: true });
      await rm(`${path}.part`, { force: true });
    }
    if (model === undefined) await removeRuntime(place);
  });
}

async function alone(place: BrainPlace, work: () => Promise<void>): Promise<void> {
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  const release = lockFile(place.lockPath);
  if (release === undefined) {
    throw new BrainError(
      "BRAIN_BUSY",
      "another installation is under way",
      "wait for its end; it is seen in the other terminal or on the page",
    );
  }
  try {
    await work();
  } finally {
    release();
  }
}
