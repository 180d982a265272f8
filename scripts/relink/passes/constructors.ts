/**
 * Makes a plain object where a class is made in one place only and nothing asks for its prototype any more: all its methods
 * are called directly then. The constructor becomes a function that takes the object, and may be put into its place.
 */
import { expr, isLabel, visitExprs, type Expr, type Line, type Statement } from "../code.js";
import { BUILTIN_STRINGS } from "../builtin-strings.js";
import { factsOfAll } from "../effects.js";
import { statementsOf, type Fn, type Image } from "../image.js";
import { Names } from "../names.js";
import { isShortCall, Op } from "../opcodes.js";

/** In a function's flags: a constructor, which is called with its object in front. */
const IS_CONSTRUCTOR = 3;
/** Numbers of locals that one byte holds. */
const LOCALS_MAX = 248;
/** By these an object leads to its class. */
const WAYS_TO_CLASS: ReadonlySet<string | null> = new Set(["constructor", "__proto__"]);
const GET_PROTOTYPE = BUILTIN_STRINGS.indexOf("getPrototypeOf");

/** Changes the image in place. */
export function makePlainObjects(image: Image): void {
  if (asksForClasses(image)) return;
  const uses = usesOf(image);
  image.functions.forEach((constructor, number) => {
    const [made, ...others] = uses.get(number) ?? [];
    if (made === undefined || made === "other" || others.length > 0) return;
    if (!isPlain(constructor) || made.owner.slots >= LOCALS_MAX) return;
    const { owner, call } = made;
    owner.lines.splice(owner.lines.indexOf(call), 1, ...construct(made, number));
    constructor.flags = 0;
    for (const line of constructor.lines) {
      if (!isLabel(line) && line.op === Op.return) line.args = [expr(Op.loadLocal, 0)];
    }
  });
}

/** Where a class is named: to make an object, or for anything else. */
type Use = { owner: Fn; call: Statement } | "other";

function usesOf(image: Image): Map<number, Use[]> {
  const uses = new Map<number, Use[]>();
  const add = (number: number, use: Use): void => {
    const all = uses.get(number) ?? [];
    all.push(use);
    uses.set(number, all);
  };
  for (const owner of image.functions) {
    for (const line of owner.lines) {
      if (isLabel(line)) continue;
      const callee = line.args[0];
      const isMaking =
        isShortCall(line.op) &&
        line.op < Op.call8 &&
        callee?.op === Op.new &&
        callee.args[0]?.op === Op.staticFunction;
      const made = isMaking ? callee.args[0] : undefined;
      if (made !== undefined) add(made.num, { owner, call: line });
      visitExprs(line, (node) => {
        const isUse = node.op === Op.staticFunction || node.op === Op.makeClosure;
        if (isUse && node !== made) add(node.num, "other");
      });
    }
  }
  return uses;
}

function asksForClasses(image: Image): boolean {
  const names = new Names(image);
  for (const statement of statementsOf(image)) {
    let asks = false;
    visitExprs(statement, (node) => {
      asks ||= WAYS_TO_CLASS.has(names.fieldOf(node)) || WAYS_TO_CLASS.has(names.stringOf(node));
      asks ||= node.op === Op.objectField && node.num === GET_PROTOTYPE;
    });
    if (asks) return true;
  }
  return false;
}

/** Gives nothing back but the object, which stays in its place. */
function isPlain({ flags, lines }: Fn): boolean {
  return (
    flags === IS_CONSTRUCTOR &&
    lines.every((line) => {
      if (isLabel(line)) return true;
      if (line.op === Op.return) return line.args[0]?.op === Op.undefined;
      return line.op !== Op.storeLocal || line.num !== 0;
    })
  );
}

/** An empty object, then the constructor with it in front. Arguments are taken before, where they are in `ret_val()`. */
function construct({ owner, call }: Exclude<Use, "other">, number: number): Line[] {
  const { source } = call;
  const line = (op: number, num: number, args: Expr[]): Statement => ({
    op,
    num,
    args,
    target: null,
    source,
  });
  let args = call.args.slice(1);
  const before: Line[] = [];
  if (factsOfAll(args).readsRetVal) {
    const kept = owner.slots++;
    before.push(line(Op.storeLocal, kept, [expr(Op.retVal)]));
    const keep = (node: Expr): Expr =>
      node.op === Op.retVal ? expr(Op.loadLocal, kept) : { ...node, args: node.args.map(keep) };
    args = args.map(keep);
  }
  const called = [expr(Op.staticFunction, number), expr(Op.retVal), ...args];
  return [...before, line(Op.allocMap, 0, []), line(call.op + 1, 0, called)];
}
