// Passes that change the shape of a function: results stored where they arise, conditions turned, shared returns and tails.
// Property: every way does what it did, in the same order, and ends with the same values.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, type Expr, type Line } from "../../../../scripts/relink/code.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { turnConditions } from "../../../../scripts/relink/passes/layout.js";
import { storeResults } from "../../../../scripts/relink/passes/results.js";
import { simplify } from "../../../../scripts/relink/passes/simplify.js";
import { mergeTails } from "../../../../scripts/relink/passes/tails.js";
import { giveBack, jump, label, literal, local, retVal, statement, store } from "../build.js";
import { bytesOf, passed, same } from "../outcome.js";

const simplified = (lines: Line[]): Line[] => passed(simplify, lines, { args: 2 });
const merged = (lines: Line[]): Line[] => passed(mergeTails, lines, { args: 2 });
const turned = (lines: Line[]): Line[] => passed(turnConditions, lines, { args: 2 });

const result = (value: Expr): Line => statement(Op.storeRetVal, [value]);
const call = (...args: Expr[]): Line => statement(Op.call0 + args.length, [local(0), ...args]);
const not = (value: Expr): Expr => expr(Op.not, 0, [value]);

test("a result is stored where it arises, not where the ways meet", () => {
  const [other, end] = [label(), label()];
  const lines = [
    jump(other, Op.jumpIfFalse, [local(0)]),
    result(literal(1)),
    jump(end),
    other,
    result(local(1)),
    end,
    store(3, retVal()),
    call(local(3), local(3)),
    giveBack(literal(0)),
  ];
  storeResults(lines, 0n);
  same(lines, [
    jump(other, Op.jumpIfFalse, [local(0)]),
    store(3, literal(1)),
    jump(end),
    other,
    store(3, local(1)),
    end,
    call(local(3), local(3)),
    giveBack(literal(0)),
  ]);
});

test("a way whose result comes from a call gets a store of its own", () => {
  const [other, end] = [label(), label()];
  const lines = [
    jump(other, Op.jumpIfFalse, [local(0)]),
    call(),
    jump(end),
    other,
    result(local(1)),
    end,
    store(3, retVal()),
    giveBack(local(3)),
  ];
  storeResults(lines, 0n);
  same(lines, [
    jump(other, Op.jumpIfFalse, [local(0)]),
    call(),
    store(3, retVal()),
    jump(end),
    other,
    store(3, local(1)),
    end,
    giveBack(local(3)),
  ]);
});

test("results stay in ret_val() where it is still wanted, a closure sees the local, or a condition leads there", () => {
  const ways = (first: (end: ReturnType<typeof label>) => Line[], last: Line): Line[] => {
    const end = label();
    return [...first(end), result(local(1)), end, store(3, retVal()), last];
  };
  const plain = (end: ReturnType<typeof label>): Line[] => {
    const other = label();
    return [jump(other, Op.jumpIfFalse, [local(0)]), result(literal(1)), jump(end), other];
  };
  const conditional = (end: ReturnType<typeof label>): Line[] => [
    result(literal(1)),
    jump(end, Op.jumpIfFalse, [local(0)]),
  ];
  for (const [lines, always] of [
    [ways(plain, giveBack(retVal())), 0n],
    [ways(plain, giveBack(local(3))), 8n],
    [ways(conditional, giveBack(local(3))), 0n],
  ] as const) {
    const before = bytesOf(lines);
    storeResults(lines, always);
    assert.deepEqual(bytesOf(lines), before);
  }
});

test("a constant that is looked at behind the next label is not looked at", () => {
  const [other, condition, out] = [label(), label(), label()];
  same(
    simplified([
      jump(other, Op.jumpIfFalse, [local(0)]),
      result(expr(Op.eq, 0, [local(0), local(1)])),
      jump(condition),
      other,
      result(expr(Op.true)),
      condition,
      jump(out, Op.jumpIfFalse, [retVal()]),
      call(),
      out,
      giveBack(literal(0)),
    ]),
    [
      jump(other, Op.jumpIfFalse, [local(0)]),
      jump(out, Op.jumpIfFalse, [expr(Op.eq, 0, [local(0), local(1)])]),
      other,
      call(),
      out,
      giveBack(literal(0)),
    ],
  );
});

