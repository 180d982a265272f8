/**
 * The runtime that computes a model: node-llama-cpp, which carries llama.cpp for each system. It is no dependency of
 * Buddy's (with its variants for graphics cards it has 700 MB); npm installs it into the data directory when a model is
 * wanted: the versions and hashes of assets/brain-runtime, no scripts, and of the binaries this system's alone.
 */
import { spawn } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assetPath } from "../host/assets.js";
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import { BrainError } from "./brain-error.js";
import { RUNTIME_VERSION, type BrainPlace } from "./place.js";

/** 55 MB of packages from a slow registry. */
const NPM_MS_MAX = 900_000;
const OUTPUT_CHARS_MAX = 4000;
/** The names of Node for a system, as the runtime's makers write them. */
const SYSTEMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-arm": "linux-armv7l",
  "linux-riscv64": "linux-riscv64",
  "darwin-arm64": "mac-arm64-metal",
  "darwin-x64": "mac-x64",
  "win32-x64": "win-x64",
  "win32-arm64": "win-arm64",
};

/** The package with this system's binary. @throws BrainError `BRAIN_RUNTIME` where there is none. */
export function binaryPackage(system = `${process.platform}-${process.arch}`): string {
  const name = SYSTEMS[system];
  if (name !== undefined) return `@node-llama-cpp/${name}@${RUNTIME_VERSION}`;
  throw new BrainError(
    "BRAIN_RUNTIME",
    `there is no runtime for ${system}`,
    "use Ollama or another server of models: README",
  );
}

export interface RuntimeDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Also the binaries for graphics cards. */
  readonly hasGpu: boolean;
  /** Runs npm; for tests. */
  npm?(args: readonly string[], cwd: string, deps: RuntimeDeps): Promise<void>;
}

/**
 * Installs the runtime beside its place and moves it there when it is whole.
 * @throws BrainError `BRAIN_RUNTIME` or `BRAIN_CANCELLED`; nothing is left of the try.
 */
export async function installRuntime(place: BrainPlace, deps: RuntimeDeps): Promise<void> {
  if (place.runtimeEntry !== undefined && !deps.hasGpu) return;
  const binary = binaryPackage();
  const npm = deps.npm ?? runNpm;
  const beside = `${place.runtimeDir}.new`;
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
  try {
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside, { recursive: true, mode: 0o700 });
    for (const name of ["package.json", "package-lock.json"]) {
      const text = await readFile(assetPath(join("brain-runtime", name)));
      await writeFile(join(beside, name), text, { mode: 0o600 });
    }
    const omitted = deps.hasGpu ? [] : ["--omit=optional"];
    await npm(["ci", ...quiet, ...omitted], beside, deps);
    if (!deps.hasGpu)
      await npm(["install", "--no-save", ...quiet, ...omitted, binary], beside, deps);
    await rm(place.runtimeDir, { recursive: true, force: true });
    await rename(beside, place.runtimeDir);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (error instanceof BrainError) throw error;
    throw runtimeFault(reasonOf(error), error);
  }
}

function runNpm(args: readonly string[], cwd: string, deps: RuntimeDeps): Promise<void> {
  const { signal, clock } = deps;
  return new Promise((resolve, reject) => {
    // On Windows npm is a script for the shell; every argument is a constant of this file.
    const child = spawn("npm", [...args], {
      cwd,
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_UPDATE_NOTIFIER: "1" },
    });
    let output = "";
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const end = (): void => void child.kill();
    const cancel = clock.after(NPM_MS_MAX, end);
    signal.addEventListener("abort", end, { once: true });
    const settle = (error?: BrainError): void => {
      cancel();
      signal.removeEventListener("abort", end);
      if (error === undefined) resolve();
      else reject(error);
    };
    child.on("error", (error) => settle(runtimeFault(`npm cannot be run: ${error.message}`)));
    child.on("close", (code) => {
      if (signal.aborted) {
        const next = "the same command goes on where it stopped";
        settle(new BrainError("BRAIN_CANCELLED", "the installation was ended", next));
      } else if (code === 0) settle();
      else settle(runtimeFault(`npm ${args[0]} failed: ${lastWords(output)}`));
    });
  });
}

/** npm's own first words about what went wrong. */
function lastWords(output: string): string {
  const errors = output.split("\n").filter((line) => /^npm (?:error|ERR!)/.test(line));
  const told = errors.length > 0 ? errors : output.trim().split("\n").slice(-3);
  return told.slice(0, 3).join(" ").slice(0, 400);
}

function runtimeFault(what: string, cause?: unknown): BrainError {
  return new BrainError(
    "BRAIN_RUNTIME",
    what,
    "look at the network, the disk and `npm config get registry`, then run the same command again",
    cause === undefined ? undefined : { cause },
  );
}

/** Removes all versions of the runtime. */
export async function removeRuntime(place: BrainPlace): Promise<void> {
  await rm(place.runtimeDir, { recursive: true, force: true });
  await rm(join(dirname(place.runtimeDir), `runtime-${RUNTIME_VERSION}.new`), {
    recursive: true,
    force: true,
  });
}
