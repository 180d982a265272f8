/**
 * Calls a method directly when its name leaves no doubt which one is meant: it is set once, on the prototype of one
 * class, and appears nowhere but in calls. The object becomes the first argument, the entry in the prototype goes.
 * A call of something that is no object then fails inside the method and not before it; nothing else changes.
 */
import { expr, isLabel, type Expr, type Line, type Statement } from "../code.js";
import { bit } from "../effects.js";
import { alwaysWanted, flowOf, sharedLocals } from "../flow.js";
import { statementsOf, type Image } from "../image.js";
import { isShortCall, Op } from "../opcodes.js";
import { stringsInSpecs } from "./order.js";

/** In a function's flags: it is called with an object in front of its arguments. */
const NEEDS_THIS = 1;

/** How a name is used. */
interface Name {
  /** Prototype entries that set it. */
  entries: { statement: Statement; method: number }[];
  calls: Call[];
  /** Seen in any other place: as the name of a field, of something made at run time, of a specification. */
  isElsewhere: boolean;
}

/** A call by name. Where its arguments call something themselves the compiler reads the method first, into a local. */
interface Call {
  statement: Statement;
  read: Statement | null;
}

/** Changes the image in place. */
export function callDirectly(image: Image): void {
  const names = new Map<number, Name>();
  const nameOf = (num: number): Name => {
    const name = names.get(num) ?? { entries: [], calls: [], isElsewhere: false };
    names.set(num, name);
    return name;
  };
  const see = (node: Expr): void => {
    if (node.op === Op.asciiField || node.op === Op.asciiString)
      nameOf(node.num).isElsewhere = true;
    node.args.forEach(see);
  };
  const laterCalls = callsOfReadMethods(image);
  for (const statement of statementsOf(image)) {
    const entry = entryOf(statement);
    const later = laterCalls.get(statement);
    const callee = later === undefined ? calleeOf(statement) : (statement.args[0] as Expr);
    if (entry !== null) nameOf(entry.name).entries.push({ statement, method: entry.method });
    else if (callee !== null) {
      const call =
        later === undefined ? { statement, read: null } : { statement: later, read: statement };
      nameOf(callee.num).calls.push(call);
      callee.args.forEach(see);
      statement.args.slice(1).forEach(see);
    } else statement.args.forEach(see);
  }
  // Roles have what their service's specification names.
  for (const num of stringsInSpecs(image)) nameOf(num).isElsewhere = true;
  const gone = new Set<Statement>();
  const usedAsValue = functionsUsedAsValues(image);
  for (const name of names.values()) {
    const [entry, ...others] = name.entries;
    if (entry === undefined || others.length > 0 || name.isElsewhere) continue;
    const method = image.functions[entry.method];
    if (method === undefined || method.flags !== NEEDS_THIS) continue;
    if (usedAsValue.get(entry.method) !== 1) continue;
    if (!name.calls.every(({ statement }) => statement.op < Op.call8)) continue;
    for (const call of name.calls) callFunction(call, entry.method);
    method.flags = 0;
    gone.add(entry.statement);
  }
  for (const fn of image.functions) {
    fn.lines = fn.lines.filter((line) => isLabel(line) || !gone.has(line));
  }
}

/** `SomeClass.prototype.name = someFunction`, or null. */
function entryOf({ op, args }: Statement): { name: number; method: number } | null {
  const [target, key, value] = args;
  if (op !== Op.indexSet || target?.op !== Op.builtinField) return null;
  if (target.args[0]?.op !== Op.staticFunction || key?.op !== Op.asciiString) return null;
  return value?.op === Op.staticFunction ? { name: key.num, method: value.num } : null;
}

/** The field that a statement calls, or null. */
function calleeOf(statement: Statement): Expr | null {
  const callee = statement.args[0];
  return isShortCall(statement.op) && callee?.op === Op.asciiField ? callee : null;
}

function callFunction({ statement, read }: Call, method: number): void {
  const [callee, ...args] = statement.args as [Expr, ...Expr[]];
  statement.op += 1;
  statement.args = [
    expr(Op.staticFunction, method),
    ...(read === null ? callee.args : [callee]),
    ...args,
  ];
  if (read !== null) read.args = (read.args[0] as Expr).args;
}

/**
 * Statements that read a field into a local only to call it: no other store can reach that call, and nothing else
 * looks at the local while it holds the field.
 */
function callsOfReadMethods(image: Image): Map<Statement, Statement> {
  const calls = new Map<Statement, Statement>();
  const shared = sharedLocals(image);
  for (const fn of image.functions) {
    const always = alwaysWanted(fn, shared);
    fn.lines.forEach((read, index) => {
      if (isLabel(read) || read.op !== Op.storeLocal || read.args[0]?.op !== Op.asciiField) return;
      if ((bit(read.num) & always) !== 0n) return;
      const call = onlyCall(fn.lines, index, read.num);
      if (call !== null) calls.set(read, call);
    });
  }
  return calls;
}

function onlyCall(lines: readonly Line[], read: number, local: number): Statement | null {
  const users = usersOf(lines, [read], local);
  const [at] = users;
  const call = lines[at ?? -1];
  if (at === undefined || users.size !== 1 || call === undefined || isLabel(call)) return null;
  const [callee, ...args] = call.args;
  if (!isShortCall(call.op) || callee?.op !== Op.loadLocal || callee.num !== local) return null;
  if (args.some((arg) => loads(arg, local))) return null;
  const others = lines.flatMap((line, index) =>
    !isLabel(line) && line.op === Op.storeLocal && line.num === local && index !== read
      ? [index]
      : [],
  );
  // Also what the local holds at the start: a parameter, or nothing.
  const isAlsoOthers = usersOf(lines, [...others, START], local).has(at);
  return isAlsoOthers ? null : call;
}

/** The beginning of a function, before its first line. */
const START = -1;

/** Lines that look at a local as it is after any of the given ones, wherever an exception may lead included. */
function usersOf(lines: readonly Line[], from: readonly number[], local: number): Set<number> {
  const { next, handlers } = flowOf(lines);
  const users = new Set<number>();
  const seen = new Set<number>();
  const work = [
    ...handlers,
    ...from.flatMap((index) => (index === START ? [0] : (next[index] ?? []))),
  ];
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    const line = lines[index];
    if (seen.has(index) || line === undefined) continue;
    seen.add(index);
    if (!isLabel(line)) {
      if (line.args.some((arg) => loads(arg, local))) users.add(index);
      if (line.op === Op.storeLocal && line.num === local) continue;
    }
    work.push(...(next[index] ?? []));
  }
  return users;
}

function loads(node: Expr, local: number): boolean {
  if (node.op === Op.loadLocal && node.num === local) return true;
  return node.args.some((arg) => loads(arg, local));
}

/** How often each function is named in the code. */
function functionsUsedAsValues(image: Image): Map<number, number> {
  const uses = new Map<number, number>();
  const see = (node: Expr): void => {
    if (node.op === Op.staticFunction || node.op === Op.makeClosure) {
      uses.set(node.num, (uses.get(node.num) ?? 0) + 1);
    }
    node.args.forEach(see);
  };
  for (const statement of statementsOf(image)) statement.args.forEach(see);
  return uses;
}
