// Runs every test under test/device in the stock VM, as firmware is run: compiled, relinked, accepted by the VM's
// verifier. So each of them also proves the relinker. `--test-self-exit` is essential: without it the
// tool reports success whatever the tests did.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { visitExprs } from "../scripts/relink/code.js";
import { parseImage, statementsOf, type Image } from "../scripts/relink/image.js";
import { Op } from "../scripts/relink/opcodes.js";
import { Names } from "../scripts/relink/names.js";
import { spreadStrings } from "../scripts/relink/passes/strings.js";
import { PASSES, relink, type Pass } from "../scripts/relink/relink.js";
import { makeResolver } from "../scripts/relink/types/resolver.js";
import { loadVm, verifyImage } from "../scripts/relink/verify.js";
import { compare } from "./relink/differ.js";
import { run } from "./relink/vm.js";

const root = join(import.meta.dirname, "..");
const cli = join(root, "node_modules/@devicescript/cli/devicescript");
const bundle = join(root, "node_modules/devicescript-stock/built/devicescript-cli.cjs");
const bin = join(root, ".devicescript/bin");
const files = readdirSync(join(import.meta.dirname, "device"))
  .filter((name) => name.endsWith(".test.ts"))
  .sort();
const scratch = mkdtempSync(join(tmpdir(), "buddy-device-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

function devs(args: string[]): string {
  const result = spawnSync(process.execPath, [cli, ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, BUDDY_IMAGE: "compiled" },
  });
  assert.equal(result.status, 0, `${result.stdout}${result.stderr}`);
  return result.stdout + result.stderr;
}

/** Compiles a program, relinks it and returns both images' files. */
async function images(
  program: string,
  passes: readonly Pass[] = PASSES,
): Promise<{ compiled: string; relinked: string }> {
  rmSync(join(bin, "bytecode.devs"), { force: true });
  devs(["build", "--no-verify", program]);
  const raw = readFileSync(join(bin, "bytecode.devs"));
  const { bytes } = relink(raw, readFileSync(join(bin, "bytecode-dbg.json"), "utf8"), {
    passes,
    resolver: makeResolver(program, root),
  });
  assert.equal(await verifyImage(bytes, bundle), 0, "the VM refuses the relinked image");
  const compiled = join(scratch, "compiled.devs");
  const relinked = join(scratch, "relinked.devs");
  writeFileSync(compiled, raw);
  writeFileSync(relinked, bytes);
  return { compiled, relinked };
}

assert.ok(files.length > 0, "no device tests found");
for (const file of files) {
  test(`in the VM: ${file}`, async () => {
    const { relinked } = await images(`test/device/${file}`);
    const output = devs(["run", relinked, "--test", "--test-self-exit", "-T", "20000"]);
    const ran = /tests: (\d+), pass: (\d+), error: 0/.exec(output);
    assert.ok(ran && Number(ran[1]) > 0 && ran[1] === ran[2], `no test ran: ${output}`);
  });
}

/** What a program that counts its lines says, by a clock that only waits for the program. */
async function said(image: string): Promise<string[]> {
  const lines = await run(await loadVm(bundle), readFileSync(image), true);
  return lines.filter((line) => /^> .*\d+ [a-z]+/.test(line));
}

test("ten classes that share the names of their methods: every call is direct", async () => {
  const { compiled, relinked } = await images("test/device/programs/natural-names.ts");
  const before = await said(compiled);
  assert.match(before.join("\n"), /said \d things/, "it did not come to its end");
  assert.deepEqual(await said(relinked), before);
  const named = (file: string): string[] => {
    const image = parseImage(readFileSync(file));
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
  assert.ok(named(compiled).length > 40);
  // The one field that is called like them: set, and read.
  assert.deepEqual(named(relinked), ["take", "take"]);
});

test("random programs say the same before and after each pass, alone and all together", async () => {
  const vm = await loadVm(bundle);
  // Two images, full as compiled. `npm run relink:random` takes any seeds, and as many as one likes.
  for (const first of [1, 101]) {
    const seeds = Array.from({ length: 18 }, (_, index) => first + index);
    const { differences, lines } = await compare(seeds, root, vm);
    assert.deepEqual(differences, [], `npm run relink:random -- --seed ${first} --seeds 18`);
    assert.ok(lines > 150, `the programs said only ${lines} lines`);
  }
});

test("a program of every kind of statement says the same before and after relinking", async () => {
  // It has too few strings to fill a table, so all that may move do.
  const moveStrings = { name: "all strings moved", run: (image: Image) => spreadStrings(image, 0) };
  const { compiled, relinked } = await images("test/device/programs/torture.ts", [
    ...PASSES.slice(0, -1),
    moveStrings,
    ...PASSES.slice(-1),
  ]);
  const before = await said(compiled);
  assert.match(before.join("\n"), /said \d{3} things/, "it did not come to its end");
  assert.deepEqual(await said(relinked), before);
});
