// Choices without jumps, and loads kept in `ret_val()`. Property: whatever is read holds what it held.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, isLabel, type Expr, type Line } from "../../../../scripts/relink/code.js";
import type { Fn } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { storeBeforeChoices } from "../../../../scripts/relink/passes/choices.js";
import { keepInRetVal } from "../../../../scripts/relink/passes/registers.js";
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

const storeRetVal = (value: Expr): Line => statement(Op.storeRetVal, [value]);
const field = (object: Expr): Expr => expr(Op.asciiField, 0, [object]);

/** `if condition then first else second`, as the compiler writes it. */
function choice(condition: Expr, first: Line, second: Line, more: Partial<Fn> = {}): Line[] {
  const [otherwise, end] = [label(), label()];
  const lines = [
    jump(otherwise, Op.jumpIfFalse, [condition]),
    first,
    jump(end),
    otherwise,
    second,
    end,
    giveBack(local(1)),
  ];
  const made = image([fn(lines, more)]);
  storeBeforeChoices(made);
  return (made.functions[0]?.lines ?? []).filter((line) => !isLabel(line));
}
const ops = (lines: readonly Line[]): number[] => lines.map(({ op }) => op);
const SHORT = [Op.storeLocal, Op.jumpIfFalse, Op.storeLocal, Op.return];

test("the second value is stored before the choice", () => {
  const lines = choice(local(0), store(1, local(2)), store(1, literal(2)));
  assert.deepEqual(ops(lines), SHORT);
  assert.deepEqual([lines[0], lines[2]], [store(1, literal(2)), store(1, local(2))]);
  assert.equal(ops(choice(local(0), storeRetVal(literal(1)), storeRetVal(literal(2)))).length, 4);
});

test("not where the condition or the first value reads what is stored", () => {
  for (const lines of [
    choice(local(1), store(1, literal(1)), store(1, literal(2))),
    choice(local(0), store(1, expr(Op.neg, 0, [local(1)])), store(1, literal(2))),
    choice(local(0), store(1, literal(1)), store(1, local(1))),
    choice(retVal(), storeRetVal(literal(1)), storeRetVal(literal(2))),
  ]) {
    assert.equal(lines.length, 5);
  }
});

test("not where it is computed, stored elsewhere, or a handler would see it", () => {
  const none = expr(Op.neg, 0, [local(3)]);
  assert.equal(choice(local(0), store(1, literal(1)), store(1, none)).length, 5);
  assert.equal(choice(local(0), store(1, literal(1)), store(2, literal(2))).length, 5);
  const throwing = field(local(0));
  const [first, second] = [store(1, literal(1)), store(1, literal(2))];
  assert.equal(choice(throwing, first, second, { tryFrames: 1 }).length, 5);
  assert.equal(choice(throwing, first, second).length, 4);
});

const set = (object: Expr, value: Expr): Line =>
  statement(Op.indexSet, [object, expr(Op.asciiString, 0), value]);
function kept(lines: Line[]): readonly Line[] {
  const made = image([fn(lines)], ["x"]);
  keepInRetVal(made);
  return made.functions[0]?.lines ?? [];
}
const four = (): Line[] => [1, 2, 3, 4].map((value) => set(local(5), literal(value)));
const end = (): Line => giveBack(literal(0));

test("a local that is loaded four times is loaded once", () => {
  const fields = [1, 2, 3, 4].map((value) =>
    statement(Op.storeBuffer, [local(5), literal(0), literal(0), literal(value)]),
  );
  const lines = kept([...fields, end()]);
  assert.deepEqual(lines[0], storeRetVal(local(5)));
  assert.deepEqual(
    lines.slice(1, 5).map((line) => !isLabel(line) && line.args[0]?.op),
    Array(4).fill(Op.retVal),
  );
});

test("not what is stored in between, nor across calls, labels and what wants `ret_val()`", () => {
  const call = (): Line => statement(Op.call0, [expr(Op.loadGlobal, 0)]);
  const halves = (between: Line): Line[] => [...four().slice(0, 2), between, ...four().slice(2)];
  const target = label();
  for (const between of [store(5, literal(1)), call(), target]) {
    const lines = [...halves(between), jump(target, Op.jumpIfFalse, [local(0)]), end()];
    const more = between === target ? lines : lines.filter(({ op }) => op !== Op.jumpIfFalse);
    const before = more.map((line) => (isLabel(line) ? null : JSON.stringify(line.args)));
    const after = kept(more).filter(({ op }) => op !== Op.storeRetVal);
    // The name, a constant, may be kept; the local is loaded twice on each side and is not.
    const loads = after.filter(
      (line) => !isLabel(line) && line.args[0]?.op === Op.loadLocal && line.op === Op.indexSet,
    );
    assert.equal(loads.length, 4, String(before));
  }
  const wanted = [call(), ...four(), giveBack(retVal())];
  assert.deepEqual(ops(kept(wanted)), ops(wanted));
});

test("not what memory holds while memory is written, nor what may throw", () => {
  const read = (slot: number): Line => store(slot, expr(Op.loadGlobal, 0));
  const write = (): Line => statement(Op.storeGlobal, [literal(1)], 0);
  const lines = [read(1), write(), read(2), write(), read(3), write(), read(4), write(), end()];
  assert.equal(
    kept(lines).some((line) => line.op === Op.storeRetVal && line.args[0]?.op === Op.loadGlobal),
    false,
  );
  const throwing = [1, 2, 3].map((slot) => store(slot, field(local(5))));
  assert.equal(
    kept([...throwing, end()]).some(
      (line) => line.op === Op.storeRetVal && line.args[0]?.op === Op.asciiField,
    ),
    false,
  );
});
