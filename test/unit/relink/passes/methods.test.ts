// Direct calls. Properties: a method is called directly only if every read that may find it is such a call of it alone;
// nothing that may be looked up loses its entry; without notes of types only the one bearer of a name is called directly.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_STRINGS } from "../../../../scripts/relink/builtin-strings.js";
import { expr, type Expr, type Line } from "../../../../scripts/relink/code.js";
import type { Image } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { callDirectly } from "../../../../scripts/relink/passes/methods.js";
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

const PROTOTYPE = BUILTIN_STRINGS.indexOf("prototype");
const START = BUILTIN_STRINGS.indexOf("start");
/** Classes are functions 1 and 2; their methods, called the same, 3 and 4. */
const [FIRST, SECOND, FIRST_STEP, SECOND_STEP] = [1, 2, 3, 4];
const STEP = 1;

function entry(owner: number, method: number, key = expr(Op.asciiString, STEP)): Line {
  const target = expr(Op.builtinField, PROTOTYPE, [expr(Op.staticFunction, owner)]);
  return statement(Op.indexSet, [target, key, expr(Op.staticFunction, method)]);
}

/** Function 0 sets the entries, then runs `lines`. */
function program(lines: Line[], entries: Line[] = [entry(FIRST, FIRST_STEP)]): Image {
  const undefinedBack = giveBack(expr(Op.undefined));
  const constructor = (): ReturnType<typeof fn> => fn([undefinedBack], { args: 1, flags: 3 });
  return image(
    [
      fn([...entries, ...lines, undefinedBack]),
      constructor(),
      constructor(),
      fn([giveBack(local(0))], { args: 2, flags: 1 }),
      fn([giveBack(local(1))], { args: 2, flags: 1 }),
    ],
    ["main", "step", "name"],
  );
}
const BOTH = (): Line[] => [entry(FIRST, FIRST_STEP), entry(SECOND, SECOND_STEP)];
const step = (object = local(3)): Expr => expr(Op.asciiField, STEP, [object]);

/** `finds` of a read, by numbers of methods. */
function finding(made: Image, read: Expr, methods: number[], isOpen = false): void {
  read.finds = {
    methods: new Set(methods.flatMap((number) => made.functions[number] ?? [])),
    isOpen,
  };
}

/** What is left of function 0, which should be these lines and a `return`. */
function assertLeft(made: Image, lines: Line[]): void {
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([...lines, giveBack(expr(Op.undefined))]),
  );
}

const direct = (method: number, ...args: Expr[]): Line =>
  statement(Op.call0 + args.length, [expr(Op.staticFunction, method), ...args]);

test("a method whose name is used for nothing else is called directly, with its object", () => {
  const made = program([statement(Op.call1, [step(), literal(5)])]);
  callDirectly(made);
  assertLeft(made, [direct(FIRST_STEP, local(3), literal(5))]);
  assert.equal(made.functions[FIRST_STEP]?.flags, 0);
});

test("without notes a name that is a value, a field or set twice is left to the VM", () => {
  const call = (): Line => statement(Op.call0, [step()]);
  for (const other of [
    store(4, step()),
    giveBack(expr(Op.asciiString, STEP)),
    statement(Op.indexSet, [local(3), expr(Op.asciiString, STEP), literal(1)]),
    entry(SECOND, SECOND_STEP),
  ]) {
    const made = program([call(), other]);
    const before = bytesOf(made.functions[0]?.lines);
    callDirectly(made);
    assert.deepEqual(bytesOf(made.functions[0]?.lines), before);
  }
});

test("a name of a service specification is left to the VM: a role has it too", () => {
  const made = program([statement(Op.call0, [step()])]);
  new DataView(made.header.buffer).setUint16(14, 1, true);
  made.specs = new Uint8Array(16);
  new DataView(made.specs.buffer).setUint16(0, 0x8000 | STEP, true);
  const before = bytesOf(made.functions[0]?.lines);
  callDirectly(made);
  assert.deepEqual(bytesOf(made.functions[0]?.lines), before);
});

test("a method read before its arguments is called directly, unless something else may be called there", () => {
  const made = program([
    store(4, step()),
    statement(Op.call0, [local(5)]),
    statement(Op.call1, [local(4), retVal()]),
  ]);
  callDirectly(made);
  assertLeft(made, [
    store(4, local(3)),
    statement(Op.call0, [local(5)]),
    direct(FIRST_STEP, local(4), retVal()),
  ]);
  const end = label();
  const doubtful = program([
    store(4, local(6)),
    jump(end, Op.jumpIfFalse, [local(5)]),
    store(4, step()),
    end,
    statement(Op.call0, [local(4)]),
  ]);
  const before = bytesOf(doubtful.functions[0]?.lines);
  callDirectly(doubtful);
  assert.deepEqual(bytesOf(doubtful.functions[0]?.lines), before);
});

