// Simplification of one function, on small ones made by hand. Property: what can be seen stays: order of exceptions,
// of changes to memory, what handlers and closures find in locals.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode, expr, isLabel, type Expr, type Line } from "../../../../scripts/relink/code.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { simplify } from "../../../../scripts/relink/passes/simplify.js";
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
import { bytesOf, passed, same } from "../outcome.js";

const simplified = (lines: Line[], args = 1, tryFrames = 0): Line[] =>
  passed(simplify, lines, { args, tryFrames });

const not = (value: Expr): Expr => expr(Op.not, 0, [value]);
const field = (object: Expr): Expr => expr(Op.asciiField, 0, [object]);
const call = (callee: Expr): Line => statement(Op.call0, [callee]);
const set = (object: Expr, value: Expr): Line =>
  statement(Op.indexSet, [object, expr(Op.asciiString, 0), value]);

test("a chain of && and || becomes jumps without a local", () => {
  const [inner, outer] = [label(), label()];
  same(
    simplified([
      store(3, expr(Op.lt, 0, [local(0), literal(1)])),
      jump(inner, Op.jumpIfFalse, [expr(Op.toBool, 0, [local(3)])]),
      store(3, expr(Op.lt, 0, [local(0), literal(2)])),
      inner,
      jump(outer, Op.jumpIfFalse, [local(3)]),
      call(local(0)),
      outer,
      giveBack(local(0)),
    ]),
    [
      jump(outer, Op.jumpIfFalse, [expr(Op.lt, 0, [local(0), literal(1)])]),
      jump(outer, Op.jumpIfFalse, [expr(Op.lt, 0, [local(0), literal(2)])]),
      call(local(0)),
      outer,
      giveBack(local(0)),
    ],
  );
});

test("what ?: gives is returned where it is known", () => {
  const [other, end] = [label(), label()];
  same(
    simplified([
      jump(other, Op.jumpIfFalse, [local(0)]),
      store(3, literal(1)),
      jump(end),
      other,
      store(3, literal(2)),
      end,
      store(4, local(3)),
      giveBack(local(4)),
    ]),
    [jump(other, Op.jumpIfFalse, [local(0)]), giveBack(literal(1)), other, giveBack(literal(2))],
  );
});

test("statements behind a return go, those that a jump leads to stay", () => {
  const target = label();
  same(
    simplified([
      jump(target, Op.jumpIfFalse, [local(0)]),
      giveBack(retVal()),
      call(local(0)),
      jump(target),
      target,
      call(local(0)),
      giveBack(expr(Op.undefined)),
      giveBack(expr(Op.undefined)),
    ]),
    [
      jump(target, Op.jumpIfFalse, [local(0)]),
      giveBack(retVal()),
      target,
      call(local(0)),
      giveBack(expr(Op.undefined)),
    ],
  );
});

test("re-throwing undefined goes on, so what follows it stays", () => {
  const lines = [statement(Op.reThrow, [local(0)]), giveBack(literal(1))];
  same(simplified(lines), [statement(Op.reThrow, [local(0)]), giveBack(literal(1))]);
});

test("!(a === b) is a !== b, !(a < b) is not a >= b", () => {
  same(simplified([giveBack(not(expr(Op.eq, 0, [local(0), literal(1)])))]), [
    giveBack(expr(Op.ne, 0, [local(0), literal(1)])),
  ]);
  const less = giveBack(not(expr(Op.lt, 0, [local(0), literal(1)])));
  same(simplified([less]), [giveBack(not(expr(Op.lt, 0, [local(0), literal(1)])))]);
});

test("a value from memory is not moved behind a call", () => {
  const lines = (): Line[] => [
    store(3, field(local(0))),
    call(local(0)),
    giveBack(expr(Op.sub, 0, [local(3), retVal()])),
  ];
  same(simplified(lines()), lines());
});

test("ret_val is not moved behind a call, a copy of a local is", () => {
  const kept = (): Line[] => [
    store(3, retVal()),
    call(local(0)),
    giveBack(expr(Op.sub, 0, [local(3), retVal()])),
  ];
  same(simplified(kept()), kept());
  same(
    simplified([
      store(3, local(0)),
      call(local(0)),
      giveBack(expr(Op.sub, 0, [local(3), retVal()])),
    ]),
    [call(local(0)), giveBack(expr(Op.sub, 0, [local(0), retVal()]))],
  );
});

