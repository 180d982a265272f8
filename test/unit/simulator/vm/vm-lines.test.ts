// What the VM prints. Properties: console, panic, restart and death are told apart; a program cannot fake a panic or
// a death by printing one; lines of any length and cut are bounded.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LineReader, readVmLine } from "../../../../src/simulator/vm/vm-lines.js";

const ink = (colour: number, text: string): string => `WASM> \u001b[${colour}m${text}\u001b[0m`;

test("the program's console comes without the tool's decoration, with its level", () => {
  const read = (raw: string): unknown => readVmLine(raw, "out");
  assert.deepEqual(read(`${ink(95, "hello 1")}\r`), {
    kind: "console",
    level: "log",
    text: "hello 1",
  });
  assert.deepEqual(read(ink(91, "bad")), { kind: "console", level: "error", text: "bad" });
  assert.deepEqual(read(ink(34, "dull")), { kind: "console", level: "debug", text: "dull" });
  assert.deepEqual(read(ink(33, " at f \u001b[36m(a.ts:1:2)\u001b[0m")), {
    kind: "console",
    level: "note",
    text: " at f (a.ts:1:2)",
  });
  assert.deepEqual(read("WASM> plain"), { kind: "console", level: "log", text: "plain" });
});

test("A1: a panic carries its code", () => {
  assert.deepEqual(readVmLine("PANIC 60005", "out"), { kind: "panic", code: 60005 });
});

test("A1: a restart that the program asked for is not a panic", () => {
  assert.deepEqual(readVmLine(ink(33, "RESTART requested"), "out"), { kind: "restart" });
});

test("A1: each death of the VM is recognised on stderr", () => {
  for (const text of [
    "Aborted(native code called abort())",
    "RuntimeError: unreachable",
    "ExitStatus { name: 'ExitStatus', status: 0 }",
    "exception: can't connect to 127.0.0.1:8082",
  ]) {
    assert.equal(readVmLine(text, "err").kind, "dead", text);
  }
});

test("a program that prints the words of a panic or a death changes nothing", () => {
  assert.equal(readVmLine(ink(95, "PANIC 60005"), "out").kind, "console");
  assert.equal(readVmLine(ink(95, "RESTART requested"), "out").kind, "console");
  assert.equal(readVmLine("Aborted(no)", "out").kind, "talk");
  assert.equal(readVmLine("PANIC at the disco", "out").kind, "talk");
});

test("lines are put together again, and cut when they never end", () => {
  const reader = new LineReader(10);
  assert.deepEqual(reader.read("ab"), []);
  assert.deepEqual(reader.read("c\nd\n\n"), ["abc", "d"]);
  assert.deepEqual(reader.read("0123456789abcdef"), []);
  assert.deepEqual(reader.read("\nx\n"), ["0123456789", "x"]);
});