test("methods of one name are called directly where the notes tell them apart", () => {
  const [one, other] = [step(), step(local(4))];
  const made = program([statement(Op.call0, [one]), statement(Op.call0, [other])], BOTH());
  made.computed = new Set();
  finding(made, one, [FIRST_STEP]);
  finding(made, other, [SECOND_STEP]);
  callDirectly(made);
  assertLeft(made, [direct(FIRST_STEP, local(3)), direct(SECOND_STEP, local(4))]);
});

test("a read that may find both, or is no call, keeps what it may find and nothing else", () => {
  const third = (): Line => entry(FIRST, 5);
  for (const [lines, kept] of [
    [(read: Expr) => [statement(Op.call0, [read])], [FIRST_STEP, SECOND_STEP]],
    [(read: Expr) => [store(5, read)], [FIRST_STEP]],
    [(read: Expr) => [statement(Op.callArray, [read, local(6)])], [FIRST_STEP]],
    [
      (read: Expr) => [statement(Op.call8, [read, ...Array.from({ length: 8 }, () => local(1))])],
      [SECOND_STEP],
    ],
  ] as const) {
    const [one, other, last] = [step(), step(local(4)), step(local(5))];
    const calls = [other, last].map((read) => statement(Op.call0, [read]));
    const made = program([...lines(one), ...calls], [...BOTH(), third()]);
    made.functions.push(fn([giveBack(local(0))], { origin: 5, args: 1, flags: 1 }));
    made.computed = new Set();
    finding(made, one, [...kept]);
    finding(made, other, [SECOND_STEP]);
    finding(made, last, [5]);
    callDirectly(made);
    const flags = [FIRST_STEP, SECOND_STEP, 5].map((number) => made.functions[number]?.flags);
    const expected = [FIRST_STEP, SECOND_STEP].map((method) =>
      kept.some((each) => each === method) ? 1 : 0,
    );
    assert.deepEqual(flags, [...expected, 0]);
    assert.equal(made.functions[0]?.lines.length, kept.length + 3 + 1);
  }
});

test("an open read keeps a method, unless nothing else in the program has its name", () => {
  for (const [entries, isDirect] of [
    [BOTH(), false],
    [[entry(FIRST, FIRST_STEP)], true],
  ] as const) {
    const read = step();
    const made = program([statement(Op.call0, [read])], [...entries]);
    made.computed = new Set();
    finding(made, read, [FIRST_STEP], true);
    callDirectly(made);
    assert.equal(made.functions[FIRST_STEP]?.flags === 0, isDirect);
  }
});

test("a method that nothing can look up loses its entry; one looked up by a computed name keeps it", () => {
  const made = program([], BOTH());
  made.computed = new Set([made.functions[SECOND_STEP]].flatMap((each) => each ?? []));
  callDirectly(made);
  assertLeft(made, [entry(SECOND, SECOND_STEP)]);
});

test("names that the VM has by itself are told apart by notes, those that it looks up stay", () => {
  for (const [name, isDirect] of [
    ["close", true],
    ["message", false],
  ] as const) {
    const number = BUILTIN_STRINGS.indexOf(name);
    const read = expr(Op.builtinField, number, [local(3)]);
    const made = program(
      [statement(Op.call0, [read])],
      [entry(FIRST, FIRST_STEP, expr(Op.builtinString, number))],
    );
    callDirectly(made);
    assert.equal(
      made.functions[FIRST_STEP]?.flags,
      1,
      "without notes it may be anything of the VM",
    );
    made.computed = new Set();
    finding(made, read, [FIRST_STEP]);
    callDirectly(made);
    assert.equal((made.functions[FIRST_STEP]?.flags as number) === 0, isDirect, name);
  }
});

test("a method that is started as a fiber gets its object as first argument", () => {
  const made = program([statement(Op.call1, [expr(Op.builtinField, START, [step()]), literal(5)])]);
  callDirectly(made);
  const started = expr(Op.builtinField, START, [expr(Op.staticFunction, FIRST_STEP)]);
  assertLeft(made, [statement(Op.call2, [started, local(3), literal(5)])]);
});

test("a method of the class itself is one like the others", () => {
  const made = program(
    [statement(Op.call0, [step(expr(Op.staticFunction, FIRST))])],
    [
      statement(Op.indexSet, [
        expr(Op.staticFunction, FIRST),
        expr(Op.asciiString, STEP),
        expr(Op.staticFunction, FIRST_STEP),
      ]),
    ],
  );
  callDirectly(made);
  assertLeft(made, [direct(FIRST_STEP, expr(Op.staticFunction, FIRST))]);
});
