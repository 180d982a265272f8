/**
 * Makes globals of the fields that only one object ever has (`image.soleFields`): what reads one needs two bytes and a step in
 * place of four and two, what writes one two bytes and two steps in place of five and four. The object may
 * be empty in the end. A field of what is no object then reads as undefined and does not throw.
 */
import { BUILTIN_STRINGS, READ_BY_VM } from "../builtin-strings.js";
import {
  canGo,
  expr,
  isLabel,
  takeOut,
  visitExprs,
  type Expr,
  type Line,
  type Statement,
} from "../code.js";
import type { Fn, Image, SoleFieldUses } from "../image.js";
import { Names } from "../names.js";
import { isShortCall, Op } from "../opcodes.js";
import { stringsInSpecs } from "./order.js";

const PROTOTYPE = BUILTIN_STRINGS.indexOf("prototype");

/** Changes the image in place. The first pass: the notes are of the code as compiled. */
export function makeGlobals(image: Image): void {
  const once = new Once(image);
  const names = new Names(image);
  const taken = new Set(
    stringsInSpecs(image).map((num) => names.stringOf(expr(Op.asciiString, num))),
  );
  const fields: Pick<SoleFieldUses, "name" | "isSetFirst">[] = [];
  for (const { name, maker, isSetFirst, uses } of image.soleFields ?? []) {
    // What the VM knows by name it may read itself.
    if (taken.has(name) || READ_BY_VM.has(name) || (maker !== undefined && !once.runs(maker)))
      continue;
    const global = image.globals.push(image.globals.length) - 1;
    fields.push({ name, isSetFirst });
    for (const use of uses) {
      const isWrite = use.op === Op.indexSet;
      const args = isWrite ? use.args.slice(2) : [];
      Object.assign(use, { op: isWrite ? Op.storeGlobal : Op.loadGlobal, num: global, args });
    }
    const isSetAgain = uses.filter(({ op }) => op === Op.storeGlobal).length > 1;
    const made = (maker ?? image.functions[0])?.lines ?? [];
    if (isSetFirst && isSetAgain) leaveUndefined(made, global);
  }
  image.fields = fields;
}

/** A global is undefined until something is stored in it: to say so first, where its object is made, says nothing. */
function leaveUndefined(lines: Line[], global: number): void {
  const first = lines.findIndex(
    (line) => !isLabel(line) && line.op === Op.storeGlobal && line.num === global,
  );
  const line = lines[first];
  if (line === undefined || isLabel(line) || line.args[0]?.op !== Op.undefined) return;
  if (canGo(lines, first)) takeOut(lines, first);
}

interface Use {
  owner: Fn;
  /** The call; null when the function is a value there. */
  call: Statement | null;
}

/** Which functions run at most once. */
class Once {
  readonly #uses = new Map<Fn, Use[]>();
  readonly #known = new Map<Fn, boolean>();

  constructor(readonly image: Image) {
    for (const owner of image.functions) {
      for (const line of owner.lines) if (!isLabel(line)) this.#note(owner, line);
    }
  }

  #note(owner: Fn, line: Statement): void {
    const [first] = line.args;
    const callee = first?.op === Op.new ? first.args[0] : first;
    const called = isShortCall(line.op) && callee?.op === Op.staticFunction ? callee : undefined;
    const looked = new Set<Expr>();
    visitExprs(line, (node) => {
      if (node.op === Op.builtinField && node.num === PROTOTYPE) looked.add(node.args[0] as Expr);
      if (node.op === Op.instanceOf) looked.add(node.args[1] as Expr);
    });
    visitExprs(line, (node) => {
      const isUse = node.op === Op.staticFunction || node.op === Op.makeClosure;
      const fn = isUse && !looked.has(node) ? this.image.functions[node.num] : undefined;
      if (fn === undefined) return;
      const use = { owner, call: node === called ? line : null };
      this.#uses.set(fn, [...(this.#uses.get(fn) ?? []), use]);
    });
  }

  runs(fn: Fn): boolean {
    const known = this.#known.get(fn);
    if (known !== undefined) return known;
    // Whoever calls itself does not run once.
    this.#known.set(fn, false);
    const [use, ...others] = this.#uses.get(fn) ?? [];
    const runs =
      fn === this.image.functions[0] ||
      (use?.call != null &&
        others.length === 0 &&
        !isInLoop(use.owner.lines, use.call) &&
        this.runs(use.owner));
    this.#known.set(fn, runs);
    return runs;
  }
}

/** Whether a jump from this line or behind it leads back to it or in front of it. */
function isInLoop(lines: readonly Line[], line: Line): boolean {
  const at = lines.indexOf(line);
  const before = new Set(lines.slice(0, at).filter(isLabel));
  return lines
    .slice(at)
    .some((each) => !isLabel(each) && each.target !== null && before.has(each.target));
}
