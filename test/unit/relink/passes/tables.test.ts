// Tables of constants as texts. Property: the VM parses the very constants that were written; nothing else becomes a text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import { expr, type Expr, type Line } from "../../../../scripts/relink/code.js";
import type { Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { packTables } from "../../../../scripts/relink/passes/tables.js";
import { PASSES } from "../../../../scripts/relink/relink.js";
import { fn, giveBack, image, literal, local, retVal, statement, store } from "../build.js";
import { bytesOf } from "../outcome.js";

const builtin = (name: string, object: Expr): Expr =>
  expr(Op.builtinField, BUILTIN_STRINGS.indexOf(name), [object]);
const push = (...values: Expr[]): Line =>
  statement(Op.call0 + values.length, [builtin("push", local(3)), ...values]);
const alloc = (): Line[] => [statement(Op.allocArray, [literal(9)]), store(3, retVal())];
const call = (value: Expr): Line => statement(Op.call1, [local(3), value]);
const float = (index: number): Expr => expr(Op.literalFloat, index);

/** Floats 0 to 2 of the image are 0.1, a whole number and no number. */
function packed(lines: Line[]): Image {
  const made = image([fn(lines)]);
  const bits = (value: number): bigint =>
    new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
  made.floats = [bits(0.1), 0xffffffff_fffffff0n, bits(NaN)];
  packTables(made);
  return made;
}
test("an array of numbers becomes one text that the VM parses", () => {
  const eight = [
    literal(1),
    literal(-2),
    literal(300),
    float(0),
    float(1),
    ...[5, 6, 7].map(literal),
  ];
  const made = packed([...alloc(), push(...eight), push(literal(8)), giveBack(local(3))]);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([
      statement(Op.call1, [builtin("parse", expr(Op.builtinObject, 35)), expr(Op.utf8String, 0)]),
      store(3, retVal()),
      giveBack(local(3)),
    ]),
  );
  const [text] = made.utf8Strings;
  assert.equal(
    Buffer.from(text?.slice(6) ?? [])
      .toString("latin1")
      .slice(-29),
    "[1,-2,300,0.1,-16,5,6,7,8]",
  );
});

test("empty arrays, what is no number and what is computed stay as they are", () => {
  const eight = (value: Expr): Expr[] => [...[1, 2, 3, 4, 5, 6, 7].map(literal), value];
  for (const lines of [
    [...alloc(), giveBack(local(3))],
    [...alloc(), call(literal(1)), giveBack(local(3))],
    [...alloc(), statement(Op.call1, [builtin("push", local(4)), literal(1)]), giveBack(local(3))],
    [...alloc(), push(...eight(local(1))), giveBack(local(3))],
    [...alloc(), push(...eight(float(2))), giveBack(local(3))],
    [...alloc(), push(...eight(expr(Op.undefined))), giveBack(local(3))],
    // What `push` gives is wanted.
    [...alloc(), push(...eight(literal(8))), giveBack(retVal())],
  ]) {
    const before = bytesOf(lines);
    assert.deepEqual(bytesOf(packed(lines).functions[0]?.lines), before);
  }
});

test("texts and truths in a table are quoted, and what is no ASCII stays in the code", () => {
  const texts = (...names: string[]): Image => {
    const values = [...names.map((_, index) => expr(Op.asciiString, index)), expr(Op.true)];
    const made = image([fn([...alloc(), push(...values), giveBack(local(3))])], names);
    packTables(made);
    return made;
  };
  const names = ["a", 'b"c', "d\\", "e", "f", "g"];
  const [text] = texts(...names).utf8Strings;
  const json = Buffer.from(text ?? []).toString("latin1");
  assert.deepEqual(JSON.parse(json.slice(json.indexOf("["))), [...names, true]);
  assert.deepEqual(texts(...names, "\x7f").utf8Strings, []);
});

test("what is pushed behind the constants is pushed behind what was parsed", () => {
  const constants = [1, 2, 3, 4, 5, 6, 7, 8].map(literal);
  const made = packed([...alloc(), push(...constants), push(local(1)), giveBack(local(3))]);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines.slice(-2)),
    bytesOf([push(local(1)), giveBack(local(3))]),
  );
  assert.equal(made.functions[0]?.lines.length, 4);
});

