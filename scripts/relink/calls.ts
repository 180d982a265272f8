/** Calls of what is read of an object: `object.name(…)`. */
import { isLabel, type Expr, type Line, type Statement } from "./code.js";
import { bit } from "./effects.js";
import { alwaysWanted, flowOf, sharedLocals } from "./flow.js";
import type { Fn, Image } from "./image.js";
import { isShortCall, Op } from "./opcodes.js";

export interface NamedCall {
  call: Statement;
  /** Where arguments call something themselves the compiler reads what it calls first, into a local: this statement. */
  read: Statement | null;
  /** What reads the name. */
  callee: Expr;
}

/** In the order in which they are made. `isField` chooses what counts as reading a name. */
export function namedCalls(image: Image, isField: (node: Expr) => boolean): Map<Fn, NamedCall[]> {
  const shared = sharedLocals(image);
  return new Map(
    image.functions.map((fn) => {
      const later = callsOfReadMethods(fn, alwaysWanted(fn, shared), isField);
      const calls = fn.lines.flatMap((line): NamedCall[] => {
        if (isLabel(line) || !isCall(line)) return [];
        const read = later.get(line) ?? null;
        const callee = (read ?? line).args[0];
        return callee !== undefined && isField(callee) ? [{ call: line, read, callee }] : [];
      });
      return [fn, calls];
    }),
  );
}

function isCall({ op }: Statement): boolean {
  return isShortCall(op) || op === Op.callArray;
}

/**
 * By call: the statement that reads a field into a local only for it. No other store can reach that call, and nothing else
 * looks at the local while it holds the field.
 */
function callsOfReadMethods(
  { lines }: Fn,
  always: bigint,
  isField: (node: Expr) => boolean,
): Map<Statement, Statement> {
  const reads = new Map<Statement, Statement>();
  lines.forEach((read, index) => {
    if (isLabel(read) || read.op !== Op.storeLocal) return;
    if ((bit(read.num) & always) !== 0n || !isField(read.args[0] as Expr)) return;
    const call = onlyCall(lines, index, read.num);
    if (call !== null) reads.set(call, read);
  });
  return reads;
}

function onlyCall(lines: readonly Line[], read: number, local: number): Statement | null {
  const users = usersOf(lines, [read], local);
  const [at] = users;
  const call = lines[at ?? -1];
  if (at === undefined || users.size !== 1 || call === undefined || isLabel(call)) return null;
  const [callee, ...args] = call.args;
  if (!isCall(call) || callee?.op !== Op.loadLocal || callee.num !== local) return null;
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
