// Functions put into the places of their calls, and functions that nobody names. Property: the same values in the same order,
// and no local that is still wanted is overwritten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, isLabel, type Line, type Statement } from "../../../../scripts/relink/code.js";
import type { Fn, Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { inlineCalls } from "../../../../scripts/relink/passes/inline.js";
import { dropUnnamed } from "../../../../scripts/relink/passes/unnamed.js";
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

const callOf = (index: number, ...args: ReturnType<typeof expr>[]): Line =>
  statement(Op.call0 + args.length, [expr(Op.staticFunction, index), ...args]);

test("a function called once takes the place of its call: arguments, results, missing arguments", () => {
  const made = image([
    fn([callOf(1, local(0)), giveBack(retVal())], { slots: 2 }),
    fn([giveBack(expr(Op.sub, 0, [local(0), local(1)]))], { args: 2, slots: 2 }),
  ]);
  inlineCalls(made);
  assert.equal(made.functions.length, 1);
  assert.equal(made.functions[0]?.slots, 4);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([
      store(2, local(0)),
      store(3, expr(Op.undefined)),
      statement(Op.storeRetVal, [expr(Op.sub, 0, [local(2), local(3)])]),
      giveBack(retVal()),
    ]),
  );
});

test("a short function takes the place of all its calls, a long one called twice stays", () => {
  const short = fn([giveBack(expr(Op.neg, 0, [local(0)]))], { args: 1, slots: 1 });
  const twice = (): Line[] => [
    callOf(1, local(0)),
    callOf(1, retVal()),
    giveBack(expr(Op.sub, 0, [retVal(), local(0)])),
  ];
  const made = image([fn(twice(), { slots: 1 }), short]);
  inlineCalls(made);
  const negative = statement(Op.storeRetVal, [expr(Op.neg, 0, [local(1)])]);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([
      store(1, local(0)),
      negative,
      store(1, retVal()),
      { ...negative },
      twice()[2] as Line,
    ]),
  );
  const long = Array.from({ length: 20 }, () => statement(Op.call1, [local(0), local(0)]));
  const kept = image([fn(twice(), { slots: 1 }), { ...short, lines: [...long, ...short.lines] }]);
  inlineCalls(kept);
  assert.equal(kept.functions.length, 2);
  assert.deepEqual(bytesOf(kept.functions[0]?.lines), bytesOf(twice()));
});

test("what a function called before still holds is not overwritten by one that it calls", () => {
  const made = image([
    fn([callOf(1, literal(5)), giveBack(retVal())], { slots: 1 }),
    fn(
      [
        callOf(2, expr(Op.neg, 0, [local(0)])),
        callOf(2, expr(Op.sub, 0, [local(0), retVal()])),
        giveBack(expr(Op.add, 0, [local(0), retVal()])),
      ],
      { args: 1, slots: 1 },
    ),
    fn([giveBack(expr(Op.not, 0, [local(0)]))], { args: 1, slots: 1 }),
  ]);
  inlineCalls(made);
  assert.equal(made.functions.length, 1);
  const inverse = (): Line => statement(Op.storeRetVal, [expr(Op.not, 0, [local(2)])]);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([
      store(1, literal(5)),
      store(2, expr(Op.neg, 0, [local(1)])),
      inverse(),
      store(2, expr(Op.sub, 0, [local(1), retVal()])),
      inverse(),
      statement(Op.storeRetVal, [expr(Op.add, 0, [local(1), retVal()])]),
      giveBack(retVal()),
    ]),
  );
});

test("a local that a function finds undefined is undefined again at each of its calls", () => {
  const end = label();
  const made = image([
    fn([callOf(1, local(0)), callOf(1, local(0)), giveBack(retVal())], { slots: 1 }),
    fn([jump(end, Op.jumpIfFalse, [local(0)]), store(1, literal(1)), end, giveBack(local(1))], {
      args: 1,
      slots: 2,
    }),
  ]);
  inlineCalls(made);
  const clears = made.functions[0]?.lines.filter(
    (line) => !isLabel(line) && line.op === Op.storeLocal && line.args[0]?.op === Op.undefined,
  );
  assert.equal(made.functions.length, 1);
  assert.equal(clears?.length, 2);
});

test("nothing called twice goes into a function whose locals closures keep", () => {
  const made = image([
    fn([
      callOf(1, literal(1)),
      callOf(1, literal(2)),
      store(0, expr(Op.makeClosure, 2)),
      giveBack(retVal()),
    ]),
    fn([giveBack(local(0))], { args: 1, slots: 1 }),
    fn([giveBack(expr(Op.loadClosure, 0, [literal(1)]))]),
  ]);
  inlineCalls(made);
  assert.equal(made.functions.length, 3);
});