test("a table in any function is one text", () => {
  const lines = [...alloc(), push(...[1, 2, 3, 4, 5, 6, 7, 8].map(literal)), giveBack(local(3))];
  const made = image([fn([giveBack(literal(0))]), fn(lines)]);
  packTables(made);
  assert.deepEqual(textsOf(made), ["[1,2,3,4,5,6,7,8]"]);
});

const named = (index: number): Expr => expr(Op.asciiString, index);
const makeObject = (slot: number): Line[] => [statement(Op.allocMap), store(slot, retVal())];
const set = (slot: number, name: number, value: Expr): Line =>
  statement(Op.indexSet, [local(slot), named(name), value]);
const readField = (slot: number, name: number): Line =>
  giveBack(expr(Op.asciiField, name, [local(slot)]));

function textsOf({ utf8Strings }: Image): string[] {
  return utf8Strings.map((text) => {
    const whole = Buffer.from(text).toString("latin1");
    return whole.slice(whole.search(/[[{]/));
  });
}
function packedWith(strings: string[], lines: Line[]): Image {
  const made = image([fn(lines)], strings);
  packTables(made);
  return made;
}

test("rows of a table are in its text, whether arrays or objects", () => {
  const two = [makeObject(4), set(4, 0, literal(1)), set(4, 1, expr(Op.true))].flat();
  const rows = [...alloc(), ...two, makeObject(5), set(5, 0, literal(2))].flat();
  const pushed = statement(Op.call2, [builtin("push", local(3)), local(4), local(5)]);
  assert.deepEqual(textsOf(packedWith(["a", "b"], [...rows, pushed, giveBack(local(3))])), [
    '[{"a":1,"b":true},{"a":2}]',
  ]);
  const inner = [...alloc(), push(literal(7), literal(8), literal(9))];
  const outer = [...makeObject(6), ...inner, set(6, 0, local(3)), set(6, 1, literal(-1))];
  assert.deepEqual(textsOf(packedWith(["a", "b"], [...outer, readField(6, 0)])), [
    '{"a":[7,8,9],"b":-1}',
  ]);
});

test("a row that is wanted elsewhere, or gets more fields later, keeps its object in the code", () => {
  const row = [...makeObject(4), set(4, 0, literal(1)), set(4, 1, literal(2))];
  const pushed = statement(Op.call1, [builtin("push", local(3)), local(4)]);
  const more = set(4, 0, local(7));
  for (const lines of [
    [...alloc(), ...row, pushed, readField(4, 0)],
    [...alloc(), ...row, more, pushed, giveBack(local(3))],
  ]) {
    const before = bytesOf(lines);
    assert.deepEqual(bytesOf(packedWith(["a", "b"], lines).functions[0]?.lines), before);
  }
});

test("an object is a text only where no code reads a field by one of its names", () => {
  const object = [...makeObject(4), set(4, 0, literal(1)), set(4, 1, literal(2))];
  const byName = giveBack(expr(Op.index, 0, [local(4), local(7)]));
  assert.deepEqual(textsOf(packedWith(["200", "404"], [...object, byName])), ['{"200":1,"404":2}']);
  assert.deepEqual(textsOf(packedWith(["a", "b"], [...object, readField(4, 1)])), []);
  const proto = packedWith(["__proto__", "b"], [...object, byName]);
  assert.deepEqual(textsOf(proto), []);
});

test("no pass before it hides a table from it", () => {
  const table = [...alloc(), push(...[1, 2, 3, 4, 5, 6, 7, 8].map(literal))];
  const made = image(
    [fn([...table, statement(Op.storeGlobal, [local(3)]), giveBack(expr(Op.loadGlobal, 0))])],
    ["main"],
    1,
  );
  for (const pass of PASSES) pass.run(made);
  assert.deepEqual(
    made.utf8Strings.map((text) => Buffer.from(text.slice(6)).toString("latin1")),
    ["[1,2,3,4,5,6,7,8]"],
  );
});
