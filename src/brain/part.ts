/** The brain as a part of `buddy start`: which file, how it is started, and with how much memory it is left alone. */
import { randomBytes } from "node:crypto";
import { basename, join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import type { PartSpec } from "../supervisor/supervisor-types.js";
import { isSmallHead } from "./fit.js";
import { readGguf, type GgufFacts } from "./gguf.js";
import type { BrainModel } from "./models.js";
import type { BrainPlace } from "./place.js";

export const BRAIN_PART = "brain";

/** It holds nothing between lives: a second try does no harm. */
const QUICK_RETRY_MS = 250;
/** Of the file's weights with its context and runtime; beyond it something leaks. */
const MEMORY_FACTOR = 1.5;
const MEMORY_BYTES_MIN = 700_000_000;

/** The model that a start uses. */
export interface ChosenModel {
  readonly file: string;
  /** As in `local/NAME`. */
  readonly name: string;
}

/** @param file of `--brain`, which comes before what is installed. */
export function chosenModel(
  file: string | undefined,
  place: BrainPlace,
  models?: readonly BrainModel[],
): ChosenModel | undefined {
  if (file !== undefined) return { file, name: nameOf(file) };
  const model = place.inUse(models);
  return model && { file: place.modelPath(model), name: model.id };
}

/** The name of a file as a part of `local/NAME`. */
function nameOf(file: string): string {
  const name = basename(file)
    .replace(/\.gguf$/i, "")
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 80);
  return name === "" || /^\.+$/.test(name) ? "model" : name;
}

/** The head of the file; undefined for one that is none: the part itself says what is wrong with it. */
export function factsIfAny(file: string): GgufFacts | undefined {
  try {
    return readGguf(file);
  } catch {
    return undefined;
  }
}

export function isSmallModel(file: string): boolean {
  const facts = factsIfAny(file);
  return facts === undefined || isSmallHead(facts);
}

export function newBrainToken(): string {
  return randomBytes(24).toString("hex");
}

export interface BrainPartOptions {
  readonly model: () => ChosenModel;
  readonly place: BrainPlace;
  readonly token: string;
  readonly hasGpu: boolean;
}

export function brainPart({ model, place, token, hasGpu }: BrainPartOptions): PartSpec {
  const facts = factsIfAny(model().file);
  const bytes = facts && facts.fileBytes + facts.tokenBytes * 4096;
  return {
    name: BRAIN_PART,
    command: {
      file: process.execPath,
      args: [join(packageRoot(), "dist/src/brain/main.js")],
      env: {},
    },
    policy: {
      firstRetryMs: QUICK_RETRY_MS,
      memoryBytesMax: Math.max(MEMORY_BYTES_MIN, (bytes ?? 0) * MEMORY_FACTOR + 300_000_000),
    },
    options: ({ previousDoors }) => ({
      ...model(),
      token,
      hasGpu,
      port: Number(previousDoors["http"]?.split(":").at(-1) ?? 0),
      ...(place.runtimeEntry !== undefined && { runtime: place.runtimeEntry }),
    }),
  };
}
