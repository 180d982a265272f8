// Fields of one object as globals. Property: what a field held is what its global holds, and only objects that are made once lose one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, type Expr, type Line, type Statement } from "../../../../scripts/relink/code.js";
import type { Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { settleGlobals } from "../../../../scripts/relink/passes/globals.js";
import { makeGlobals } from "../../../../scripts/relink/passes/sole-fields.js";
import {
  fn,
  giveBack,
  image,
  jump,
  label,
  literal,
  local,
  retVal,
  statement,
  store,
} from "../build.js";

const LEVEL = 1;
const read = (object: Expr): Expr => expr(Op.asciiField, LEVEL, [object]);
const write = (object: Expr, value: Expr): Statement =>
  statement(Op.indexSet, [object, expr(Op.asciiString, LEVEL), value]);
const make = (): Line => statement(Op.call0, [expr(Op.staticFunction, 1)]);
const loadGlobal = (number: number): Expr => expr(Op.loadGlobal, number);
const storeGlobal = (number: number, value: Expr): Statement =>
  statement(Op.storeGlobal, [value], number);

/** The second function makes the object; `main` calls it. */
function withMaker(main: Line[], name = "level", isSetFirst = true): Image {
  const written = write(retVal(), literal(7));
  const looked = read(local(0));
  const maker = fn([statement(Op.allocMap), written, giveBack(retVal())]);
  const made = image([fn([...main, giveBack(looked)]), maker], ["main", name], 1);
  made.soleFields = [{ name, isSetFirst, maker: made.functions[1], uses: [written, looked] }];
  makeGlobals(made);
  return made;
}

test("a field of what is made once becomes a global", () => {
  const made = withMaker([make()]);
  assert.deepEqual(made.functions[0]?.lines.at(-1), giveBack(loadGlobal(1)));
  assert.deepEqual(made.functions[1]?.lines[1], storeGlobal(1, literal(7)));
  assert.equal(made.globals.length, 2);
  assert.deepEqual(made.fields, [{ name: "level", isSetFirst: true }]);
});

test("what is made twice, in a loop, by a fiber, or knows itself keeps its fields", () => {
  const again = label();
  const more = jump(again, Op.jumpIfFalse, [local(1)]);
  const started = statement(Op.call0, [expr(Op.builtinField, 0, [expr(Op.staticFunction, 1)])]);
  for (const main of [[make(), make()], [again, make(), more], [started], []]) {
    assert.deepEqual(withMaker(main).functions[0]?.lines.at(-1), giveBack(read(local(0))));
  }
});

test("names that the VM reads stay", () => {
  assert.deepEqual(
    withMaker([make()], "name").functions[0]?.lines.at(-1),
    giveBack(read(local(0))),
  );
});

test("a field that is always the same is what it is, and its empty object goes", () => {
  const made = withMaker([make()]);
  settleGlobals(made);
  assert.deepEqual(made.functions[0]?.lines.at(-1), giveBack(literal(7)));
  assert.equal(
    made.functions[1]?.lines.some(({ op }) => op === Op.storeGlobal),
    false,
  );
});

test("a field that somebody may look at before it is set stays", () => {
  const made = withMaker([make()], "level", false);
  settleGlobals(made);
  assert.deepEqual(made.functions[0]?.lines.at(-1), giveBack(loadGlobal(1)));
});

test("a field that is set twice stays, and a global of the sources, too", () => {
  const twice = withMaker([make(), storeGlobal(1, literal(8))]);
  settleGlobals(twice);
  assert.deepEqual(twice.functions[0]?.lines.at(-1), giveBack(loadGlobal(1)));
  const own = withMaker([make(), storeGlobal(0, literal(3)), store(0, loadGlobal(0))]);
  settleGlobals(own);
  assert.deepEqual(own.functions[0]?.lines[2], store(0, loadGlobal(0)));
});

test("a store that nothing reads goes unless it may throw", () => {
  const throwing = storeGlobal(0, read(local(0)));
  const made = image(
    [fn([storeGlobal(0, literal(3)), throwing, giveBack(literal(0))])],
    ["main", "x"],
    1,
  );
  settleGlobals(made);
  assert.deepEqual(made.functions[0]?.lines, [throwing, giveBack(literal(0))]);
});

test("an empty object that somebody takes stays", () => {
  const made = image([fn([statement(Op.allocMap), giveBack(retVal())])]);
  settleGlobals(made);
  assert.equal(made.functions[0]?.lines.length, 2);
});

test("that a field is undefined at first needs no saying, if it is said before anybody looks", () => {
  for (const isSetFirst of [true, false]) {
    const unset = write(retVal(), expr(Op.undefined));
    const later = write(local(0), literal(7));
    const looked = read(local(0));
    const maker = fn([statement(Op.allocMap), unset, giveBack(retVal())]);
    const made = image([fn([make(), later, giveBack(looked)]), maker], ["main", "level"]);
    const uses = [unset, later, looked];
    made.soleFields = [{ name: "level", isSetFirst, maker: made.functions[1], uses }];
    makeGlobals(made);
    const stores = made.functions.map(({ lines }) =>
      lines.filter(({ op }) => op === Op.storeGlobal),
    );
    assert.deepEqual(stores, [
      [storeGlobal(0, literal(7))],
      isSetFirst ? [] : [storeGlobal(0, expr(Op.undefined))],
    ]);
  }
});
