// Where exceptions lead. Properties that must hold:
// - an exception leads to the innermost `try` that is open, and nowhere from outside of all;
// - what a handler reads is wanted where it may be needed, and only there;
// - a jump out of `try` may stop at each `finally` on its way;
// - where it depends on the way what is open, an exception may lead to any handler.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, type Line } from "../../../scripts/relink/code.js";
import { flowOf, wantedAfter } from "../../../scripts/relink/flow.js";
import { Op } from "../../../scripts/relink/opcodes.js";
import { giveBack, jump, label, literal, local, statement, store } from "./build.js";

const call = (): Line => statement(Op.call0, [expr(Op.builtinObject)]);

/** By line: the lines of the handlers. */
function caught(lines: readonly Line[]): (readonly number[])[] {
  return [...flowOf(lines).caughtBy];
}

test("only what stands in `try` is caught, and nested ones by the inner handler", () => {
  const [outer, inner, end] = [label(), label(), label()];
  const lines = [
    call(),
    jump(outer, Op.try),
    call(),
    jump(inner, Op.try),
    call(),
    jump(end, Op.endTry),
    inner,
    statement(Op.catch),
    call(),
    end,
    jump(outer, Op.endTry),
    outer,
    statement(Op.catch),
    call(),
    giveBack(literal(0)),
  ];
  const [outerAt, innerAt] = [lines.indexOf(outer), lines.indexOf(inner)];
  const at = caught(lines);
  assert.deepEqual(at[0], []);
  assert.deepEqual(at[2], [outerAt]);
  assert.deepEqual(at[4], [innerAt]);
  assert.deepEqual(at[8], [outerAt]);
  assert.deepEqual(at[13], []);
});

test("what a handler reads is wanted inside of its `try` only", () => {
  const [handler, end] = [label(), label()];
  const lines = [
    store(1, literal(1)),
    call(),
    store(1, literal(2)),
    jump(handler, Op.try),
    call(),
    store(1, literal(3)),
    jump(end, Op.endTry),
    handler,
    statement(Op.catch),
    giveBack(local(1)),
    end,
    store(1, literal(4)),
    call(),
    giveBack(literal(0)),
  ];
  const wanted = wantedAfter(lines, 0n).map((set) => (set & 2n) !== 0n);
  assert.deepEqual([wanted[0], wanted[2], wanted[4], wanted[11]], [false, true, true, false]);
});

test("a jump out of two `try` may stop at either `finally`; what follows is outside of both", () => {
  const [outer, inner, out] = [label(), label(), label()];
  const lines = [
    jump(outer, Op.try),
    jump(inner, Op.try),
    { ...jump(out, Op.throwJump, [literal(2)]) },
    inner,
    statement(Op.finally),
    statement(Op.reThrow, [local(0)]),
    outer,
    statement(Op.finally),
    statement(Op.reThrow, [local(0)]),
    call(),
    out,
    call(),
    giveBack(literal(0)),
  ];
  const at = caught(lines);
  assert.deepEqual(at[2], [lines.indexOf(inner), lines.indexOf(outer)]);
  assert.deepEqual(at[5], [lines.indexOf(outer)]);
  assert.deepEqual(at[11], []);
});

test("ways that meet with different `try` open may lead to any handler", () => {
  const [handler, meet] = [label(), label()];
  const lines = [
    jump(meet, Op.jumpIfFalse, [local(0)]),
    jump(handler, Op.try),
    meet,
    call(),
    giveBack(literal(0)),
    handler,
    statement(Op.catch),
    giveBack(literal(1)),
  ];
  assert.deepEqual(
    caught(lines),
    lines.map(() => [lines.indexOf(handler)]),
  );
});
