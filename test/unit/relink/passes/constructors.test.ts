// Plain objects in the place of classes. Property: only where nobody can tell: one place that makes them, no prototype, no
// question for the class; arguments are taken before the object is made, and the object is what comes out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import { expr, type Expr, type Line } from "../../../../scripts/relink/code.js";
import type { Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { makePlainObjects } from "../../../../scripts/relink/passes/constructors.js";
import { fn, giveBack, image, literal, local, retVal, statement, store } from "../build.js";
import { bytesOf } from "../outcome.js";

const CLASS = 1;
const make = (...args: Expr[]): Line =>
  statement(Op.call0 + args.length, [expr(Op.new, 0, [expr(Op.staticFunction, CLASS)]), ...args]);
const set = (object: Expr, value: Expr): Line =>
  statement(Op.indexSet, [object, expr(Op.asciiString, 0), value]);

/** Function 1 is a constructor that stores its first argument. */
function program(lines: Line[], constructor: Line[] = [set(local(0), local(1))]): Image {
  return image([
    fn([...lines, giveBack(retVal())], { slots: 2 }),
    fn([...constructor, giveBack(expr(Op.undefined))], { args: 2, slots: 2, flags: 3 }),
  ]);
}
test("a class that is made in one place is a plain object there", () => {
  const made = program([make(literal(5))]);
  makePlainObjects(made);
  const [main, constructor] = made.functions;
  assert.deepEqual(
    bytesOf(main?.lines),
    bytesOf([
      statement(Op.allocMap),
      statement(Op.call2, [expr(Op.staticFunction, CLASS), retVal(), literal(5)]),
      giveBack(retVal()),
    ]),
  );
  assert.deepEqual(
    bytesOf(constructor?.lines),
    bytesOf([set(local(0), local(1)), giveBack(local(0))]),
  );
  assert.equal(constructor?.flags, 0);
});

test("an argument in ret_val() is taken before the object is made", () => {
  const made = program([make(expr(Op.neg, 0, [retVal()]))]);
  makePlainObjects(made);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([
      store(2, retVal()),
      statement(Op.allocMap),
      statement(Op.call2, [expr(Op.staticFunction, CLASS), retVal(), expr(Op.neg, 0, [local(2)])]),
      giveBack(retVal()),
    ]),
  );
  assert.equal(made.functions[0]?.slots, 3);
});

test("a class that somebody may recognise stays a class", () => {
  const field = (name: string, object: Expr): Expr =>
    expr(Op.builtinField, BUILTIN_STRINGS.indexOf(name), [object]);
  const asked = (name: string): Line => store(0, field(name, local(1)));
  const named = expr(Op.staticFunction, CLASS);
  const twice = program([make(literal(1)), make(literal(2))]);
  for (const made of [
    twice,
    program([make(literal(1)), store(0, expr(Op.instanceOf, 0, [local(0), named]))]),
    program([
      make(literal(1)),
      statement(Op.indexSet, [field("prototype", named), literal(1), literal(2)]),
    ]),
    program([make(literal(1)), asked("constructor")]),
    program([make(literal(1)), asked("__proto__")]),
    program([
      make(literal(1)),
      statement(Op.call1, [
        expr(Op.objectField, BUILTIN_STRINGS.indexOf("getPrototypeOf")),
        local(0),
      ]),
    ]),
    program([make(literal(1))], [store(0, literal(3))]),
    program([make(literal(1))], [giveBack(literal(3))]),
  ]) {
    const before = made.functions.map(({ lines }) => bytesOf(lines));
    makePlainObjects(made);
    assert.deepEqual(
      made.functions.map(({ lines }) => bytesOf(lines)),
      before,
    );
    assert.equal(made.functions[CLASS]?.flags, 3);
  }
});
