/** Loads a model's file with the runtime: looked at first, refused with a reason, and then a writer over it. */
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { ownCpuMs } from "../host/cpu-time.js";
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import { BrainError } from "./brain-error.js";
import { fitModel, freeMemoryBytes, isSmallHead, type Fit } from "./fit.js";
import { readGguf, type GgufFacts } from "./gguf.js";
import type { Llama, Model, RuntimeLibrary } from "./runtime-api.js";
import { Writer } from "./writer.js";

/** More only wait for each other. */
const THREADS_MAX = 8;
const BATCH_TOKENS = 256;

export interface LoadOptions {
  /** The model's file. */
  readonly file: string;
  /** The library's entry point; undefined: it is not installed. */
  readonly runtime?: string | undefined;
  /** Also graphics cards. */
  readonly hasGpu: boolean;
}

export interface LoadDeps {
  readonly clock: Clock;
  progress(text: string): void;
  log(message: string): void;
  isLate(): boolean;
}

export interface Loaded {
  readonly facts: GgufFacts;
  readonly fit: Fit;
  readonly threads: number;
  readonly writer: Writer;
}

/** The eyes and the robot keep a processor. */
export function threadsFor(processors: number): number {
  return Math.min(THREADS_MAX, Math.max(1, processors - 1));
}

/** @throws BrainError with what to do. */
export async function loadModel(options: LoadOptions, deps: LoadDeps): Promise<Loaded> {
  const { file, hasGpu } = options;
  const facts = readGguf(file);
  const fit = fitModel(facts, freeMemoryBytes());
  const library = await importRuntime(options.runtime);
  checkArchitecture(library, facts);
  deps.progress("its runtime is loaded");
  const llama = await startRuntime(library, hasGpu, deps);
  const threads = threadsFor(availableParallelism());
  let told = -1;
  try {
    const model = await llama.loadModel({
      modelPath: file,
      onLoadProgress: (share: number) => {
        const tenth = Math.floor(share * 10);
        if (tenth !== told) deps.progress(`its model is loaded to ${tenth * 10} %`);
        told = tenth;
      },
    });
    const context = await createContext(model, fit, threads);
    const { clock, isLate } = deps;
    const cpuMs = (): number => ownCpuMs() / threads;
    const isSmall = isSmallHead(facts);
    const writer = new Writer({ library, llama, model, context, isSmall, clock, cpuMs, isLate });
    return { facts, fit, threads, writer };
  } catch (error) {
    throw new BrainError(
      "BRAIN_LOAD",
      `the runtime cannot load ${file} (${facts.architecture}): ${reasonOf(error)}`,
      "take another model: `buddy brain list`",
      { cause: error },
    );
  }
}

function createContext(
  model: Model,
  { contextTokens }: Fit,
  threads: number,
): ReturnType<Model["createContext"]> {
  return model.createContext({
    contextSize: contextTokens,
    threads,
    batchSize: Math.min(BATCH_TOKENS, contextTokens),
    failedCreationRemedy: false,
  });
}

async function importRuntime(entry: string | undefined): Promise<RuntimeLibrary> {
  if (entry === undefined) {
    throw new BrainError(
      "BRAIN_RUNTIME",
      "the runtime for language models is not installed",
      "run `buddy brain install --runtime`",
    );
  }
  try {
    return (await import(pathToFileURL(entry).href)) as RuntimeLibrary;
  } catch (error) {
    throw notRunning(reasonOf(error), error);
  }
}

async function startRuntime(
  library: RuntimeLibrary,
  hasGpu: boolean,
  deps: LoadDeps,
): Promise<Llama> {
  try {
    return await library.getLlama({
      gpu: hasGpu ? "auto" : false,
      // Nothing is compiled or downloaded behind anybody's back.
      build: "never",
      skipDownload: true,
      maxThreads: 0,
      logLevel: "error",
      logger: (_level: string, message: string) => deps.log(message.trim()),
    });
  } catch (error) {
    throw notRunning(reasonOf(error), error);
  }
}

function checkArchitecture(library: RuntimeLibrary, { architecture }: GgufFacts): void {
  const known = Object.values(library.GgufArchitectureType ?? {});
  if (known.length === 0 || known.includes(architecture)) return;
  throw new BrainError(
    "BRAIN_LOAD",
    `the runtime does not know models of the architecture ${architecture}`,
    "take another model: `buddy brain list`",
  );
}

function notRunning(why: string, cause: unknown): BrainError {
  return new BrainError(
    "BRAIN_RUNTIME",
    `the runtime for language models does not run here: ${why}`,
    "run `buddy brain remove --all` and `buddy brain install` again, or use Ollama",
    { cause },
  );
}
