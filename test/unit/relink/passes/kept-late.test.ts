// What a debugger needs, kept by the passes that give values other places or let statements go. Properties that must hold:
// - a local that is shown keeps its number and the store in it; others may get other numbers and lose theirs;
// - where a debugger stops, no tail is merged away; where a table begins it still stops.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import {
  expr,
  isLabel,
  type Expr,
  type Line,
  type Statement,
} from "../../../../scripts/relink/code.js";
import type { Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { useRetVal } from "../../../../scripts/relink/passes/copies.js";
import { packTables } from "../../../../scripts/relink/passes/tables.js";
import { mergeTails } from "../../../../scripts/relink/passes/tails.js";
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

const call = (...args: Expr[]): Statement => statement(Op.call0 + args.length, [local(0), ...args]);

/** The lines after a pass; a debugger shows local 3 or it does not. */
function after(run: (image: Image) => void, lines: Line[], isShown: boolean): Line[] {
  const debug = { functionName: "f", names: [], kept: 8n, isWhole: true };
  const made = image([fn(lines, { args: 1, ...(isShown && { debug }) })]);
  run(made);
  return made.functions[0]?.lines ?? [];
}

const storesIn = (lines: Line[]): number[] =>
  lines.flatMap((line) => (!isLabel(line) && line.op === Op.storeLocal ? [line.num] : []));

test("each value of a local that is shown stays in it", () => {
  const lines = (): Line[] => [
    store(3, literal(1)),
    call(local(3)),
    store(3, literal(2)),
    call(local(3)),
    giveBack(literal(0)),
  ];
  const [first, second] = storesIn(after(separateValues, lines(), false));
  assert.notEqual(first, second);
  assert.deepEqual(storesIn(after(separateValues, lines(), true)), [3, 3]);
});

test("a result that is used at hand is stored all the same where it is shown", () => {
  const lines = (): Line[] => [call(), store(3, retVal()), call(local(3)), giveBack(literal(0))];
  assert.deepEqual(storesIn(after(useRetVal, lines(), false)), []);
  assert.deepEqual(storesIn(after(useRetVal, lines(), true)), [3]);
});

test("what is in ret_val() is not stored there again, unless a debugger stops at it", () => {
  const lines = (isAnchored: boolean): Line[] => {
    const again = statement(Op.storeRetVal, [local(3)]);
    const anchored = { ...again, source: 1, anchor: true };
    return [call(), store(3, retVal()), isAnchored ? anchored : again, giveBack(retVal())];
  };
  const ops = (isAnchored: boolean): number[] =>
    after(useRetVal, lines(isAnchored), false).map(({ op }) => op);
  assert.deepEqual(ops(false), [Op.call0, Op.return]);
  assert.deepEqual(ops(true), [Op.call0, Op.storeRetVal, Op.return]);
});

test("a tail that a debugger stops in is not merged into the other", () => {
  const lines = (isAnchored: boolean): Line[] => {
    const [other, end] = [label(), label()];
    const tail = (): Statement[] => [call(literal(1)), call(literal(2))];
    const [one, two] = tail() as [Statement, Statement];
    return [
      jump(other, Op.jumpIfFalse, [local(0)]),
      { ...one, ...(isAnchored && { anchor: true }) },
      { ...two, ...(isAnchored && { anchor: true }) },
      jump(end),
      other,
      ...tail().map((line) => ({ ...line, ...(isAnchored && { anchor: true }) })),
      end,
      giveBack(literal(0)),
    ];
  };
  const calls = (made: Line[]): number => made.filter(({ op }) => op === Op.call1).length;
  assert.equal(calls(after(mergeTails, lines(false), false)), 2);
  assert.equal(calls(after(mergeTails, lines(true), true)), 4);
});

test("a table that becomes a text is stopped at where it begins", () => {
  const push = expr(Op.builtinField, BUILTIN_STRINGS.indexOf("push"), [local(3)]);
  const made = after(
    packTables,
    [
      { ...statement(Op.allocArray, [literal(9)]), anchor: true },
      store(3, retVal()),
      statement(Op.call8, [push, ...[1, 2, 3, 4, 5, 6, 7, 8].map(literal)]),
      statement(Op.call8, [push, ...[1, 2, 3, 4, 5, 6, 7, 8].map(literal)]),
      call(local(3)),
      giveBack(literal(0)),
    ],
    true,
  );
  const [first] = made as [Statement];
  assert.equal(made.length, 4, "it was packed");
  assert.equal(first.anchor, true);
});
