// The main program's tables as rows of one. Property: who reads a table gets what was parsed for it, and nobody reads it sooner.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import { expr, isLabel, type Expr, type Line } from "../../../../scripts/relink/code.js";
import { type Fn, type Image } from "../../../../scripts/relink/image.js";
import { Names } from "../../../../scripts/relink/names.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { joinTables } from "../../../../scripts/relink/passes/one-table.js";
import { utf8String } from "../../../../scripts/relink/passes/strings.js";
import { parseOfVm } from "../../../../scripts/relink/passes/tables.js";
import { fn, giveBack, image, jump, label, literal, local, retVal, statement } from "../build.js";

const TEXTS = ["[1,2]", '["a"]', '{"b":3}', "[1,"];

const table = (text: number, global: number): Line[] => [
  statement(Op.call1, [parseOfVm(), expr(Op.utf8String, text)]),
  statement(Op.storeGlobal, [retVal()], global),
];
const global = (number: number): Expr => expr(Op.loadGlobal, number);
const row = (number: number): Expr => expr(Op.index, 0, [global(0), literal(number)]);
const builtin = (name: string, object: Expr): Expr =>
  expr(Op.builtinField, BUILTIN_STRINGS.indexOf(name), [object]);

function joined(
  main: Line[],
  reader: Line[] = [giveBack(global(1))],
  more: Partial<Fn> = {},
): Image {
  const made = image([fn([...main, giveBack(literal(0))], more), fn(reader)], ["main"], 300);
  made.utf8Strings = TEXTS.map((text) => utf8String(Buffer.from(text)));
  joinTables(made);
  return made;
}

function textsParsed(made: Image): (string | null)[] {
  const names = new Names(made);
  return (made.functions[0]?.lines ?? []).flatMap((line) =>
    !isLabel(line) && line.op === Op.call1 ? [names.stringOf(line.args[1])] : [],
  );
}

test("tables that the main program parses are rows of one", () => {
  const made = joined(
    [...table(0, 0), statement(Op.storeGlobal, [literal(4)], 7), ...table(1, 1), ...table(2, 2)],
    [
      statement(Op.storeGlobal, [global(0)], 8),
      giveBack(expr(Op.index, 0, [global(2), global(1)])),
    ],
  );
  assert.deepEqual(textsParsed(made), ['[[1,2],["a"],{"b":3}]']);
  assert.deepEqual(made.functions[1]?.lines, [
    statement(Op.storeGlobal, [row(0)], 8),
    giveBack(expr(Op.index, 0, [row(2), row(1)])),
  ]);
  assert.equal(made.functions[0]?.lines.length, 4);
});

test("a table that is stored again, led around, looked at at once or read by many stays", () => {
  const end = label();
  const again = label();
  const left = (main: Line[], reader?: Line[]): number => textsParsed(joined(main, reader)).length;
  const both = (): Line[] => [...table(0, 0), ...table(1, 1)];
  assert.equal(left(both()), 1);
  assert.equal(left(both(), [statement(Op.storeGlobal, [literal(1)], 1), giveBack(global(1))]), 2);
  const skipped = jump(end, Op.jumpIfFalse, [local(0)]);
  assert.equal(left([...table(0, 0), skipped, ...table(1, 1), end]), 2);
  const back = jump(again, Op.jumpIfFalse, [local(0)]);
  assert.equal(left([...table(0, 0), again, ...table(1, 1), back]), 2);
  assert.equal(left([...both(), statement(Op.storeLocal, [global(1)], 0)]), 2);
  assert.equal(left([...both(), statement(Op.storeLocal, [retVal()], 0)]), 2);
  const readers = Array.from({ length: 5 }, () => statement(Op.storeLocal, [global(1)], 0));
  assert.equal(left(both(), [...readers, giveBack(literal(0))]), 2);
});

test("nothing is parsed sooner than code of the program that could miss it", () => {
  const own = statement(Op.call0, [expr(Op.staticFunction, 1)]);
  const left = (...between: Line[]): number =>
    textsParsed(joined([...table(0, 0), ...between, ...table(1, 1)])).length;
  const push = (object: Expr): Line =>
    statement(Op.call2, [builtin("push", object), literal(1), literal(2)]);
  assert.equal(left(own), 2);
  assert.equal(left(statement(Op.callArray, [local(0), local(1)])), 2);
  assert.equal(left(statement(Op.call0, [expr(Op.dsField, BUILTIN_STRINGS.indexOf("sleep"))])), 2);
  assert.equal(left(push(local(0))), 2);
  assert.equal(left(statement(Op.allocArray, [literal(2)]), push(retVal())), 1);
  assert.equal(left(statement(Op.allocMap), push(retVal())), 2);
  const replaced = statement(Op.indexSet, [
    expr(Op.builtinObject, 35),
    expr(Op.builtinString, BUILTIN_STRINGS.indexOf("parse")),
    expr(Op.staticFunction, 1),
  ]);
  assert.equal(textsParsed(joined([replaced, ...table(0, 0), ...table(1, 1)])).length, 2);
});

test("a text that the VM refuses, and what a handler may look at, stay", () => {
  assert.deepEqual(textsParsed(joined([...table(0, 0), ...table(3, 1)])), ["[1,2]", "[1,"]);
  assert.equal(
    textsParsed(joined([...table(0, 0), ...table(1, 1)], undefined, { tryFrames: 1 })).length,
    2,
  );
});
