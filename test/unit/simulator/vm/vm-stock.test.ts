// The VM without the command around it. Properties: VM and stack frames come out of the stock file as they stand; a heading that
// lies across two blocks of the file is found; a file of another version is named, with what was expected. What finds the places of
// stack frames is dropped when a fault has been told.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { cliPath } from "../../../../src/simulator/vm/paths.js";

const { Frames, loadStockPart } = createRequire(import.meta.url)(
  "../../../../src/simulator/vm/vm-stock.cjs",
) as {
  Frames: new (file: string, debugFile: string) => { read(text: string): string };
  loadStockPart(file: string, name: "vm" | "frames"): unknown;
};

/** A file of the stock command's shape. */
function commandOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "stock-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "command.cjs");
  writeFileSync(file, text);
  return file;
}

const part = (body: string): string =>
  `\n// runtime/devicescript-vm/built/devicescript-vm.js\nvar require_it = __commonJS({\n  "it.js"(exports, module2) {\n${body}\n  }\n});\n`;

/** Of a program whose source is there. */
const debugOf = (source: string): object => ({
  functions: [{ name: "main", startpc: 100, size: 20 }],
  sources: [{ path: source, length: 12, text: "one();\ntwo()" }],
  // Position 7, 5 long, from pc 100 on.
  srcmap: [7, 5, 100],
});

test("the VM's factory comes out of the stock command", () => {
  assert.equal(typeof loadStockPart(cliPath(), "vm"), "function");
});

test("a stack frame gets its place in the source by the stock command's own code", () => {
  const { parseStackFrame } = loadStockPart(cliPath(), "frames") as {
    parseStackFrame(debug: object, line: string): { markedLine: string };
  };
  const { markedLine } = parseStackFrame(debugOf("src/a.ts"), " at main_F0 (pc:3)");
  assert.match(markedLine, /src\/a\.ts:2:1/);
});

test("G7: a quiet VM does not hold what finds the places of stack frames", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = mkdtempSync(path.join(tmpdir(), "stock-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "debug.json");
  const built = (source: string): void => writeFileSync(file, JSON.stringify(debugOf(source)));
  const frames = new Frames(cliPath(), file);
  assert.equal(frames.read("hello"), "hello");
  assert.equal(frames.read(" at main_F0 (pc:3)"), " at main_F0 (pc:3)", "no debug data");
  t.mock.timers.tick(10_000);
  built("src/a.ts");
  assert.match(frames.read(" at main_F0 (pc:3)"), /src\/a\.ts:2:1/);
  built("src/b.ts");
  t.mock.timers.tick(9999);
  assert.match(frames.read(" at main_F0 (pc:3)"), /src\/a\.ts/, "the next frame of the same fault");
  t.mock.timers.tick(10_000);
  assert.match(frames.read(" at main_F0 (pc:3)"), /src\/b\.ts/, "loaded anew");
});

test("a part is found wherever it lies in the file, and runs alone", (t) => {
  const text = part("    module2.exports = { answer: 42 };");
  for (const before of [0, (1 << 20) - 20, (1 << 20) - 1, 3_000_000]) {
    const file = commandOf(t, `${"x".repeat(before)}${text}throw new Error("not this");\n`);
    assert.deepEqual(loadStockPart(file, "vm"), { answer: 42 }, `after ${before} bytes`);
  }
});

test("a command of another version is named, with what was expected in it", (t) => {
  const file = commandOf(t, "var require_other = 1;\n");
  assert.throws(
    () => loadStockPart(file, "vm"),
    (error: Error) =>
      error.message.includes('expected "// runtime/devicescript-vm/built/devicescript-vm.js"') &&
      error.message.includes(file),
  );
});
