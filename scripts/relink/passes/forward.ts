/**
 * Puts a value that is stored to be used once into the place where it is used, and one-byte constants and copies of
 * locals into all places up to the next change. Only along statements that run one after another.
 */
import { isLabel, visitExprs, type Expr, type Label, type Line, type Statement } from "../code.js";
import {
  bit,
  DEPTH_MAX,
  depthOfAll,
  factsOf,
  factsOfAll,
  writesMemory,
  writesRetVal,
  type ExprFacts,
} from "../effects.js";
import { RET_VAL, readsOf, wantedAfter } from "../flow.js";
import { layoutOf, Op } from "../opcodes.js";
import { truthOf } from "./expressions.js";

/** `always`: locals that must not be touched. True when something changed. */
export function forwardValues(lines: Line[], always: bigint): boolean {
  let isChanged = false;
  const wanted = new Wanted(lines, always);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line) || line.op !== Op.storeLocal || (bit(line.num) & always) !== 0n) continue;
    const [value] = line.args;
    if (value === undefined) continue;
    if (isCopyable(value, always) && spread(wanted, index, value)) isChanged = true;
    if (forwardOnce(wanted, index, value, always)) {
      isChanged = true;
      index--;
    }
  }
  return isChanged;
}

/**
 * What is wanted after each line, kept right while values move down along statements that run one after another: to
 * compute it anew for each took most of the build. It may say that something is wanted which is no more.
 */
class Wanted {
  readonly #after: bigint[];
  readonly #handlers: readonly (Label | null)[];

  constructor(
    readonly lines: Line[],
    always: bigint,
  ) {
    this.#after = wantedAfter(lines, always);
    this.#handlers = lines.flatMap((line) =>
      line.op === Op.try ? [(line as Statement).target] : [],
    );
  }

  get hasHandlers(): boolean {
    return this.#handlers.length > 0;
  }

  isAfter(index: number, slot: number): boolean {
    return ((this.#after[index] ?? 0n) & bit(slot)) !== 0n;
  }

  isAt(label: Label | null, slot: number): boolean {
    return label === null || this.isAfter(this.lines.indexOf(label), slot);
  }

  inHandler(slot: number): boolean {
    return this.#handlers.some((label) => this.isAt(label, slot));
  }

  /** What a value is made of is from now on computed at line `to`, not `from`. */
  reach(from: number, to: number, facts: ExprFacts): void {
    const more = facts.locals | (facts.readsRetVal ? RET_VAL : 0n);
    for (let index = from; index < to; index++)
      this.#after[index] = (this.#after[index] ?? 0n) | more;
  }

  remove(index: number): void {
    this.lines.splice(index, 1);
    this.#after.splice(index, 1);
  }
}

/** As short as a load of a local, and the same wherever it is computed until that local changes. */
function isCopyable(value: Expr, always: bigint): boolean {
  if (value.op === Op.loadLocal) return (bit(value.num) & always) === 0n;
  if (value.op === Op.literal) return value.num >= -16 && value.num <= 111;
  return truthOf(value) !== null;
}

/** Uses of the local become the value; the store stays, and goes later when nothing reads it. */
function spread(wanted: Wanted, from: number, value: Expr): boolean {
  const { lines } = wanted;
  const { num: slot } = lines[from] as Statement;
  if (value.op === Op.loadLocal && value.num === slot) return false;
  const facts = factsOf(value);
  const stopAt = bit(slot) | facts.locals;
  let last = from;
  for (let index = from + 1; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line)) break;
    visitExprs(line, (node) => {
      if (node.op !== Op.loadLocal || node.num !== slot) return;
      node.op = value.op;
      node.num = value.num;
      last = index;
    });
    if (line.op === Op.storeLocal && (bit(line.num) & stopAt) !== 0n) break;
    if (layoutOf(line.op).isFinal) break;
  }
  wanted.reach(from, last, facts);
  return last > from;
}

function forwardOnce(wanted: Wanted, from: number, value: Expr, always: bigint): boolean {
  const { lines } = wanted;
  const { num: slot } = lines[from] as Statement;
  const facts = factsOf(value);
  if ((facts.locals & always) !== 0n) facts.readsMemory = true;
  for (let index = from + 1; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line)) return false;
    if ((readsOf(line) & bit(slot)) !== 0n) {
      const isReplaced = line.op === Op.storeLocal && line.num === slot;
      if (isReplaced ? wanted.inHandler(slot) : wanted.isAfter(index, slot)) return false;
      if (!substitute(line, slot, value, facts)) return false;
      wanted.reach(from, index, facts);
      wanted.remove(from);
      return true;
    }
    if (!canPass(line, slot, facts)) return false;
    // When the value throws, a handler or a closure could see that this store was made already.
    const isShared = line.op === Op.storeLocal && (bit(line.num) & always) !== 0n;
    if (facts.canThrow && (isShared || wanted.hasHandlers)) return false;
    if (line.target !== null && wanted.isAt(line.target, slot)) return false;
  }
  return false;
}

/** Whether a value may be computed after this statement instead of before it. */
function canPass(line: Statement, slot: number, facts: ExprFacts): boolean {
  if (line.op === Op.storeLocal) {
    if (line.num === slot || (facts.locals & bit(line.num)) !== 0n) return false;
  }
  // Where the end of a `finally` leads, `reThrow` does not say.
  if (layoutOf(line.op).isFinal || line.op === Op.reThrow) return false;
  if (facts.readsRetVal && writesRetVal(line)) return false;
  if (facts.readsMemory && writesMemory(line)) return false;
  // What may throw keeps its place among all that can be seen; a store of a harmless value cannot.
  if (!facts.canThrow) return line.op !== Op.try && line.op !== Op.finally && line.op !== Op.catch;
  return line.op === Op.storeLocal && !factsOfAll(line.args).canThrow;
}

/** Replaces the only use, if what is computed before it in this statement cannot throw first. */
function substitute(line: Statement, slot: number, value: Expr, facts: ExprFacts): boolean {
  let uses = 0;
  let isEarlyThrow = false;
  visitExprs(line, (node) => {
    if (node.op === Op.loadLocal && node.num === slot) uses++;
    else if (uses === 0 && factsOf({ ...node, args: [] }).canThrow) isEarlyThrow = true;
  });
  if (uses !== 1 || (isEarlyThrow && facts.canThrow)) return false;
  const put = (node: Expr): Expr => {
    if (node.op === Op.loadLocal && node.num === slot) return value;
    return { ...node, args: node.args.map(put) };
  };
  const args = line.args.map(put);
  if (depthOfAll(args) > DEPTH_MAX) return false;
  line.args = args;
  return true;
}
