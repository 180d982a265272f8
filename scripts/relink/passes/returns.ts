/** Rules about `return`: reached at once, given a condition, shared where it stands twice. */
import { clone, expr, isLabel, type Expr, type Label, type Line, type Statement } from "../code.js";
import { bit, isBoolean } from "../effects.js";
import { Op } from "../opcodes.js";
import { isSame, opposite, truthOf } from "./expressions.js";
import { labelBehind, type Rule } from "./places.js";

/** A jump to a `return` of what is one byte, or of what was just stored: returns right here. */
const jumpToReturn: Rule = (places, line, index, always) => {
  const { lines } = places;
  if (line.op !== Op.jump || line.target === null) return false;
  const found = places.leadsTo(line.target);
  const [value] = found?.statement.args ?? [];
  if (found?.statement.op !== Op.return || value === undefined) return false;
  if (found.statement.anchor === true) return false;
  const before = lines[index - 1];
  if (before !== undefined && isStoreOf(before, value, always)) {
    if (line.anchor === true) return false;
    lines.splice(index - 1, 2, { ...before, op: Op.return, num: 0 });
    return true;
  }
  if (value.args.length > 0 || (value.op !== Op.retVal && truthOf(value) === null)) return false;
  if (value.op === Op.literal && (value.num < -16 || value.num > 111)) return false;
  Object.assign(line, { op: Op.return, args: [clone(value)], target: null });
  return true;
};

/** `x := value; A: return x` is `return value; A: return x`. */
const storeToReturn: Rule = (places, line, index, always) => {
  const found = places.first(index + 1);
  const [value] = found?.statement.args ?? [];
  if (found?.statement.op !== Op.return || value === undefined) return false;
  if (found.statement.anchor === true || !isStoreOf(line, value, always)) return false;
  Object.assign(line, { op: Op.return, num: 0 });
  return true;
};

function isStoreOf(line: Line, value: Expr, always: bigint): line is Statement {
  if (isLabel(line) || line.op !== Op.storeLocal || value.op !== Op.loadLocal) return false;
  return line.num === value.num && (bit(line.num) & always) === 0n;
}

/** `if not c goto A; return true; A: return false` is `return c`. */
const returnCondition: Rule = (places, line, index) => {
  const { lines } = places;
  const [condition] = line.args;
  const next = lines[index + 1];
  if (line.op !== Op.jumpIfFalse || condition === undefined || line.target === null) return false;
  if (next === undefined || isLabel(next) || next.op !== Op.return) return false;
  const other = places.leadsTo(line.target);
  if (other?.statement.op !== Op.return) return false;
  if (next.anchor === true || other.statement.anchor === true) return false;
  if (line.anchor === true && line.source !== next.source) return false;
  const anchor = line.anchor === true ? { anchor: true } : {};
  const ops = [next.args[0]?.op, other.statement.args[0]?.op];
  if (ops[0] === Op.true && ops[1] === Op.false) {
    const value = isBoolean(condition) ? condition : expr(Op.toBool, 0, [condition]);
    lines.splice(index, 2, { ...next, ...anchor, args: [value] });
    return true;
  }
  if (ops[0] === Op.false && ops[1] === Op.true) {
    const value = opposite(condition) ?? expr(Op.not, 0, [condition]);
    lines.splice(index, 2, { ...next, ...anchor, args: [value] });
    return true;
  }
  return false;
};

/**
 * `x := c; if not x goto A` where only this leads to `A: return x` and c is true or false: returns that.
 * The store itself goes when nothing else reads it.
 */
const returnKnown: Rule = (places, line, index) => {
  const { lines } = places;
  const before = lines[index - 1];
  if (line.op !== Op.jumpIfFalse || line.target === null || before === undefined) return false;
  if (isLabel(before) || before.op !== Op.storeLocal || !before.args.every(isBoolean)) return false;
  const [condition] = line.args;
  const isNot = condition?.op === Op.not;
  const tested = isNot ? condition.args[0] : condition;
  const found = places.leadsTo(line.target);
  const [value] = found?.statement.args ?? [];
  if (found?.statement.op !== Op.return || value === undefined || tested === undefined)
    return false;
  if (tested.op !== Op.loadLocal || tested.num !== before.num || !isSame(value, tested))
    return false;
  if (places.uses(line.target) !== 1 || !isOnlyBehind(lines, found.index, line.target))
    return false;
  found.statement.args = [expr(isNot ? Op.true : Op.false)];
  return true;
};

/** True when line `index` stands right behind this one label, and what is before that never goes on to it. */
function isOnlyBehind(lines: readonly Line[], index: number, label: Label): boolean {
  if (lines[index - 1] !== label) return false;
  const before = lines[index - 2];
  return (
    before !== undefined && !isLabel(before) && (before.op === Op.return || before.op === Op.jump)
  );
}

/** `if not c goto A; return 1; A:` with the same `return` further down is `if c goto that`, where c has an opposite. */
const shareReturn: Rule = (places, line, index) => {
  const { lines } = places;
  const [condition] = line.args;
  const next = lines[index + 1];
  if (line.op !== Op.jumpIfFalse || condition === undefined || line.target === null) return false;
  if (next === undefined || isLabel(next) || next.op !== Op.return) return false;
  if (next.anchor === true) return false;
  if (!places.passes(index + 1, line.target)) return false;
  const turned = condition.op === Op.not ? condition.args[0] : opposite(condition);
  if (turned === undefined || turned === null) return false;
  const isIt = (other: Line, at: number): boolean =>
    at > index + 1 &&
    !isLabel(other) &&
    other.op === Op.return &&
    isSame(other.args[0] as Expr, next.args[0] as Expr);
  const shared = lines.findIndex(isIt);
  if (shared < 0) return false;
  line.args = [turned];
  line.target = labelBehind(lines, shared - 1);
  lines.splice(index + 1, 1);
  return true;
};

export const RETURN_RULES: readonly Rule[] = [
  jumpToReturn,
  storeToReturn,
  returnCondition,
  returnKnown,
  shareReturn,
];
