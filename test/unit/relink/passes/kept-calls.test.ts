// What a debugger needs, kept where one function is put into another: its names, what it keeps, and its stops.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, type Line, type Statement } from "../../../../scripts/relink/code.js";
import type { Fn, Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { storeBeforeChoices } from "../../../../scripts/relink/passes/choices.js";
import { inlineCalls } from "../../../../scripts/relink/passes/inline.js";
import { keepInRetVal } from "../../../../scripts/relink/passes/registers.js";
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
import { anchor, said, shows } from "../stops.js";

const call = (source = 0): Statement => ({
  ...statement(Op.call0, [expr(Op.builtinObject)]),
  source,
});

const callOf = (index: number, ...args: ReturnType<typeof expr>[]): Statement =>
  statement(Op.call0 + args.length, [expr(Op.staticFunction, index), ...args]);

function forDebugger(
  functions: Fn[],
  mode: "shows locals" | "hides locals" = "shows locals",
): Image {
  const made = image(functions);
  inlineCalls(made, mode);
  return made;
}

test("for a debugger a function that is called in two places stays, and so does a whole one", () => {
  const short = (isWhole: boolean): Fn =>
    fn([giveBack(expr(Op.neg, 0, [local(0)]))], {
      args: 1,
      slots: 1,
      debug: shows(["x"], 1n, isWhole),
    });
  const twice = [callOf(1, local(0)), callOf(1, retVal()), giveBack(retVal())];
  assert.equal(forDebugger([fn(twice), short(false)]).functions.length, 2);
  const once = (): Line[] => [callOf(1, local(0)), giveBack(retVal())];
  assert.equal(forDebugger([fn(once()), short(true)]).functions.length, 2);
  assert.equal(forDebugger([fn(once()), short(false)]).functions.length, 1);
});

test("a function that is put into another brings its names and what it keeps, behind all that is there", () => {
  const inner = (): Fn =>
    fn([store(1, local(0)), giveBack(local(1))], {
      args: 1,
      slots: 2,
      debug: {
        ...shows(["given", "own"], 0b11n),
        names: [
          { name: "given", type: "arg" },
          { name: "own", type: "loc" },
        ],
      },
    });
  const outer = (): Fn =>
    fn([callOf(1, local(0)), giveBack(retVal())], {
      args: 1,
      slots: 1,
      debug: shows(["mine"], 1n),
    });
  const shown = forDebugger([outer(), inner()]).functions[0]?.debug;
  assert.deepEqual(
    shown?.names.map(({ name, type }) => `${type} ${name}`),
    ["loc mine", "loc given", "loc own"],
  );
  assert.equal(shown?.kept, 0b111n);
  const hidden = forDebugger([outer(), inner()], "hides locals").functions[0]?.debug;
  assert.deepEqual(
    hidden?.names.map(({ name }) => name),
    ["mine"],
  );
  assert.equal(hidden?.kept, 1n);
});

test("a call keeps its stop when its function takes its place, and so does a `return` that gives nothing", () => {
  const made = forDebugger([
    fn([anchor(callOf(1), 1), anchor(giveBack(literal(0)), 2)], { slots: 1, debug: shows([], 0n) }),
    fn([anchor(call(5), 5), anchor(giveBack(expr(Op.undefined)), 6)], {
      slots: 1,
      debug: shows([], 0n),
    }),
  ]);
  assert.deepEqual(said(made.functions[0]?.lines ?? []), [
    "jump 1!",
    "call0 5!",
    "jump 6!",
    "return 2!",
  ]);
  simplify(made);
  assert.deepEqual(said(made.functions[0]?.lines ?? []), [
    "jump 1!",
    "call0 5!",
    "jump 6!",
    "return 2!",
  ]);
});

test("a call with arguments keeps its stop once: at the first that is stored", () => {
  const made = forDebugger([
    fn([anchor(callOf(1, local(0), local(0)), 1), giveBack(retVal())], { slots: 1 }),
    fn([giveBack(expr(Op.sub, 0, [local(0), local(1)]))], { args: 2, slots: 2 }),
  ]);
  assert.deepEqual(said(made.functions[0]?.lines ?? []), [
    "storeLocal 1!",
    "storeLocal 1",
    "storeRetVal 0",
    "return 0",
  ]);
});

test("locals of the same name stay apart when one function is put into another", () => {
  const namesOf = (outer: string[], inner: string[]): string[] =>
    forDebugger([
      fn([callOf(1, local(0)), giveBack(retVal())], {
        args: 1,
        slots: outer.length,
        debug: shows(outer, 1n),
      }),
      fn([giveBack(local(0))], { args: 1, slots: inner.length, debug: shows(inner, 1n) }),
    ]).functions[0]?.debug?.names.map(({ name }) => name) ?? [];
  assert.deepEqual(namesOf(["this", "generation"], ["this", "generation", "own"]), [
    "this",
    "generation",
    "inner.this",
    "inner.generation",
    "own",
  ]);
  assert.deepEqual(namesOf(["this", "inner.this"], ["this"]), [
    "this",
    "inner.this",
    "inner.inner.this",
  ]);
});

test("a load kept for several statements, and a value stored before its choice, are behind what a debugger stops at", () => {
  const kept = image([
    fn([
      anchor(store(1, expr(Op.loadGlobal, 3)), 1),
      { ...store(2, expr(Op.loadGlobal, 3)), source: 2 },
      { ...store(3, expr(Op.loadGlobal, 3)), source: 3 },
      { ...store(4, expr(Op.loadGlobal, 3)), source: 4 },
      giveBack(literal(0)),
    ]),
  ]);
  keepInRetVal(kept);
  assert.deepEqual(said(kept.functions[0]?.lines ?? []).slice(0, 2), [
    "storeRetVal 1!",
    "storeLocal 1!",
  ]);
  const chosen = (isAnchored: boolean): string[] => {
    const [otherwise, end] = [label(), label()];
    const first = { ...store(1, local(2)), source: 2 };
    const made = image([
      fn([
        anchor(jump(otherwise, Op.jumpIfFalse, [local(0)]), 1),
        isAnchored ? anchor(first, 2) : first,
        jump(end),
        otherwise,
        { ...store(1, literal(2)), source: 1 },
        end,
        giveBack(local(1)),
      ]),
    ]);
    storeBeforeChoices(made);
    return said(made.functions[0]?.lines ?? []);
  };
  assert.deepEqual(chosen(false), ["storeLocal 1!", "jumpIfFalse 1!", "storeLocal 2", "return 0"]);
  assert.equal(chosen(true).length, 5);
});
