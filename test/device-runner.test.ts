// Runs every test under test/device in the stock VM, as firmware is run: compiled, relinked, accepted by the VM's
// verifier; as released, and some of them as for a debugger. So each of them also proves the relinker. `--test-self-exit` is
// essential: without it the tool reports success whatever the tests did.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { visitExprs } from "../scripts/relink/code.js";
import { parseDebugInfo, sourcePositions, type DebugInfo } from "../scripts/relink/debug-info.js";
import { debugPasses, type Choose } from "../scripts/relink/debugger.js";
import { parseImage, statementsOf, type Image } from "../scripts/relink/image.js";
import { Names } from "../scripts/relink/names.js";
import { Op } from "../scripts/relink/opcodes.js";
import { spreadStrings } from "../scripts/relink/passes/strings.js";
import { PASSES, relink, type Pass } from "../scripts/relink/relink.js";
import { SourcePlaces } from "../scripts/relink/source-places.js";
import { makeResolver } from "../scripts/relink/types/resolver.js";
import { loadVm, verifyImage } from "../scripts/relink/verify.js";
import { compare } from "./relink/differ.js";
import { run } from "./relink/vm.js";

const root = join(import.meta.dirname, "..");
const cli = join(root, "node_modules/@devicescript/cli/devicescript");
const bundle = join(root, "node_modules/devicescript-stock/built/devicescript-cli.cjs");
const folder = join(import.meta.dirname, "device");
const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
const scratch = mkdtempSync(join(tmpdir(), "buddy-device-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

// The compiler works in the current folder, and leaves the image as it is.
process.chdir(root);
process.env["BUDDY_IMAGE"] = "compiled";
const { compileFile } = createRequire(import.meta.url)(
  join(root, "node_modules/@devicescript/cli/built/devicescript-cli.cjs"),
) as {
  compileFile(
    file: string,
    options: { verify: boolean },
  ): Promise<{ success: boolean; binary: Uint8Array; dbg: object }>;
};

async function devs(...args: string[]): Promise<string> {
  const options = { cwd: root, timeout: 120_000 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args], options);
  return stdout + stderr;
}

interface Compiled {
  program: string;
  raw: Buffer;
  debugText: string;
}

/** In this process: after the first program the compiler is warm, and takes less than half as long for each other one. */
async function compile(program: string): Promise<Compiled> {
  const { success, binary, dbg } = await compileFile(program, { verify: false });
  assert.ok(success, `${program}: the compiler has said above what is wrong`);
  return { program, raw: Buffer.from(binary), debugText: JSON.stringify(dbg) };
}

/** Relinks and returns the file, which the VM's verifier has accepted, and the debug information. */
async function relinked(
  { program, raw, debugText }: Compiled,
  name: string,
  passes: readonly Pass[] = PASSES,
): Promise<{ file: string; bytes: Buffer; debug: DebugInfo }> {
  const resolver = makeResolver(program, root);
  const { bytes, debug } = relink(raw, debugText, { passes, resolver });
  assert.equal(await verifyImage(bytes, bundle), 0, `the VM refuses the image ${name}`);
  const file = join(scratch, `${name}.devs`);
  writeFileSync(file, bytes);
  return { file, bytes: Buffer.from(bytes), debug };
}

/** Images for a debugger, from the one that changes least to the one that changes most. */
const DEBUG: Record<string, Choose> = {
  whole: (folders) => ({ whole: [...folders], parted: [], showsParted: true }),
  parted: (folders) => ({ whole: [], parted: [...folders], showsParted: true }),
  hidden: (folders) => ({ whole: [], parted: [...folders], showsParted: false }),
};

/** Programs of several files: to compile one takes longer than to run it. */
const SHARED = ["programs/pure.ts", "programs/lasting.ts"];
/** Runs for a debugger, too: what waits, throws and keeps, and what computes. */
const FOR_DEBUGGER = "programs/lasting.ts";

const filesIn = (program: string): string[] =>
  [...readFileSync(join(folder, program), "utf8").matchAll(/^import "\.\.\/(.+\.test)";$/gm)].map(
    ([, name]) => `${name}.ts`,
  );
const programs = new Map(SHARED.map((program) => [program, filesIn(program)]));
const sharing = [...programs.values()].flat();
for (const file of files) if (!sharing.includes(file)) programs.set(file, [file]);

const testsIn = (file: string): number =>
  readFileSync(join(folder, file), "utf8").match(/^\s*test\(/gm)?.length ?? 0;

const runTest = (file: string): Promise<string> =>
  devs("run", file, "--test", "--test-self-exit", "-T", "60000");

for (const [program, within] of programs) {
  test(`in the VM: ${within.join(", ")}`, async () => {
    const compiled = await compile(`test/device/${program}`);
    const images = [await relinked(compiled, "release")];
    if (program === FOR_DEBUGGER) {
      const { passes } = debugPasses(compiled.debugText, DEBUG["parted"]);
      images.push(await relinked(compiled, "debug", passes));
    }
    const tests = within.reduce((sum, file) => sum + testsIn(file), 0);
    assert.ok(tests >= within.length, "a test in each file");
    for (const output of await Promise.all(images.map((image) => runTest(image.file))))
      assert.match(output, new RegExp(`tests: ${tests}, pass: ${tests}, error: 0`));
  });
}

/** What a program that counts its lines says, by a clock that only waits for the program. */
async function said(image: Buffer): Promise<string[]> {
  const lines = await run(await loadVm(bundle), image, true);
  return lines.filter((line) => /^> .*\d+ [a-z]+/.test(line));
}

test("ten classes that share the names of their methods: every call is direct", async () => {
  const compiled = await compile("test/device/programs/natural-names.ts");
  const image = await relinked(compiled, "release");
  const before = await said(compiled.raw);
  assert.match(before.join("\n"), /said \d things/, "it did not come to its end");
  assert.deepEqual(await said(image.bytes), before);
  const named = (bytes: Buffer): string[] => {
    const image = parseImage(bytes);
    const names = new Names(image);
    const shared = ["tick", "take", "put", "open", "close"];
    const found: string[] = [];
    for (const statement of statementsOf(image)) {
      if (statement.op === Op.indexSet) found.push(names.stringOf(statement.args[1]) ?? "");
      visitExprs(statement, (node) => {
        found.push(names.fieldOf(node) ?? "");
      });
    }
    return found.filter((name) => shared.includes(name));
  };
  assert.ok(named(compiled.raw).length > 40);
  // The one field that is called like them: set, and read.
  assert.deepEqual(named(image.bytes), ["take", "take"]);
});

test("random programs say the same before and after each pass, alone and all together", async () => {
  const vm = await loadVm(bundle);
  // Three images, full as compiled. `npm run relink:random` takes any seeds, and as many as one likes.
  for (const first of [1, 101, 201]) {
    const seeds = Array.from({ length: 12 }, (_, index) => first + index);
    const { differences, lines } = await compare(seeds, root, vm);
    assert.deepEqual(differences, [], `npm run relink:random -- --seed ${first} --seeds 12`);
    assert.ok(lines > 150, `the programs said only ${lines} lines`);
  }
});

test("a program of every kind of statement says the same before and after relinking", async (t) => {
  const compiled = await compile("test/device/programs/torture.ts");
  const before = await said(compiled.raw);
  assert.match(before.join("\n"), /said \d{3} things/, "it did not come to its end");
  // It has too few strings to fill a table, so all that may move do.
  const moveStrings = { name: "all strings moved", run: (image: Image) => spreadStrings(image, 0) };
  const release = [...PASSES.slice(0, -1), moveStrings, ...PASSES.slice(-1)];
  await t.test("as released", async () => {
    const image = await relinked(compiled, "release", release);
    assert.deepEqual(await said(image.bytes), before);
  });
  for (const [name, choose] of Object.entries(DEBUG)) {
    await t.test(`for a debugger: ${name}`, async () => {
      const { passes } = debugPasses(compiled.debugText, choose);
      const image = await relinked(compiled, name, passes);
      assert.deepEqual(await said(image.bytes), before);
      assert.deepEqual(lostLines(parseDebugInfo(compiled.debugText), image.debug), []);
    });
  }
});

/**
 * Lines that could be stopped at as compiled and no longer can, but for those of functions that nothing calls, and for the ends
 * of functions, which the compiler writes also where no way leads to them.
 */
function lostLines(compiled: DebugInfo, relinkedOne: DebugInfo): string[] {
  const stops = new Set(linesOf(relinkedOne));
  const ends = new Set(compiled.functions.map(({ location }) => location[0]));
  return compiled.functions.flatMap(({ startpc, size }) => {
    const lines = linesOf(compiled, (pc, position) => {
      return pc >= startpc && pc < startpc + size && !ends.has(position);
    });
    const lost = lines.filter((line) => !stops.has(line));
    return lost.length === lines.length ? [] : lost;
  });
}

function linesOf(
  debug: DebugInfo,
  isWanted: (pc: number, position: number) => boolean = () => true,
): string[] {
  const places = new SourcePlaces(debug.sources);
  let pc = 0;
  return sourcePositions(debug).flatMap((position, index) => {
    pc += debug.srcmap[index * 3 + 2] as number;
    const { file, line } = places.at(position);
    return isWanted(pc, position) ? [`${file}:${line}`] : [];
  });
}