test("a function that is a value as well stays, and its calls go where they take no more bytes", () => {
  const millis = statement(Op.call0, [expr(Op.dsField, 148)]);
  const made = image([
    fn([
      callOf(1),
      store(0, retVal()),
      callOf(2, local(0)),
      store(1, expr(Op.staticFunction, 1)),
      giveBack(local(1)),
    ]),
    fn([{ ...millis }, giveBack(retVal())], { slots: 0 }),
    fn([callOf(1), callOf(3, expr(Op.add, 0, [retVal(), local(0)])), giveBack(retVal())], {
      args: 1,
      slots: 1,
    }),
    fn([callOf(2, local(0)), callOf(2, local(0)), callOf(2, local(0)), giveBack(local(0))], {
      args: 1,
      slots: 1,
    }),
  ]);
  inlineCalls(made);
  const [first, second] = made.functions;
  assert.deepEqual(bytesOf(first?.lines.slice(0, 1)), bytesOf([millis]));
  assert.deepEqual(
    bytesOf(second?.lines),
    bytesOf([{ ...millis }, giveBack(retVal())]),
    "it is still started elsewhere",
  );
});

test("a call that came with another function has locals of its own, behind all others", () => {
  const made = image([
    fn([callOf(1, literal(5)), store(0, expr(Op.staticFunction, 2)), giveBack(retVal())]),
    fn([store(0, expr(Op.neg, 0, [local(0)])), callOf(2, local(0)), giveBack(retVal())], {
      args: 1,
      slots: 1,
    }),
    fn([callOf(3, expr(Op.not, 0, [local(0)])), giveBack(retVal())], { args: 1, slots: 1 }),
    fn([callOf(1, local(0)), giveBack(expr(Op.add, 0, [local(0), retVal()]))], {
      args: 1,
      slots: 1,
    }),
  ]);
  inlineCalls(made);
  assert.equal(made.functions.length, 2);
  assert.deepEqual(
    bytesOf(made.functions[1]?.lines),
    bytesOf([
      store(1, expr(Op.not, 0, [local(0)])),
      store(2, local(1)),
      store(2, expr(Op.neg, 0, [local(2)])),
      callOf(1, local(2)),
      statement(Op.storeRetVal, [expr(Op.add, 0, [local(1), retVal()])]),
      giveBack(retVal()),
    ]),
  );
});

test("a call with more arguments than the function takes stays", () => {
  const made = image([
    fn([callOf(1, local(0)), giveBack(retVal())]),
    fn([giveBack(literal(1))], { slots: 0 }),
  ]);
  inlineCalls(made);
  assert.equal(made.functions.length, 2);
});

test("functions that nothing names go, and with them those that only they named", () => {
  const made = image([
    fn([callOf(2), store(0, expr(Op.staticFunction, 2)), giveBack(retVal())]),
    fn([callOf(3), giveBack(literal(1))]),
    fn([giveBack(literal(2))]),
    fn([giveBack(literal(3))]),
  ]);
  dropUnnamed(made);
  assert.deepEqual(
    made.functions.map(({ origin }) => origin),
    [0, 2],
  );
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([callOf(1), store(0, expr(Op.staticFunction, 1)), giveBack(retVal())]),
  );
});

test("functions called by themselves or used as values stay", () => {
  const made = image([
    fn([
      callOf(1),
      statement(Op.call1, [local(0), expr(Op.staticFunction, 2)]),
      giveBack(retVal()),
    ]),
    fn([callOf(1), statement(Op.throw, [literal(1)]), giveBack(literal(1))]),
    fn([giveBack(literal(2))]),
  ]);
  const before = bytesOf(made.functions[0]?.lines);
  inlineCalls(made);
  assert.equal(made.functions.length, 3);
  assert.deepEqual(bytesOf(made.functions[0]?.lines), before);
});

test("a function with a handler goes into its only caller, with room for the `try` of both", () => {
  const guarded = (): Fn => {
    const handler = label();
    return fn([jump(handler, Op.try), handler, statement(Op.catch), giveBack(literal(1))], {
      tryFrames: 1,
    });
  };
  const calling = (count: number): Image => {
    const made = image([
      fn([...Array.from({ length: count }, () => callOf(1)), giveBack(retVal())], { tryFrames: 2 }),
      guarded(),
    ]);
    inlineCalls(made);
    return made;
  };
  const [first, ...others] = calling(1).functions;
  assert.equal(others.length, 0);
  assert.equal(first?.tryFrames, 3);
  assert.deepEqual(
    first.lines.filter((line): line is Statement => !isLabel(line)).map(({ op }) => op),
    [Op.try, Op.catch, Op.storeRetVal, Op.return],
  );
  assert.equal(calling(2).functions.length, 2);
});

test("a result that nobody wants is computed when that may throw", () => {
  const made = image([
    fn([callOf(1, local(0)), giveBack(expr(Op.undefined))]),
    fn([giveBack(expr(Op.asciiField, 0, [local(0)]))], { args: 1 }),
  ]);
  inlineCalls(made);
  const [first] = made.functions;
  assert.ok(first?.lines.some((line) => !isLabel(line) && line.op === Op.storeRetVal));
});
