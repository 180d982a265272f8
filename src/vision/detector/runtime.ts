/**
 * LiteRT's interpreter as WebAssembly (`@litertjs/core`) in a Node thread: a TensorFlow Lite model in, a function from
 * numbers to numbers out. One thread, no network. Only the detector's worker loads this: it changes the whole thread's
 * globals, since the library is made for browsers. What it costs: `docs/BENCH.md`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";

/** Numbers of one picture in, the model's outputs in the order of its signature out. Not to be called again before it has answered. */
export type Model = (input: Float32Array) => Promise<Float32Array[]>;

export interface Runtime {
  /** With fused multiplication and addition ("relaxed") or, on an engine or CPU without it, plain SIMD. */
  readonly simd: "relaxed" | "plain";
  /** @param shape of the input, e.g. [1, 128, 128, 3]. @throws when the bytes are no model that it can run. */
  load(file: Uint8Array, shape: readonly number[]): Promise<Model>;
}

/** What the library expects of a browser's worker. */
interface BrowserGlobals {
  self: unknown;
  require: unknown;
  importScripts(name: unknown): void;
  Module: object | undefined;
  __dirname: string;
  __filename: string;
}

let loading: Promise<Runtime> | undefined;

/** The interpreter: a thread has one, whoever asks for it. @throws when the package is incomplete or the engine has no SIMD. */
export function loadRuntime(): Promise<Runtime> {
  loading ??= loadInterpreter();
  return loading;
}

async function loadInterpreter(): Promise<Runtime> {
  // Node 20 has the instructions behind this flag, later ones have them always and complain of it. They save a quarter of
  // the time.
  if (process.versions.node.startsWith("20."))
    setFlagsFromString("--experimental-wasm-relaxed-simd");
  // Each function is compiled once, well, when it is first called; two compilers in turn leave 50 MB more behind.
  setFlagsFromString("--no-liftoff");
  const require = createRequire(import.meta.url);
  const folder = path.join(path.dirname(require.resolve("@litertjs/core")), "..", "wasm");
  let simd: Runtime["simd"] = "plain";
  const globals = globalThis as unknown as BrowserGlobals;
  globals.self = globalThis;
  globals.require = require;
  globals.importScripts = (name) => {
    const file = String(name);
    simd = file.includes("compat") ? "plain" : "relaxed";
    globals.__filename = file;
    globals.__dirname = path.dirname(file);
    runInThisContext(readFileSync(file, "utf8"), { filename: file });
  };
  globals.Module = {
    // Read here: its own reader would keep a second copy of nine megabytes.
    print: ignore,
    printErr: ignore,
  };
  const { interpreter, environment, Tensor } = await quietly(async () => {
    const { loadLiteRt, getDefaultEnvironment, Tensor } = await import("@litertjs/core");
    const { liteRtWasm } = await loadLiteRt(`${folder}/`, { threads: false });
    return { interpreter: liteRtWasm, environment: getDefaultEnvironment(), Tensor };
  });
  const { READ, WRITE } = interpreter.LiteRtTensorBufferLockMode;
  const { liteRtEnvironment } = environment;
  /** Numbers in the interpreter's memory; to be taken anew each time, since that memory may move when it grows. */
  const numbersAt = (at: number, count: number): Float32Array =>
    new Float32Array(interpreter.HEAPU8.buffer, at, count);
  return {
    simd,
    // By the interpreter's own calls: the library's `run` asks for all shapes and types anew, for a fifth of the mesh's time.
    async load(file, shape) {
      // They stay there: the model is read in place.
      const at = interpreter._malloc(file.length);
      interpreter.HEAPU8.set(file, at);
      const program = interpreter.loadModel(liteRtEnvironment, at, file.length);
      const options = { environment, accelerator: "wasm" as const, cpuOptions: { numThreads: 1 } };
      const model = await interpreter.compileModel(liteRtEnvironment, program, options);
      const count = shape.reduce((product, side) => product * side, 1);
      const { liteRtTensorBuffer: from } = new Tensor(new Float32Array(count), [...shape]);
      interpreter.checkTensorBufferCompatible(
        from,
        program.getInputTensorType(0, 0),
        model.getInputBufferRequirements(0, 0),
      );
      return async (input) => {
        numbersAt(from.lock(WRITE), count).set(input);
        from.unlock();
        const outputs = await model.run(0, [from]);
        return outputs.map((output) => {
          const count = output.packedSize() / Float32Array.BYTES_PER_ELEMENT;
          const numbers = numbersAt(output.lock(READ), count).slice();
          output.unlock();
          output.delete();
          return numbers;
        });
      };
    },
  };
}

function ignore(): void {
  // The library tells its progress as warnings; what matters it throws.
}

/** The library warns of each browser feature that is not here. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = ignore;
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}
