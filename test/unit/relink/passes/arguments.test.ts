// Arguments that nobody needs. Property: what a function reads of its parameters stays what its callers gave.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import { expr, type Expr, type Line } from "../../../../scripts/relink/code.js";
import type { Fn, Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { dropArguments } from "../../../../scripts/relink/passes/arguments.js";
import { fn, giveBack, image, literal, local, statement, store } from "../build.js";

const call = (...args: Expr[]): Line =>
  statement(Op.call0 + args.length, [expr(Op.staticFunction, 1), ...args]);

function dropped(main: Line[], callee: Fn): Image {
  const made = image([fn([...main, giveBack(literal(0))]), callee]);
  dropArguments(made);
  return made;
}
const lines = (made: Image, number: number): readonly Line[] => made.functions[number]?.lines ?? [];
const sum = (a: Expr, b: Expr): Expr => expr(Op.sub, 0, [a, b]);

test("an argument that is not read goes, and the others move up", () => {
  const callee = fn([store(3, local(2)), giveBack(sum(local(0), local(3)))], { args: 3, slots: 4 });
  const made = dropped(
    [call(local(0), local(1), local(2)), call(local(1), local(0), local(0))],
    callee,
  );
  assert.deepEqual(lines(made, 0).slice(0, 2), [
    call(local(0), local(2)),
    call(local(1), local(0)),
  ]);
  assert.deepEqual(lines(made, 1), [store(2, local(1)), giveBack(sum(local(0), local(2)))]);
  assert.deepEqual([made.functions[1]?.args, made.functions[1]?.slots], [2, 3]);
});

test("an argument that is the same constant in all calls is that, what is left out undefined", () => {
  const callee = (): Fn => fn([giveBack(sum(local(0), local(1)))], { args: 2 });
  const same = dropped([call(local(0), literal(5)), call(local(1), literal(5))], callee());
  assert.deepEqual(lines(same, 0)[0], call(local(0)));
  assert.deepEqual(lines(same, 1), [giveBack(sum(local(0), literal(5)))]);
  const none = dropped([call(local(0))], callee());
  assert.deepEqual(lines(none, 1), [giveBack(sum(local(0), expr(Op.undefined)))]);
});

test("arguments that differ, may throw, or are stored in stay", () => {
  const callee = (): Fn => fn([giveBack(sum(local(0), local(1)))], { args: 2 });
  for (const main of [
    [call(local(0), literal(5)), call(local(0), literal(6))],
    [call(local(0), literal(5)), call(local(0))],
    [call(local(0), local(1))],
  ]) {
    assert.deepEqual(lines(dropped(main, callee()), 1), callee().lines);
  }
  const unread = fn([giveBack(literal(1))], { args: 1 });
  const throws = (): Line => call(expr(Op.asciiField, 0, [local(0)]));
  assert.deepEqual(lines(dropped([throws()], unread), 0)[0], throws());
  const stored = fn([store(0, literal(2)), giveBack(local(0))], { args: 1 });
  assert.deepEqual(lines(dropped([call(literal(5))], stored), 0)[0], call(literal(5)));
});

test("a function that is a value, has a `this` or makes closures keeps its arguments", () => {
  const value = statement(Op.call1, [local(0), expr(Op.staticFunction, 1)]);
  const callee = (more: Partial<Fn>): Fn => fn([giveBack(literal(1))], { args: 1, ...more });
  assert.deepEqual(lines(dropped([call(local(0)), value], callee({})), 0)[0], call(local(0)));
  assert.deepEqual(lines(dropped([call(local(0))], callee({ flags: 1 })), 0)[0], call(local(0)));
  const closure = fn([giveBack(expr(Op.makeClosure, 0))], { args: 1 });
  assert.deepEqual(lines(dropped([call(local(0))], closure), 0)[0], call(local(0)));
});

test("an object that functions only hand to each other, or to a fiber, goes; whoever reads it gets it", () => {
  const callOf = (number: number, ...args: Expr[]): Line =>
    statement(Op.call0 + args.length, [expr(Op.staticFunction, number), ...args]);
  const start = (number: number, ...args: Expr[]): Line =>
    statement(Op.call0 + args.length, [
      expr(Op.builtinField, BUILTIN_STRINGS.indexOf("start"), [expr(Op.staticFunction, number)]),
      ...args,
    ]);
  const handed = (last: Line): Image => {
    const made = image([
      fn([callOf(1, local(0), literal(5)), giveBack(literal(0))]),
      fn([callOf(2, local(0), local(1)), callOf(1, local(0), literal(6)), giveBack(literal(0))], {
        args: 2,
      }),
      fn([callOf(1, local(0), local(1)), start(3, local(0)), giveBack(literal(0))], { args: 2 }),
      fn([last, giveBack(literal(0))], { args: 1 }),
    ]);
    dropArguments(made);
    return made;
  };
  const idle = handed(store(2, literal(1)));
  assert.deepEqual(
    idle.functions.map(({ args }) => args),
    [0, 0, 0, 0],
  );
  assert.deepEqual(lines(idle, 2).slice(0, 2), [callOf(1), start(3)]);
  const read = handed(store(2, expr(Op.asciiField, 0, [local(0)])));
  assert.deepEqual(
    read.functions.map(({ args }) => args),
    [0, 1, 1, 1],
  );
  assert.deepEqual(lines(read, 2).slice(0, 2), [callOf(1, local(0)), start(3, local(0))]);
});
