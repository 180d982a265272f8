// What a debugger needs, kept by the passes. Properties that must hold:
// - a statement that a debugger stops at (an anchor) is neither taken out nor led around, unless the next statement of the same
//   piece of source can stand for it;
// - what is stored in a local that is shown stays stored there, although its value may be used directly;
// - a function that is put into another brings its locals, under their names, and its anchors; only one that is called in one
//   place is. A name that is there already has the function's in front: a debugger shows one value for a name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, isLabel, type Line, type Statement } from "../../../../scripts/relink/code.js";
import type { Fn, FnDebug } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { simplify } from "../../../../scripts/relink/passes/simplify.js";
import { fn, giveBack, image, jump, label, literal, local, statement, store } from "../build.js";
import { anchor, said, shows, statements } from "../stops.js";

function simplified(lines: Line[], more: Partial<Fn> = {}): Line[] {
  const made = image([fn(lines, more)]);
  simplify(made);
  return made.functions[0]?.lines ?? [];
}

const call = (source = 0): Statement => ({
  ...statement(Op.call0, [expr(Op.builtinObject)]),
  source,
});

test("a condition that is always true is kept where a debugger stops at it", () => {
  const loop = (condition: Statement): Line[] => {
    const start = label();
    const end = label();
    return [start, { ...condition, target: end }, call(2), jump(start), end, giveBack(literal(0))];
  };
  const always = jump(label(), Op.jumpIfFalse, [expr(Op.true)]);
  assert.deepEqual(said(simplified(loop(always))), ["call0 2", "jump 0"]);
  assert.deepEqual(said(simplified(loop(anchor(always, 1)))), [
    "jumpIfFalse 1!",
    "call0 2",
    "jump 0",
    "return 0",
  ]);
});

test("a jump of its own line, as of `break`, is neither skipped nor merged into the condition before it", () => {
  const made = (isAnchored: boolean): Line[] => {
    const [start, behind, end] = [label(), label(), label()];
    const leave = { ...jump(end), source: 2 };
    return [
      start,
      { ...jump(behind, Op.jumpIfFalse, [local(0)]), source: 1 },
      isAnchored ? anchor(leave, 2) : leave,
      behind,
      call(3),
      jump(start),
      end,
      call(4),
      giveBack(literal(0)),
    ];
  };
  assert.ok(!said(simplified(made(false))).some((line) => line.startsWith("jump 2")));
  assert.deepEqual(said(simplified(made(true))).slice(0, 3), [
    "jumpIfFalse 1",
    "jump 2!",
    "call0 3",
  ]);
});

test("a shared `return` with a line of its own is reached by all that lead to it", () => {
  const made = (isAnchored: boolean): Line[] => {
    const [other, end] = [label(), label()];
    const last = { ...giveBack(expr(Op.true)), source: 9 };
    return [
      jump(other, Op.jumpIfFalse, [local(0)]),
      call(1),
      jump(end),
      other,
      call(2),
      end,
      isAnchored ? anchor(last, 9) : last,
    ];
  };
  const returns = (lines: Line[]): string[] =>
    said(lines).filter((one) => one.startsWith("return"));
  assert.equal(returns(simplified(made(false))).length, 2);
  assert.deepEqual(returns(simplified(made(true))), ["return 9!"]);
});

test("`return true` and `return false` on lines of their own do not become one `return` of the condition", () => {
  const made = (isAnchored: boolean): Line[] => {
    const other = label();
    const [yes, no] = [giveBack(expr(Op.true)), giveBack(expr(Op.false))];
    return [
      jump(other, Op.jumpIfFalse, [expr(Op.lt, 0, [local(0), local(1)])]),
      isAnchored ? anchor(yes, 1) : yes,
      other,
      isAnchored ? anchor(no, 2) : no,
    ];
  };
  assert.deepEqual(said(simplified(made(false))), ["return 0"]);
  assert.deepEqual(said(simplified(made(true))), ["jumpIfFalse 0", "return 1!", "return 2!"]);
});

test("a value that goes where it is used leaves its stop to the next statement of the same source, or stays", () => {
  const made = (nextSource: number): Line[] => [
    anchor(store(5, expr(Op.asciiField, 0, [local(0)])), 1),
    { ...statement(Op.call1, [local(1), local(5)]), source: nextSource },
    giveBack(literal(0)),
  ];
  assert.deepEqual(said(simplified(made(1))), ["call1 1!", "return 0"]);
  assert.deepEqual(said(simplified(made(2))), ["storeLocal 1!", "call1 2", "return 0"]);
});

test("a store that nothing reads stays when the local is shown; its value is used directly all the same", () => {
  const made = (): Line[] => [
    store(5, literal(7)),
    statement(Op.call1, [local(0), local(5)]),
    giveBack(literal(0)),
  ];
  assert.deepEqual(said(simplified(made())), ["call1 0", "return 0"]);
  const kept = simplified(made(), { debug: shows([], 1n << 5n) });
  assert.deepEqual(said(kept), ["storeLocal 0", "call1 0", "return 0"]);
  assert.deepEqual(statements(kept)[1]?.args[1], literal(7));
});

test("a local that is shown takes in a copy made in the same piece of source, and no other", () => {
  const made = (elsewhere: number): Line[] => {
    const [other, end] = [label(), label()];
    const at = (line: Statement, source: number): Statement => ({ ...line, source });
    return [
      at(jump(other, Op.jumpIfFalse, [local(0)]), 1),
      at(store(5, expr(Op.asciiField, 0, [local(0)])), 1),
      at(jump(end), 1),
      other,
      at(store(5, expr(Op.asciiField, 1, [local(0)])), 1),
      end,
      at(store(6, local(5)), 1),
      at(statement(Op.call1, [local(0), local(6)]), 2),
      // The compiler uses its locals again.
      at(store(5, expr(Op.asciiField, 2, [local(0)])), elsewhere),
      at(statement(Op.call2, [local(0), local(5), local(5)]), elsewhere),
      at(giveBack(literal(0)), 3),
    ];
  };
  const debug = (): FnDebug => shows([], 1n << 6n);
  const storesOf = (lines: Line[]): number[] =>
    statements(lines).flatMap(({ op, num }) => (op === Op.storeLocal ? [num] : []));
  assert.deepEqual(storesOf(simplified(made(2), { debug: debug() })), [5, 5, 6, 5]);
  const alone = made(2).filter((line) => isLabel(line) || line.num !== 5 || line.source !== 2);
  const short = alone.filter((line) => isLabel(line) || line.op !== Op.call2);
  assert.deepEqual(storesOf(simplified(short, { debug: debug() })), [6, 6]);
});
