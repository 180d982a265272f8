/**
 * Leaves out arguments that a function does not read, or only hands on to functions that do not, and those that are the same
 * constant in all calls. Only of functions that are called by their number, or started as a fiber by it, and used in no other way,
 * and without closures, which know their locals by number.
 */
import { BUILTIN_STRINGS } from "../builtin-strings.js";
import { clone, expr, isLabel, visitExprs, type Expr, type Statement } from "../code.js";
import { factsOf, isConstant } from "../effects.js";
import { statementsOf, type Fn, type Image } from "../image.js";
import { isShortCall, Op } from "../opcodes.js";

const START = BUILTIN_STRINGS.indexOf("start");

/** Changes the image in place, until there is nothing to leave out: callers may have had arguments for that alone. */
export function dropArguments(image: Image): void {
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    const calls = callsOf(image);
    forgetHandedOn(image, calls);
    image.functions.forEach((fn, number) => {
      const made = calls.get(number);
      if (!made || fn.flags !== 0 || hasClosures(fn)) return;
      for (let parameter = fn.args - 1; parameter >= 0; parameter--) {
        if (dropOne(fn, made, parameter)) isChanged = true;
      }
    });
  }
}

type Calls = ReadonlyMap<number, readonly Statement[] | null>;

/** The function that a statement calls or starts by its number. */
function calledBy({ op, args: [callee] }: Statement): Expr | null {
  if (!isShortCall(op) || callee === undefined) return null;
  const isStart = callee.op === Op.builtinField && callee.num === START;
  const called = isStart ? callee.args[0] : callee;
  return called?.op === Op.staticFunction ? called : null;
}

/** By number of the function: all calls of it; null where it is used in any other way. */
function callsOf(image: Image): Calls {
  const calls = new Map<number, Statement[] | null>();
  for (const statement of statementsOf(image)) {
    const called = calledBy(statement);
    visitExprs(statement, (node) => {
      if (node.op !== Op.staticFunction && node.op !== Op.makeClosure) return;
      const before = calls.get(node.num);
      if (node !== called || before === null) calls.set(node.num, null);
      else calls.set(node.num, [...(before ?? []), statement]);
    });
  }
  return calls;
}

/**
 * Arguments that are read only to be handed on, in the end to nobody: functions that call each other hand on the object that they are
 * methods of. Their loads become undefined, so that nothing reads them.
 */
function forgetHandedOn(image: Image, calls: Calls): void {
  const idle = new Set<string>();
  image.functions.forEach((fn, number) => {
    const made = calls.get(number);
    if (!made || fn.flags !== 0 || hasClosures(fn)) return;
    if (made.some(({ args }) => args.length - 1 > fn.args)) return;
    for (let parameter = 0; parameter < fn.args; parameter++) idle.add(`${number}:${parameter}`);
  });
  const handedOn = new Map<string, Expr[]>();
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    handedOn.clear();
    image.functions.forEach((fn, number) => {
      for (const line of fn.lines) {
        if (isLabel(line)) continue;
        const called = calledBy(line);
        const isIdle = (argument: Expr): boolean =>
          called !== null && idle.has(`${called.num}:${line.args.indexOf(argument) - 1}`);
        const needs = (parameter: number): void => {
          if (idle.delete(`${number}:${parameter}`)) isChanged = true;
        };
        if (line.op === Op.storeLocal) needs(line.num);
        visitExprs(line, (node) => {
          if (node.op !== Op.loadLocal) return;
          const key = `${number}:${node.num}`;
          if (!isIdle(node)) needs(node.num);
          else handedOn.set(key, [...(handedOn.get(key) ?? []), node]);
        });
      }
    });
  }
  for (const [key, loads] of handedOn) {
    if (idle.has(key)) for (const load of loads) Object.assign(load, expr(Op.undefined));
  }
}

function hasClosures(fn: Fn): boolean {
  return fn.lines.some((line) => {
    if (isLabel(line)) return false;
    let has = line.op === Op.storeClosure;
    visitExprs(line, ({ op }) => {
      if (op === Op.makeClosure || op === Op.loadClosure) has = true;
    });
    return has;
  });
}

function dropOne(fn: Fn, calls: readonly Statement[], parameter: number): boolean {
  const given = calls.map(
    ({ args }) => args[parameter + 1] ?? { op: Op.undefined, num: 0, args: [] },
  );
  if (calls.some(({ args }) => args.length - 1 > fn.args)) return false;
  if (given.some((arg) => factsOf(arg).canThrow)) return false;
  const loads: Expr[] = [];
  let isStored = false;
  for (const line of fn.lines) {
    if (isLabel(line)) continue;
    if (line.op === Op.storeLocal && line.num === parameter) isStored = true;
    visitExprs(line, (node) => {
      if (node.op === Op.loadLocal && node.num === parameter) loads.push(node);
    });
  }
  const [first] = given;
  if (isStored || (loads.length > 0 && (first === undefined || !isSameConstant(given, first))))
    return false;
  for (const load of loads) Object.assign(load, clone(first as Expr));
  for (const call of calls) {
    if (call.args.length <= parameter + 1) continue;
    call.args.splice(parameter + 1, 1);
    call.op--;
  }
  removeLocal(fn, parameter);
  return true;
}

function isSameConstant(given: readonly Expr[], first: Expr): boolean {
  return isConstant(first) && given.every(({ op, num }) => op === first.op && num === first.num);
}

function removeLocal(fn: Fn, slot: number): void {
  for (const line of fn.lines) {
    if (isLabel(line)) continue;
    if (line.op === Op.storeLocal && line.num > slot) line.num--;
    visitExprs(line, (node) => {
      if (node.op === Op.loadLocal && node.num > slot) node.num--;
    });
  }
  fn.args--;
  fn.slots--;
}
