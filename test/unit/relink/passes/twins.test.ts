// Equal functions as one. Property: whoever named one of two that do the same names the one that is left; what is more than what
// it does stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import { expr, type Expr, type Line } from "../../../../scripts/relink/code.js";
import type { Fn } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { mergeTwins } from "../../../../scripts/relink/passes/twins.js";
import { fn, giveBack, image, literal, local, statement, store } from "../build.js";

const named = (number: number): Expr => expr(Op.staticFunction, number);
const call = (number: number): Line => statement(Op.call1, [named(number), literal(7)]);

/** Numbers of the functions that main names, one for each call, behind the pass. */
function left(functions: Fn[], uses: Line[] = functions.map((_, at) => call(at + 1))): number[] {
  const made = image([fn([...uses, giveBack(literal(0))]), ...functions]);
  mergeTwins(made);
  const lines = made.functions[0]?.lines ?? [];
  return lines
    .slice(0, functions.length)
    .map((line) => (line as { args: Expr[] }).args[0]?.num ?? -1);
}

const nothing = (more: Partial<Fn> = {}): Fn => fn([giveBack(expr(Op.undefined))], more);
const twice = (more: Partial<Fn> = {}): Fn =>
  fn([store(1, local(0)), giveBack(expr(Op.add, 0, [local(1), local(1)]))], { args: 1, ...more });

test("functions that do the same become one, those without locals whatever they are given", () => {
  assert.deepEqual(
    left([nothing(), twice(), nothing({ args: 1, slots: 1 }), twice()]),
    [1, 2, 1, 2],
  );
});

test("others, with other parameters or handlers, stay apart", () => {
  assert.deepEqual(left([nothing(), fn([giveBack(expr(Op.null))])]), [1, 2]);
  assert.deepEqual(left([twice(), twice({ args: 0 })]), [1, 2]);
  assert.deepEqual(left([nothing(), nothing({ tryFrames: 1 })]), [1, 2]);
});

test("methods, constructors, what has a prototype and what closures are made of stay", () => {
  assert.deepEqual(left([nothing(), nothing({ flags: 1 })]), [1, 2]);
  const prototype = expr(Op.builtinField, BUILTIN_STRINGS.indexOf("prototype"), [named(2)]);
  const isOne = expr(Op.instanceOf, 0, [local(0), named(2)]);
  for (const more of [prototype, isOne, expr(Op.makeClosure, 2)]) {
    assert.deepEqual(left([nothing(), nothing()], [call(1), call(2), store(3, more)]), [1, 2]);
  }
  const inner = (): Fn => fn([giveBack(expr(Op.loadClosure, 0, [literal(1)]))]);
  assert.deepEqual(left([inner(), inner()]), [1, 2]);
});
