// Constants computed, operations for calls, results used where they are. Property: the same value as the VM would compute,
// and nothing computed that would be of another kind there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import { expr, type Expr, type Line } from "../../../../scripts/relink/code.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { useRetVal } from "../../../../scripts/relink/passes/copies.js";
import { fold } from "../../../../scripts/relink/passes/fold.js";
import { askForUndefined, useOperations } from "../../../../scripts/relink/passes/natives.js";
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
import { bytesOf } from "../outcome.js";

const of = (op: number, ...args: Expr[]): Expr => expr(op, 0, args);
const numbers = (op: number, ...values: number[]): Expr => of(op, ...values.map(literal));
test("operations on whole numbers are computed as the VM does", () => {
  const results: [Expr, Expr][] = [
    [numbers(Op.sub, 32, 5), literal(27)],
    [numbers(Op.add, -3, 2), literal(-1)],
    [numbers(Op.mul, 1000, -7), literal(-7000)],
    [numbers(Op.shiftLeft, 1, 33), literal(2)],
    [numbers(Op.shiftRight, -8, 1), literal(-4)],
    [numbers(Op.shiftRightUnsigned, -1, 28), literal(15)],
    [numbers(Op.bitXor, 6, 3), literal(5)],
    [numbers(Op.bitNot, 0), literal(-1)],
    [numbers(Op.neg, 4), literal(-4)],
    [numbers(Op.neg, 0), literal(0)],
    [numbers(Op.lt, 1, 2), expr(Op.true)],
    [numbers(Op.eq, 1, 2), expr(Op.false)],
    [numbers(Op.not, 0), expr(Op.true)],
  ];
  for (const [node, result] of results) assert.deepEqual(fold(node), result);
});

test("what would be another kind of number, or is no constant, is left to the VM", () => {
  const max = 2 ** 31 - 1;
  for (const node of [
    numbers(Op.add, max, 1),
    numbers(Op.sub, -max, 2),
    numbers(Op.mul, max, max),
    numbers(Op.neg, -(2 ** 31)),
    numbers(Op.shiftRightUnsigned, -1, 0),
    numbers(Op.div, 4, 2),
    of(Op.add, local(0), literal(0)),
    of(Op.add, literal(1), expr(Op.asciiString, 0)),
    of(Op.not, expr(Op.undefined)),
  ]) {
    assert.equal(fold(node), null);
  }
});

test("x | 0 is an operation of its own, and none where x is a whole number already", () => {
  assert.deepEqual(fold(of(Op.bitOr, local(0), literal(0))), of(Op.toInt, local(0)));
  const shifted = of(Op.shiftLeft, local(0), literal(1));
  assert.deepEqual(fold(of(Op.toInt, shifted)), shifted);
  assert.equal(fold(of(Op.toInt, of(Op.shiftRightUnsigned, local(0), literal(1)))), null);
  assert.equal(fold(of(Op.bitOr, local(0), literal(1))), null);
});

const abs = (): Expr => expr(Op.mathField, BUILTIN_STRINGS.indexOf("abs"));

test("the absolute of a number is an operation, unless the program has its own or the function is a value", () => {
  const call = (): Line => statement(Op.call1, [abs(), local(0)]);
  const key = expr(Op.builtinString, BUILTIN_STRINGS.indexOf("abs"));
  const own = (name: Expr): Line =>
    statement(Op.indexSet, [expr(Op.builtinObject, 0), name, local(1)]);
  for (const [lines, result] of [
    [[call()], [statement(Op.storeRetVal, [of(Op.abs, local(0))])]],
    [[store(3, abs())], [store(3, abs())]],
    [
      [call(), own(key)],
      [call(), own(key)],
    ],
    [
      [call(), own(local(2))],
      [call(), own(local(2))],
    ],
  ] as const) {
    const made = image([fn([...lines, giveBack(retVal())])]);
    useOperations(made);
    assert.deepEqual(
      bytesOf(made.functions[0]?.lines ?? []),
      bytesOf([...result, giveBack(retVal())]),
    );
  }
});

test("undefined is asked for in two operations, null and its opposite are not", () => {
  const asked = (value: Expr): Expr => {
    const made = image([fn([giveBack(value)])]);
    askForUndefined(made);
    const [line] = made.functions[0]?.lines ?? [];
    return (line as { args: Expr[] }).args[0] as Expr;
  };
  const undefinedValue = expr(Op.undefined);
  assert.deepEqual(asked(of(Op.eq, local(0), undefinedValue)), of(Op.isUndefined, local(0)));
  for (const node of [of(Op.ne, local(0), undefinedValue), of(Op.eq, local(0), expr(Op.null))]) {
    assert.deepEqual(asked(node), node);
  }
});

function atHand(lines: Line[]): number[] {
  const made = image([fn(lines, { args: 1 })]);
  useRetVal(made);
  return bytesOf(made.functions[0]?.lines ?? []);
}
const set = (object: Expr): Line =>
  statement(Op.indexSet, [object, expr(Op.asciiString, 0), literal(1)]);
const call = (...args: Expr[]): Line => statement(Op.call0 + args.length, [local(0), ...args]);

test("what is in ret_val() is used there until something else comes there", () => {
  assert.deepEqual(
    atHand([
      statement(Op.allocMap),
      store(3, retVal()),
      set(local(3)),
      set(local(3)),
      giveBack(local(3)),
    ]),
    bytesOf([statement(Op.allocMap), set(retVal()), set(retVal()), giveBack(retVal())]),
  );
  assert.deepEqual(
    atHand([call(), store(3, retVal()), set(local(3)), call(local(3)), giveBack(local(3))]),
    bytesOf([call(), store(3, retVal()), set(retVal()), call(retVal()), giveBack(local(3))]),
  );
});

test("it is not used where the local changed, another way leads, or a jump over nullish values did", () => {
  const [other, over, changed] = [label(), label(), label()];
  for (const lines of [
    [
      call(),
      store(3, retVal()),
      jump(changed, Op.jumpIfFalse, [local(0)]),
      store(3, local(0)),
      changed,
      giveBack(local(3)),
    ],
    [
      store(3, local(0)),
      jump(other, Op.jumpIfFalse, [local(0)]),
      call(),
      store(3, retVal()),
      other,
      giveBack(local(3)),
    ],
    [
      call(),
      store(3, retVal()),
      jump(over, Op.jumpIfRetValNullish),
      giveBack(literal(0)),
      over,
      giveBack(local(3)),
    ],
  ]) {
    const before = bytesOf(lines);
    assert.deepEqual(atHand(lines), before);
  }
});