test("a return behind a condition is the one further down, where the condition has an opposite", () => {
  const [on, shared] = [label(), label()];
  const lines = (condition: Expr): Line[] => [
    jump(on, Op.jumpIfFalse, [condition]),
    giveBack(literal(5)),
    on,
    call(),
    giveBack(literal(5)),
  ];
  same(simplified(lines(not(local(1)))), [
    jump(shared, Op.jumpIfFalse, [local(1)]),
    call(),
    shared,
    giveBack(literal(5)),
  ]);
  same(
    simplified(lines(expr(Op.lt, 0, [local(1), literal(3)]))),
    lines(expr(Op.lt, 0, [local(1), literal(3)])),
  );
});

test("what a negated condition leads to comes next, and no longer is it negated", () => {
  const [away, behind] = [label(), label()];
  const lines = [
    jump(away, Op.jumpIfFalse, [not(local(0))]),
    call(literal(1)),
    giveBack(literal(0)),
    away,
    call(literal(2)),
    giveBack(literal(1)),
  ];
  same(turned(lines), [
    jump(behind, Op.jumpIfFalse, [local(0)]),
    call(literal(2)),
    giveBack(literal(1)),
    behind,
    call(literal(1)),
    giveBack(literal(0)),
  ]);
});

test("nothing is moved that is reached from above, from further down, or around the condition", () => {
  const [away, top] = [label(), label()];
  const above = [
    jump(away, Op.jumpIfFalse, [not(local(0))]),
    call(literal(1)),
    away,
    giveBack(literal(1)),
  ];
  const below = [
    jump(away, Op.jumpIfFalse, [not(local(0))]),
    jump(away, Op.jumpIfFalse, [local(1)]),
    giveBack(literal(0)),
    away,
    giveBack(literal(1)),
  ];
  const around = [
    call(literal(0)),
    giveBack(literal(2)),
    top,
    call(literal(1)),
    jump(top, Op.jumpIfFalse, [not(local(0))]),
    giveBack(literal(0)),
  ];
  for (const lines of [above, below, around]) {
    const before = bytesOf(lines);
    assert.deepEqual(bytesOf(turned(lines)), before);
  }
});

test("the tail of a way that goes on to where the other jumps is kept once", () => {
  const [other, end, tail] = [label(), label(), label()];
  same(
    merged([
      jump(other, Op.jumpIfFalse, [local(0)]),
      call(literal(1)),
      call(literal(7)),
      jump(end),
      other,
      call(literal(2)),
      call(literal(7)),
      end,
      giveBack(literal(0)),
    ]),
    [
      jump(other, Op.jumpIfFalse, [local(0)]),
      call(literal(1)),
      jump(tail),
      other,
      call(literal(2)),
      tail,
      call(literal(7)),
      end,
      giveBack(literal(0)),
    ],
  );
});

test("where merging tails costs a step it must save enough, and ends must be the same", () => {
  const [other, tail] = [label(), label()];
  const lines = (count: number, last: Expr): Line[] => [
    jump(other, Op.jumpIfFalse, [local(0)]),
    ...Array.from({ length: count }, () => call(local(1))),
    giveBack(literal(0)),
    other,
    call(literal(2)),
    ...Array.from({ length: count }, () => call(local(1))),
    giveBack(last),
  ];
  same(merged(lines(0, literal(0))), lines(0, literal(0)));
  same(merged(lines(3, literal(1))), lines(3, literal(1)));
  same(merged(lines(3, literal(0))), [
    jump(other, Op.jumpIfFalse, [local(0)]),
    jump(tail),
    other,
    call(literal(2)),
    tail,
    ...Array.from({ length: 3 }, () => call(local(1))),
    giveBack(literal(0)),
  ]);
});
