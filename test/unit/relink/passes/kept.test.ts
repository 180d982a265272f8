// What a debugger needs, kept by the passes. Properties that must hold:
// - a statement that a debugger stops at (an anchor) is neither taken out nor led around, unless the next statement of the same
//   piece of source can stand for it;
// - what is stored in a local that is shown stays stored there, although its value may be used directly;
// - a function that is put into another brings its locals, under their names, and its anchors; only one that is called in one
//   place is. A name that is there already has the function's in front: a debugger shows one value for a name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, isLabel, type Line, type Statement } from "../../../../scripts/relink/code.js";
import type { Fn, FnDebug, Image } from "../../../../scripts/relink/image.js";
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

/** A statement that is the first of a line of the sources. */
function anchor(line: Statement, source: number): Statement {
  return { ...line, source, anchor: true };
}

function shows(names: string[], kept: bigint, isWhole = false): FnDebug {
  return {
    functionName: "inner",
    names: names.map((name) => ({ name, type: "loc" })),
    kept,
    isWhole,
  };
}

function statements(lines: readonly Line[]): Statement[] {
  return lines.filter((line): line is Statement => !isLabel(line));
}

/** Operations by name, and where in the source each comes from; `!` marks what a debugger stops at. */
function said(lines: readonly Line[]): string[] {
  const nameOf = (op: number): string =>
    Object.entries(Op).find(([, value]) => value === op)?.[0] ?? String(op);
  return statements(lines).map(
    ({ op, source, anchor: isAnchor }) => `${nameOf(op)} ${source}${isAnchor ? "!" : ""}`,
  );
}

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
