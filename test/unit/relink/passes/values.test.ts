// Values of locals: each apart from the others, copies and constants followed. Property: a use finds what it found before,
// on every way that leads to it, also out of a loop, into a handler and from the start of the function.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, type Line } from "../../../../scripts/relink/code.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { spreadCopies } from "../../../../scripts/relink/passes/copies.js";
import { simplify } from "../../../../scripts/relink/passes/simplify.js";
import { separateValues } from "../../../../scripts/relink/passes/webs.js";
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
import { bytesOf, passed } from "../outcome.js";

/** Lines with each value apart; 8 locals before, the first `args` of them parameters. */
const apart = (lines: Line[], args = 1): Line[] => passed(separateValues, lines, { args });

/** Lines with copies followed, once. */
function followed(lines: Line[]): Line[] {
  spreadCopies(lines, 0n);
  return lines;
}

const call = (...args: ReturnType<typeof local>[]): Line =>
  statement(Op.call0 + args.length, [local(0), ...args]);

test("a local that is used for two things becomes two", () => {
  assert.deepEqual(
    bytesOf(
      apart([store(3, literal(1)), call(local(3)), store(3, literal(2)), giveBack(local(3))]),
    ),
    bytesOf([store(3, literal(1)), call(local(3)), store(8, literal(2)), giveBack(local(8))]),
  );
});

test("values that reach the same use stay one local, around a loop as well", () => {
  const [other, end, top] = [label(), label(), label()];
  const lines = (): Line[] => [
    jump(other, Op.jumpIfFalse, [local(0)]),
    store(3, literal(1)),
    jump(end),
    other,
    store(3, literal(2)),
    end,
    store(4, literal(0)),
    top,
    call(local(3), local(4)),
    store(4, expr(Op.add, 0, [local(4), literal(1)])),
    jump(top),
  ];
  assert.deepEqual(bytesOf(apart(lines())), bytesOf(lines()));
});

test("a parameter keeps its place, and what is stored in it afterwards gets another", () => {
  assert.deepEqual(
    bytesOf(apart([call(local(0)), store(0, literal(2)), giveBack(local(0))])),
    bytesOf([call(local(0)), store(8, literal(2)), giveBack(local(8))]),
  );
});

test("what is undefined at the start keeps a place that nothing else is stored in", () => {
  const top = label();
  const lines = (): Line[] => [top, call(local(3)), store(3, retVal()), jump(top)];
  assert.deepEqual(bytesOf(apart(lines())), bytesOf(lines()));
});

test("a handler may see any value that was stored before it", () => {
  const [handler, after] = [label(), label()];
  const lines = (): Line[] => [
    store(3, literal(1)),
    jump(handler, Op.try),
    store(3, literal(2)),
    call(local(0)),
    jump(after, Op.endTry),
    handler,
    statement(Op.catch),
    call(local(3)),
    after,
    giveBack(literal(0)),
  ];
  assert.deepEqual(bytesOf(apart(lines())), bytesOf(lines()));
});

test("locals that closures share keep their numbers", () => {
  const inner = fn([giveBack(expr(Op.loadClosure, 3, [literal(1)]))], { origin: 1 });
  const lines = (): Line[] => [
    store(3, literal(1)),
    call(expr(Op.makeClosure, 1), local(3)),
    store(3, literal(2)),
    giveBack(local(3)),
  ];
  const made = image([fn(lines(), { args: 1 }), inner]);
  separateValues(made);
  assert.deepEqual(bytesOf(made.functions[0]?.lines ?? []), bytesOf(lines()));
});

test("copies and constants are followed across jumps, where all ways pass them", () => {
  const [other, end] = [label(), label()];
  assert.deepEqual(
    bytesOf(
      followed([
        store(3, local(0)),
        store(4, literal(7)),
        jump(other, Op.jumpIfFalse, [local(1)]),
        call(local(3), local(4)),
        jump(end),
        other,
        call(local(4), local(3)),
        end,
        giveBack(local(3)),
      ]),
    ),
    bytesOf([
      store(3, local(0)),
      store(4, literal(7)),
      jump(other, Op.jumpIfFalse, [local(1)]),
      call(local(0), literal(7)),
      jump(end),
      other,
      call(literal(7), local(0)),
      end,
      giveBack(local(0)),
    ]),
  );
});

test("a copy ends where either local changes, or where one way has not made it", () => {
  const [other, top] = [label(), label()];
  for (const lines of [
    () => [store(3, local(1)), store(1, literal(5)), giveBack(local(3))],
    () => [store(3, local(1)), store(3, retVal()), giveBack(local(3))],
    () => [jump(other, Op.jumpIfFalse, [local(0)]), store(3, local(1)), other, giveBack(local(3))],
    // The second time round, local 3 is what local 1 was before.
    () => [
      store(3, literal(300)),
      top,
      store(1, retVal()),
      call(local(3)),
      store(3, local(1)),
      jump(top),
    ],
  ]) {
    assert.deepEqual(bytesOf(followed(lines())), bytesOf(lines()));
  }
});

test("a handler follows no copies: what threw may have stood before them", () => {
  const [handler, after] = [label(), label()];
  const lines = (): Line[] => [
    store(3, local(1)),
    jump(handler, Op.try),
    store(1, retVal()),
    store(4, local(2)),
    jump(after, Op.endTry),
    handler,
    statement(Op.catch),
    call(local(3), local(4)),
    after,
    giveBack(literal(0)),
  ];
  assert.deepEqual(bytesOf(followed(lines())), bytesOf(lines()));
});

test("a value in ret_val() goes where it is used once, and stays where it is used again", () => {
  const end = label();
  const made = image([
    fn(
      [
        statement(Op.storeRetVal, [expr(Op.add, 0, [local(0), literal(1)])]),
        store(3, retVal()),
        call(local(3), local(3)),
        statement(Op.storeRetVal, [local(1)]),
        call(expr(Op.neg, 0, [retVal()])),
        statement(Op.storeRetVal, [local(1)]),
        call(local(1)),
        jump(end, Op.jumpIfFalse, [retVal()]),
        statement(Op.storeRetVal, [expr(Op.add, 0, [local(0), local(1)])]),
        jump(end, Op.jumpIfFalse, [retVal()]),
        call(retVal()),
        end,
        giveBack(retVal()),
      ],
      { args: 2 },
    ),
  ]);
  simplify(made);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines ?? []),
    bytesOf([
      store(3, expr(Op.add, 0, [local(0), literal(1)])),
      call(local(3), local(3)),
      call(expr(Op.neg, 0, [local(1)])),
      call(local(1)),
      jump(end, Op.jumpIfFalse, [retVal()]),
      statement(Op.storeRetVal, [expr(Op.add, 0, [local(0), local(1)])]),
      jump(end, Op.jumpIfFalse, [retVal()]),
      call(retVal()),
      end,
      giveBack(retVal()),
    ]),
  );
});
