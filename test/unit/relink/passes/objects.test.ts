// Loads that are known to give something with fields. Property: only where every way asked it for a field before, or made it;
// then a read of another field may be done later, otherwise it keeps its place among what can be seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode, expr, isLabel, type Expr, type Line } from "../../../../scripts/relink/code.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { noteObjects } from "../../../../scripts/relink/passes/objects.js";
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

const field = (object: Expr, name = 0): Expr => expr(Op.asciiField, name, [object]);
const set = (object: Expr): Line =>
  statement(Op.indexSet, [object, expr(Op.asciiString, 0), literal(1)]);

/** Whether the last line's load of a local is noted. */
function isNoted(lines: Line[], always = 0n): boolean {
  noteObjects(lines, always);
  const last = lines.at(-1);
  if (last === undefined || isLabel(last)) throw new Error("no last line");
  let node = last.args[0] as Expr;
  while (node.op !== Op.loadLocal) node = node.args[0] as Expr;
  return node.isObject === true;
}

test("what was asked for a field, written to or made has fields", () => {
  for (const first of [
    [store(3, field(local(0)))],
    [set(local(0))],
    [store(3, expr(Op.index, 0, [local(0), literal(2)]))],
    [statement(Op.allocMap), store(0, retVal())],
    [set(local(1)), store(0, local(1))],
  ]) {
    assert.ok(isNoted([...first, giveBack(local(0))]));
  }
});

test("what changed since, may be something else, or was asked on one way only is not noted", () => {
  const [other, handler, after] = [label(), label(), label()];
  for (const [lines, always] of [
    [[giveBack(local(0))], 0n],
    [[set(local(0)), store(0, retVal()), giveBack(local(0))], 0n],
    [[store(3, field(local(0))), giveBack(local(3))], 0n],
    [[set(local(0)), giveBack(local(0))], 1n],
    [[jump(other, Op.jumpIfFalse, [local(1)]), set(local(0)), other, giveBack(local(0))], 0n],
    [
      [
        set(local(0)),
        jump(handler, Op.try),
        store(0, retVal()),
        jump(after, Op.endTry),
        after,
        giveBack(literal(0)),
        handler,
        statement(Op.catch),
        giveBack(local(0)),
      ],
      0n,
    ],
  ] as const) {
    assert.ok(!isNoted([...lines], always));
  }
});

test("a read that cannot throw is done where it is needed, one that can keeps its place before a condition", () => {
  const behind = label();
  const simplified = (lines: Line[]): number[] => {
    const made = image([fn(lines, { args: 2 })]);
    simplify(made);
    return [...encode(made.functions[0]?.lines ?? []).bytes];
  };
  const early = (): Line[] => [
    store(3, field(local(0), 1)),
    jump(behind, Op.jumpIfFalse, [local(1)]),
    statement(Op.call1, [local(1), local(3)]),
    behind,
    giveBack(literal(0)),
  ];
  const late = (): Line[] => [
    jump(behind, Op.jumpIfFalse, [local(1)]),
    statement(Op.call1, [local(1), field(local(0), 1)]),
    behind,
    giveBack(literal(0)),
  ];
  assert.deepEqual(simplified([set(local(0)), ...early()]), [
    ...encode([set(local(0)), ...late()]).bytes,
  ]);
  assert.deepEqual(simplified(early()), [...encode(early()).bytes]);
});
