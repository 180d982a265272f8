/**
 * Compiles random programs with the stock compiler and runs them in the stock VM as compiled, after each pass of the relinker
 * alone and after all of them: what they print must be the same, line by line.
 */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lookups, Resolver } from "../../scripts/relink/lookups.js";
import { PASSES, relink, type Pass } from "../../scripts/relink/relink.js";
import { makeResolver } from "../../scripts/relink/types/resolver.js";
import { generateBatch } from "./generate.js";
import { run } from "./vm.js";

/** Where the compiler runs and leaves what it makes. */
const SOURCE = ".devicescript/random.ts";
const BIN = ".devicescript/bin";
/** Longer programs than the VM addresses could not be run as compiled. */
const CODE_BYTES_MAX = 0xffff;
const COMPILE_MS_MAX = 120_000;

export interface Compared {
  /** One for each difference: which pass, which line, what was said before and after. */
  differences: string[];
  /** Lines that the programs printed as compiled. */
  lines: number;
}

/** Compares these programs, in one image or, when they do not fit, in two halves. `vm`: the stock VM. */
export async function compare(
  seeds: readonly number[],
  root: string,
  vm: WebAssembly.Module,
): Promise<Compared> {
  const { image, debug } = compile(seeds, root);
  const [asCompiled] = relink(image, debug, { passes: [] }).steps;
  if (seeds.length > 1 && (asCompiled?.codeBytes ?? 0) > CODE_BYTES_MAX) {
    const half = Math.ceil(seeds.length / 2);
    const one = await compare(seeds.slice(0, half), root, vm);
    const other = await compare(seeds.slice(half), root, vm);
    return {
      differences: [...one.differences, ...other.differences],
      lines: one.lines + other.lines,
    };
  }
  const resolver = remembering(makeResolver(SOURCE, root));
  const before = await said(vm, image);
  const differences: string[] = [];
  for (const { name, passes } of variants()) {
    const after = await said(vm, relink(image, debug, { passes, resolver }).bytes);
    const all = Math.max(before.length, after.length);
    const index = Array.from({ length: all }, (_, at) => at).find((at) => before[at] !== after[at]);
    if (index === undefined) continue;
    differences.push(`${name}: line ${index + 1} was ${before[index]} and is ${after[index]}`);
  }
  return { differences, lines: before.length };
}

/** Each pass once, then all. */
function variants(): { name: string; passes: readonly Pass[] }[] {
  const different = PASSES.filter(
    ({ run }, index) => PASSES.findIndex((pass) => pass.run === run) === index,
  );
  return [
    ...different.map((pass) => ({ name: `${pass.name} alone`, passes: [pass] })),
    { name: "all passes", passes: PASSES },
  ];
}

/** What the programs say, and how it ends: what the VM says of itself contains addresses. */
async function said(vm: WebAssembly.Module, image: Uint8Array): Promise<string[]> {
  return (await run(vm, image)).filter((line) => /^> \d|^panic/.test(line));
}

/** The sources do not change between the variants. */
function remembering(resolver: Resolver): Resolver {
  let known: Lookups | null | undefined;
  return (compiled) => {
    if (known === undefined) known = resolver(compiled);
    return known;
  };
}

/** A compiler that was given up says nothing of the programs. */
export function whyNotCompiled(
  seeds: readonly number[],
  { error, signal, stdout, stderr }: Omit<SpawnSyncReturns<string>, "pid" | "output" | "status">,
): string {
  const which = `seeds ${seeds.join(" ")}`;
  const said = `${stdout}${stderr}`;
  if (error !== undefined && "code" in error && error.code === "ETIMEDOUT") {
    return `${which} were not compiled within ${COMPILE_MS_MAX / 1000} s, which says nothing of them: the machine is busy, or the compiler hangs\n${said}`;
  }
  if (error !== undefined) return `${which}: the compiler did not start: ${error.message}`;
  if (signal !== null) return `${which}: the compiler was ended by ${signal}\n${said}`;
  return `${which} do not compile:\n${said}`;
}

function compile(seeds: readonly number[], root: string): { image: Buffer; debug: string } {
  const made = join(root, BIN, "bytecode.devs");
  mkdirSync(join(root, BIN), { recursive: true });
  rmSync(made, { force: true });
  writeFileSync(join(root, SOURCE), generateBatch(seeds));
  const command = join(root, "node_modules/@devicescript/cli/devicescript");
  const compiled = spawnSync(
    process.execPath,
    [command, "build", "--no-colors", "--no-verify", SOURCE],
    {
      cwd: root,
      encoding: "utf8",
      timeout: COMPILE_MS_MAX,
      env: { ...process.env, BUDDY_IMAGE: "compiled" },
    },
  );
  if (compiled.status !== 0) throw new Error(whyNotCompiled(seeds, compiled));
  return {
    image: readFileSync(made),
    debug: readFileSync(join(root, BIN, "bytecode-dbg.json"), "utf8"),
  };
}