test("a local that changes in between keeps its copy, or is computed where it is used", () => {
  const lines = (): Line[] => [
    store(3, local(0)),
    store(0, expr(Op.sub, 0, [local(0), literal(1)])),
    call(local(0)),
    giveBack(expr(Op.sub, 0, [local(3), local(0)])),
  ];
  same(simplified(lines()), lines());
  const [first, second, , last] = lines() as [Line, Line, Line, Line];
  same(simplified([first, second, last]), [
    giveBack(expr(Op.sub, 0, [local(0), expr(Op.sub, 0, [local(0), literal(1)])])),
  ]);
});

test("of two that may throw, the first stays first", () => {
  const lines = (): Line[] => [
    store(3, field(local(0))),
    statement(Op.call1, [field(local(1)), local(3)]),
    giveBack(retVal()),
  ];
  same(simplified(lines(), 2), lines());
  same(
    simplified(
      [store(3, field(local(0))), statement(Op.call1, [local(1), local(3)]), giveBack(retVal())],
      2,
    ),
    [statement(Op.call1, [local(1), field(local(0))]), giveBack(retVal())],
  );
});

test("a store that may throw is not taken out, though nothing reads it", () => {
  const lines = (): Line[] => [store(3, field(local(0))), giveBack(literal(1))];
  same(simplified(lines()), lines());
  same(simplified([store(3, local(0)), giveBack(literal(1))]), [giveBack(literal(1))]);
});

test("a handler finds locals as they were when the exception came", () => {
  const [handler, end] = [label(), label()];
  const lines: Line[] = [
    store(3, literal(1)),
    jump(handler, Op.try),
    call(local(0)),
    store(3, literal(2)),
    call(local(0)),
    jump(end, Op.endTry),
    handler,
    statement(Op.catch),
    giveBack(local(3)),
    end,
    giveBack(literal(0)),
  ];
  const before = bytesOf(lines);
  assert.deepEqual(bytesOf(simplified(lines, 1, 1)), before);
});

test("locals that a closure shares are left alone", () => {
  const outside = fn([store(3, literal(1)), call(expr(Op.makeClosure, 1)), giveBack(local(3))]);
  const inside = fn([
    statement(Op.storeClosure, [literal(1), literal(7)], 3),
    giveBack(expr(Op.undefined)),
  ]);
  const made = image([outside, inside]);
  const before = made.functions.map(({ lines }) => bytesOf(lines));
  simplify(made);
  assert.deepEqual(
    made.functions.map(({ lines }) => bytesOf(lines)),
    before,
  );
});

test("two locals become one only when they never differ", () => {
  const [other, end] = [label(), label()];
  const lines = (): Line[] => [
    jump(other, Op.jumpIfFalse, [local(0)]),
    store(3, field(local(0))),
    jump(end),
    other,
    store(3, field(local(0))),
    end,
    store(4, local(3)),
    set(local(0), local(4)),
    call(local(0)),
    giveBack(expr(Op.sub, 0, [local(3), local(4)])),
  ];
  const result = simplified(lines());
  assert.ok(encode(result).bytes.length < encode(lines()).bytes.length);
  const changing = (): Line[] => [
    ...lines().slice(0, 7),
    store(3, expr(Op.sub, 0, [local(3), retVal()])),
    set(local(0), local(4)),
    call(local(0)),
    giveBack(expr(Op.sub, 0, [local(3), local(4)])),
  ];
  assert.equal(encode(simplified(changing())).bytes.length, encode(changing()).bytes.length);
});

test("a constructor's new object is kept, though nothing reads it", () => {
  const made = image([
    fn([store(0, local(1)), giveBack(expr(Op.undefined))], { args: 2, flags: 3 }),
  ]);
  simplify(made);
  assert.equal(made.functions[0]?.lines.length, 2);
});

test("a value is not moved behind the end of a finally, which may go on elsewhere", () => {
  const [after, out] = [label(), label()];
  const lines = (): Line[] => [
    jump(after, Op.try),
    jump(out, Op.throwJump, [literal(1)]),
    after,
    statement(Op.finally),
    store(2, retVal()),
    store(3, expr(Op.neg, 0, [local(0)])),
    statement(Op.call1, [local(0), local(0)]),
    statement(Op.reThrow, [local(2)]),
    giveBack(local(3)),
    out,
    giveBack(local(3)),
  ];
  const result = simplified(lines(), 1, 1);
  assert.ok(result.some((line) => !isLabel(line) && line.op === Op.storeLocal && line.num === 3));
});
