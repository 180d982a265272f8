/**
 * Calls a method directly wherever only this one can be meant: the object becomes the first argument, the entry in the
 * prototype goes, and so do entries that nothing can look up. All that may find a method must be such a call, for a
 * function that takes its object as an argument is no method any more. What a name may find is in the notes of
 * `annotate.ts`; without them a name tells it that is used for one method and nothing else.
 * A call of something that is no object then fails inside the method and not before it; nothing else changes.
 */
import { READ_BY_VM, BUILTIN_STRINGS } from "../builtin-strings.js";
import { namedCalls, type NamedCall } from "../calls.js";
import { expr, isLabel, type Expr, type Finds, type Statement } from "../code.js";
import { statementsOf, type Fn, type Image } from "../image.js";
import { Names } from "../names.js";
import { isShortCall, Op } from "../opcodes.js";
import { stringsInSpecs } from "./order.js";

/** In a function's flags: it is called with an object in front of its arguments. */
const NEEDS_THIS = 1;

/** What a name stands for in the whole program. */
interface Name {
  /** Entries of prototypes and classes that set it. */
  entries: { statement: Statement; method: Fn }[];
  reads: Expr[];
  /** Set in any other place as well: as a field, by something made at run time, by a specification or the VM. */
  isElsewhere: boolean;
}

/** How a read is used that may become a direct call: it is called, or started as a fiber. */
interface Use {
  call: Statement;
  read: Statement | null;
  isStart: boolean;
}

/** Changes the image in place. */
export function callDirectly(image: Image): void {
  const texts = new Names(image);
  const names = namesOf(image, texts);
  const uses = usesOf(image, texts);
  const valueCounts = functionsUsedAsValues(image);
  const numbers = new Map(image.functions.map((fn, number) => [fn, number]));
  const gone = new Set<Statement>();
  for (const [text, name] of names) {
    const found = name.reads.map((read) => ({ read, finds: findsOf(read, name) }));
    for (const { statement, method } of name.entries) {
      if (method.flags !== NEEDS_THIS || READ_BY_VM.has(text)) continue;
      if (image.computed?.has(method) ?? name.isElsewhere) continue;
      const number = numbers.get(method) as number;
      if (valueCounts.get(number) !== 1) continue;
      const mine = found.filter(({ finds }) => finds.methods.has(method));
      const calls = mine.map(({ read, finds }) =>
        finds.methods.size === 1 && !finds.isOpen ? uses.get(read) : undefined,
      );
      if (!calls.every((use) => use !== undefined && use.call.op < Op.call8)) continue;
      for (const use of calls) if (use !== undefined) callFunction(use, number);
      method.flags = 0;
      gone.add(statement);
    }
  }
  for (const fn of image.functions) {
    fn.lines = fn.lines.filter((line) => isLabel(line) || !gone.has(line));
  }
}

/** What a read may find, by its notes and by all that is known of the name. */
function findsOf(read: Expr, { entries, isElsewhere }: Name): Finds {
  const methods = new Set(entries.map(({ method }) => method));
  const { finds } = read;
  if (finds === undefined) return { methods, isOpen: isElsewhere };
  return {
    methods: new Set([...finds.methods].filter((method) => methods.has(method))),
    // Where nothing else has the name, nothing else is found.
    isOpen: finds.isOpen && (isElsewhere || entries.length > 1),
  };
}

/** All names that a method has. */
function namesOf(image: Image, texts: Names): Map<string, Name> {
  const names = new Map<string, Name>();
  const entryStatements = new Set<Statement>();
  for (const statement of statementsOf(image)) {
    const entry = entryOf(statement, image, texts);
    if (entry === null) continue;
    entryStatements.add(statement);
    const name = names.get(entry.name) ?? { entries: [], reads: [], isElsewhere: false };
    name.entries.push({ statement, method: entry.method });
    names.set(entry.name, name);
  }
  const noteElsewhere = (text: string | null): void => {
    const name = text === null ? undefined : names.get(text);
    if (name !== undefined) name.isElsewhere = true;
  };
  const see = (node: Expr): void => {
    const field = texts.fieldOf(node);
    if (field !== null) names.get(field)?.reads.push(node);
    else noteElsewhere(texts.stringOf(node));
    // The name of a read by index is an operand.
    const args = field !== null && node.op === Op.index ? node.args.slice(0, 1) : node.args;
    args.forEach(see);
  };
  for (const statement of statementsOf(image)) {
    if (!entryStatements.has(statement)) statement.args.forEach(see);
  }
  // Roles have what their service's specification names.
  for (const index of stringsInSpecs(image)) {
    noteElsewhere(texts.stringOf(expr(Op.asciiString, index)));
  }
  for (const text of BUILTIN_STRINGS) noteElsewhere(text);
  return names;
}

/** Methods that are still looked up by their names, each with its class. */
export function methodsLeft(image: Image): { owner: Fn; method: Fn; name: string }[] {
  const texts = new Names(image);
  return [...statementsOf(image)].flatMap((statement) => entryOf(statement, image, texts) ?? []);
}

/** `SomeClass.prototype.name = someFunction`, or `SomeClass.name = someFunction`; null when it is neither. */
function entryOf(
  { op, args }: Statement,
  image: Image,
  texts: Names,
): { owner: Fn; name: string; method: Fn } | null {
  const [target, key, value] = args;
  if (op !== Op.indexSet || value?.op !== Op.staticFunction) return null;
  const named = texts.fieldOf(target) === "prototype" ? target?.args[0] : target;
  const owner = named?.op === Op.staticFunction ? image.functions[named.num] : undefined;
  const method = image.functions[value.num];
  const name = texts.stringOf(key);
  if (owner === undefined || method === undefined || name === null) return null;
  return { owner, name, method };
}

function usesOf(image: Image, texts: Names): Map<Expr, Use> {
  const uses = new Map<Expr, Use>();
  const isField = (node: Expr): boolean => texts.fieldOf(node) !== null;
  const add = ({ call, read, callee }: NamedCall): void => {
    if (!isShortCall(call.op)) return;
    uses.set(callee, { call, read, isStart: false });
    const [started] = callee.args;
    if (read === null && texts.fieldOf(callee) === "start" && started && isField(started)) {
      uses.set(started, { call, read, isStart: true });
    }
  };
  for (const calls of namedCalls(image, isField).values()) calls.forEach(add);
  return uses;
}

function callFunction({ call, read, isStart }: Use, method: number): void {
  const [callee, ...args] = call.args as [Expr, ...Expr[]];
  call.op += 1;
  const direct = expr(Op.staticFunction, method);
  if (isStart) {
    const object = callee.args[0]?.args[0] as Expr;
    call.args = [{ ...callee, args: [direct] }, object, ...args];
    return;
  }
  call.args = [direct, read === null ? (callee.args[0] as Expr) : callee, ...args];
  if (read !== null) read.args = [read.args[0]?.args[0] as Expr];
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
