// The DeviceScript command of this tree. Properties that must hold:
// - only the known release of the stock command is loaded, and any other is refused by name;
// - a stock command whose text is not the known one is refused too, naming the line;
// - the commands that npm links lead to this one;
// - the debugger's table of breakpoints ends each of its groups behind all code.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DEBUG_CODE_BYTES_MAX } from "../../../scripts/relink/debugger.js";

const root = join(import.meta.dirname, "../../..");
const scratch = mkdtempSync(join(tmpdir(), "buddy-command-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** A tree with this command and a stock one of our making. */
function treeWith(name: string, manifest: object | null, source = ""): string {
  const tree = join(scratch, name);
  cpSync(join(root, "tools/devicescript"), join(tree, "tools/devicescript"), { recursive: true });
  const stock = join(tree, "node_modules/devicescript-stock");
  mkdirSync(join(stock, "built"), { recursive: true });
  if (manifest !== null) writeFileSync(join(stock, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(stock, "built/devicescript-cli.cjs"), source);
  return tree;
}

function run(tree: string): { status: number | null; stderr: string } {
  const command = join(tree, "tools/devicescript/devicescript");
  return spawnSync(process.execPath, [command, "--version"], { encoding: "utf8", cwd: tree });
}

test("another release of the stock command is refused by name", () => {
  const { status, stderr } = run(
    treeWith("newer", { name: "@devicescript/cli", version: "2.16.5" }),
  );
  assert.equal(status, 1);
  assert.equal(
    stderr,
    "devs: devicescript-stock is @devicescript/cli 2.16.5; the relinker knows @devicescript/cli 2.16.4 only: run `npm ci`\n",
  );
});

test("another package under the stock command's name is refused by name", () => {
  const { status, stderr } = run(treeWith("other", { name: "left-pad", version: "2.16.4" }));
  assert.equal(status, 1);
  assert.match(stderr, /devicescript-stock is left-pad 2\.16\.4;/);
});

test("a stock command that is not installed is named, with the remedy", () => {
  const { status, stderr } = run(treeWith("none", null));
  assert.equal(status, 1);
  assert.match(stderr, /\(devicescript-stock\) is not installed: run `npm ci`/);
});

test("a stock command of the right version with another text is refused, and the line named", () => {
  const manifest = { name: "@devicescript/cli", version: "2.16.4" };
  const { status, stderr } = run(treeWith("changed", manifest, "module.exports = {};"));
  assert.equal(status, 1);
  assert.match(
    stderr,
    /"\(\{ binary, dbg \} = this\.serialize\(\)\);" stands in it 0 times, not 2/,
  );
});

test("the version that is refused otherwise is the one that package.json pins", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  assert.equal(manifest.dependencies["devicescript-stock"], "npm:@devicescript/cli@2.16.4");
  assert.equal(manifest.dependencies["@devicescript/cli"], "file:tools/devicescript");
});

for (const name of ["devs", "devicescript"]) {
  test(`F1: node_modules/.bin/${name} leads to the command of this tree`, () => {
    const link = join(root, "node_modules/.bin", name);
    const result = spawnSync(process.execPath, ["-r", loaded(), link, "--version"], {
      encoding: "utf8",
      cwd: root,
    });
    assert.equal(result.status, 0, result.stderr);
    assert.match(result.stdout, /^devs: v2\.16\.4, runtime: v2\.16\.4/);
    assert.match(result.stdout, /^loaded tools\/devicescript$/m);
  });
}

test("the ends of the breakpoints' groups are one a group, and behind all code for a debugger", () => {
  const { breakpointEnds } = createRequire(import.meta.url)(
    join(root, "tools/devicescript/built/breakpoints.cjs"),
  ) as { breakpointEnds: number[] };
  const groups = new Set(breakpointEnds.map((pc) => pc & 31));
  assert.equal(groups.size, 32);
  assert.equal(breakpointEnds.length, 32);
  assert.equal(Math.min(...breakpointEnds), DEBUG_CODE_BYTES_MAX);
  assert.equal(Math.max(...breakpointEnds), 0xffff);
});

/** Says at the end whether this tree's command was loaded. */
function loaded(): string {
  const file = join(scratch, "loaded.cjs");
  writeFileSync(
    file,
    `process.on("exit", () => {
  const { buddyDevs } = globalThis;
  if (typeof buddyDevs?.relink === "function") console.log("loaded tools/devicescript");
});`,
  );
  return file;
}
