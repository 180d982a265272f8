/**
 * Puts a value that is stored to be used once, in a local or in `ret_val()`, into the place where it is used. Only along
 * statements that run one after another.
 */
import {
  canGo,
  isLabel,
  takeOut,
  visitExprs,
  type Expr,
  type Line,
  type Statement,
} from "../code.js";
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
import { flowOf, RET_VAL, readsOf, wantedAfter, writesOf } from "../flow.js";
import { layoutOf, Op } from "../opcodes.js";

/**
 * `always`: locals that must not be touched. `kept`: locals that keep what is stored in them, although their value may be used
 * directly. True when something changed.
 */
export function forwardValues(lines: Line[], always: bigint, kept = 0n): boolean {
  let isChanged = false;
  const wanted = new Wanted(lines, always);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line) || (storedBy(line) & ~always) === 0n) continue;
    const [value] = line.args;
    if (value === undefined) continue;
    const isKept = (storedBy(line) & kept) !== 0n;
    if (isKept || !canGo(lines, index)) continue;
    if (forwardOnce(wanted, index, value, always)) {
      isChanged = true;
      index--;
    }
  }
  return isChanged;
}

/** The local, or `ret_val()`, that a statement does nothing but store; 0 when it does something else. */
function storedBy(line: Statement): bigint {
  if (line.op === Op.storeRetVal) return RET_VAL;
  return line.op === Op.storeLocal ? bit(line.num) : 0n;
}

/**
 * What is wanted after each line, kept right while values move down along statements that run one after another: to
 * compute it anew for each took most of the build. It may say that something is wanted which is no more.
 */
class Wanted {
  readonly #after: bigint[];
  /** By line: where an exception can lead to from there. */
  readonly #caughtBy: (readonly Line[])[];

  constructor(
    readonly lines: Line[],
    always: bigint,
  ) {
    this.#after = wantedAfter(lines, always);
    this.#caughtBy = flowOf(lines).caughtBy.map((all) => all.map((at) => lines[at] as Line));
  }

  hasHandlers(index: number): boolean {
    return this.#caughtBy[index]?.length !== 0;
  }

  isAfter(index: number, stored: bigint): boolean {
    return ((this.#after[index] ?? 0n) & stored) !== 0n;
  }

  isAt(label: Line | null, stored: bigint): boolean {
    return label === null || this.isAfter(this.lines.indexOf(label), stored);
  }

  /** What throws leaves a value of its own in `ret_val()`. */
  inHandler(index: number, stored: bigint): boolean {
    if (stored === RET_VAL) return false;
    return this.#caughtBy[index]?.some((label) => this.isAt(label, stored)) ?? true;
  }

  /** What a value is made of is from now on computed at line `to`, not `from`. */
  reach(from: number, to: number, facts: ExprFacts): void {
    const more = facts.locals | (facts.readsRetVal ? RET_VAL : 0n);
    for (let index = from; index < to; index++)
      this.#after[index] = (this.#after[index] ?? 0n) | more;
  }

  remove(index: number): void {
    takeOut(this.lines, index);
    this.#after.splice(index, 1);
    this.#caughtBy.splice(index, 1);
  }
}

function forwardOnce(wanted: Wanted, from: number, value: Expr, always: bigint): boolean {
  const { lines } = wanted;
  const stored = storedBy(lines[from] as Statement);
  const facts = factsOf(value);
  if ((facts.locals & always) !== 0n) facts.readsMemory = true;
  for (let index = from + 1; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line)) return false;
    if ((readsOf(line) & stored) !== 0n) {
      const isReplaced = (writesOf(line) & stored) !== 0n;
      if (isReplaced ? wanted.inHandler(index, stored) : wanted.isAfter(index, stored))
        return false;
      if (!substitute(line, stored, value, facts)) return false;
      wanted.reach(from, index, facts);
      wanted.remove(from);
      return true;
    }
    if (!canPass(line, stored, facts)) return false;
    // When the value throws, a handler or a closure could see that this store was made already.
    const isShared = line.op === Op.storeLocal && (bit(line.num) & always) !== 0n;
    if (facts.canThrow && (isShared || wanted.hasHandlers(index))) return false;
    if (line.target !== null && wanted.isAt(line.target, stored)) return false;
  }
  return false;
}

/** Whether a value may be computed after this statement instead of before it. */
function canPass(line: Statement, stored: bigint, facts: ExprFacts): boolean {
  if ((writesOf(line) & (stored | facts.locals)) !== 0n) return false;
  // Where the end of a `finally` leads, `reThrow` does not say.
  if (layoutOf(line.op).isFinal || line.op === Op.reThrow) return false;
  if (facts.readsRetVal && writesRetVal(line)) return false;
  if (facts.readsMemory && writesMemory(line)) return false;
  // What may throw keeps its place among all that can be seen; a store of a harmless value cannot.
  if (!facts.canThrow) return line.op !== Op.try && line.op !== Op.finally && line.op !== Op.catch;
  return line.op === Op.storeLocal && !factsOfAll(line.args).canThrow;
}

/** Replaces the only use, if what is computed before it in this statement cannot throw first. */
function substitute(line: Statement, stored: bigint, value: Expr, facts: ExprFacts): boolean {
  const isUse = ({ op, num }: Expr): boolean =>
    op === Op.retVal ? stored === RET_VAL : op === Op.loadLocal && bit(num) === stored;
  let uses = 0;
  let isEarlyThrow = false;
  visitExprs(line, (node) => {
    if (isUse(node)) uses++;
    else if (uses === 0 && factsOf({ ...node, args: [] }).canThrow) isEarlyThrow = true;
  });
  if (uses !== 1 || (isEarlyThrow && facts.canThrow)) return false;
  const put = (node: Expr): Expr => {
    if (isUse(node)) return value;
    return { ...node, args: node.args.map(put) };
  };
  const args = line.args.map(put);
  if (depthOfAll(args) > DEPTH_MAX) return false;
  line.args = args;
  return true;
}
