/**
 * Asks the verifier of the stock VM whether it would accept an image: the very check that a board makes before it runs
 * one. The VM is WebAssembly inside the DeviceScript command; only its verifier is called, so nothing else of it is started.
 */
import { readFileSync } from "node:fs";

const EMBEDDED = 'wasmBinaryFile = "data:application/octet-stream;base64,';

interface Verifier {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  jd_em_devs_verify(address: number, bytes: number): number;
}

/** Resolves with 0, or the number of the check that failed (`verify.c` of the runtime), negative. */
export async function verifyImage(image: Uint8Array, commandFile: string): Promise<number> {
  const vm = await loadVerifier(commandFile);
  const address = vm.malloc(image.length);
  new Uint8Array(vm.memory.buffer).set(image, address);
  return vm.jd_em_devs_verify(address, image.length);
}

async function loadVerifier(commandFile: string): Promise<Verifier> {
  const exports = await startVm(await loadVm(commandFile), {});
  const { memory, malloc, jd_em_devs_verify } = exports as unknown as Verifier;
  if (typeof malloc !== "function" || typeof jd_em_devs_verify !== "function") {
    throw new Error(`the VM inside ${commandFile} has no verifier`);
  }
  return { memory, malloc, jd_em_devs_verify };
}

/** The stock VM, out of the DeviceScript command. */
export async function loadVm(commandFile: string): Promise<WebAssembly.Module> {
  const text = readFileSync(commandFile, "latin1");
  const start = text.indexOf(EMBEDDED) + EMBEDDED.length;
  if (start < EMBEDDED.length) throw new Error(`no VM inside ${commandFile}`);
  const bytes = Buffer.from(text.slice(start, text.indexOf('"', start)), "base64");
  return WebAssembly.compile(bytes);
}

/** What a VM exports that asks its surroundings for `given`; everything else that it asks for does nothing. */
export async function startVm(
  module: WebAssembly.Module,
  given: Readonly<Record<string, (...args: number[]) => number>>,
): Promise<Record<string, unknown>> {
  const imports: Record<string, Record<string, (...args: number[]) => number>> = {};
  for (const { module: space, name } of WebAssembly.Module.imports(module)) {
    (imports[space] ??= {})[name] = given[name] ?? (() => 0);
  }
  return (await WebAssembly.instantiate(module, imports)).exports;
}
