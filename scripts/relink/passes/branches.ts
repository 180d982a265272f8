/**
 * Straightens jumps: those to jumps, those whose outcome is known where they start, conditions that are constant, and
 * values that are only stored to be returned. `!!x` and chains of `&&` and `||` leave the most of these behind.
 */
import {
  clone,
  expr,
  isLabel,
  LABEL,
  type Expr,
  type Label,
  type Line,
  type Statement,
} from "../code.js";
import { bit, factsOf, isBoolean } from "../effects.js";
import { Op } from "../opcodes.js";
import { isSame, opposite, truthOf } from "./expressions.js";

/** Looks up where labels lead; made anew after every change. */
class Places {
  readonly #at = new Map<Label, number>();
  readonly #uses = new Map<Label, number>();

  constructor(readonly lines: Line[]) {
    lines.forEach((line, index) => {
      if (isLabel(line)) this.#at.set(line, index);
      else if (line.target) this.#uses.set(line.target, (this.#uses.get(line.target) ?? 0) + 1);
    });
  }

  /** The first statement at or behind a label, with its line. */
  leadsTo(label: Label): { statement: Statement; index: number } | null {
    const at = this.#at.get(label);
    return at === undefined ? null : this.first(at);
  }

  first(from: number): { statement: Statement; index: number } | null {
    for (let index = from; index < this.lines.length; index++) {
      const line = this.lines[index] as Line;
      if (!isLabel(line)) return { statement: line, index };
    }
    return null;
  }

  uses(label: Label): number {
    return this.#uses.get(label) ?? 0;
  }

  /** True when going on behind line `index` without a jump passes the label. */
  passes(index: number, label: Label): boolean {
    for (let at = index + 1; at < this.lines.length; at++) {
      const line = this.lines[at] as Line;
      if (!isLabel(line)) return false;
      if (line === label) return true;
    }
    return false;
  }
}

type Rule = (places: Places, line: Statement, index: number, always: bigint) => boolean;

/** `always`: locals that must not be thought unused. True when something changed. */
export function straightenBranches(lines: Line[], always: bigint): boolean {
  let isChanged = false;
  let places = new Places(lines);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line) || !RULES.some((rule) => rule(places, line, index, always))) continue;
    isChanged = true;
    places = new Places(lines);
  }
  return isChanged;
}

/** A condition that is always true or never. */
const constantCondition: Rule = ({ lines }, line, index) => {
  const [condition] = line.args;
  if (line.op !== Op.jumpIfFalse || condition === undefined) return false;
  const truth = truthOf(condition);
  if (truth === null) return false;
  if (truth) lines.splice(index, 1);
  else Object.assign(line, { op: Op.jump, args: [] });
  return true;
};

/** A jump that leads to a jump, or to a condition whose outcome is known on the way. */
const jumpToJump: Rule = (places, line, index) => {
  if (line.target === null || line.op === Op.try) return false;
  const found = places.leadsTo(line.target);
  if (found === null || found.statement === line || found.statement.target === null) return false;
  const next = found.statement;
  if (next.op === Op.jump || (next.op === line.op && next.op === Op.jumpIfRetValNullish)) {
    if (next.target === line.target) return false;
    line.target = next.target;
    return true;
  }
  const [condition] = next.args;
  if (next.op !== Op.jumpIfFalse || condition === undefined) return false;
  const truth = truthOnTheWay(places.lines, line, index, condition);
  if (truth === null) return false;
  line.target = truth ? labelBehind(places.lines, found.index) : next.target;
  return true;
};

/** What is known of `condition` where `line` jumps: it was just looked at, or a constant was just stored. */
function truthOnTheWay(
  lines: readonly Line[],
  line: Statement,
  index: number,
  condition: Expr,
): boolean | null {
  const [inner] = condition.args;
  if (condition.op === Op.not && inner !== undefined) {
    const truth = truthOnTheWay(lines, line, index, inner);
    return truth === null ? null : !truth;
  }
  if (line.op === Op.jumpIfFalse) {
    const [known] = line.args;
    if (known === undefined) return null;
    if (isSame(known, condition)) return false;
    const [inside] = known.args;
    return known.op === Op.not && inside !== undefined && isSame(inside, condition) ? true : null;
  }
  return line.op === Op.jump ? truthBehind(lines[index - 1], condition) : null;
}

/** What is known of `condition` right behind a line: it may have stored a constant there. */
function truthBehind(before: Line | undefined, condition: Expr): boolean | null {
  const [inner] = condition.args;
  if (condition.op === Op.not && inner !== undefined) {
    const truth = truthBehind(before, inner);
    return truth === null ? null : !truth;
  }
  if (before === undefined || isLabel(before)) return null;
  const [stored] = before.args;
  const isIts =
    before.op === Op.storeRetVal
      ? condition.op === Op.retVal
      : before.op === Op.storeLocal &&
        condition.op === Op.loadLocal &&
        condition.num === before.num;
  return isIts && stored ? truthOf(stored) : null;
}

/** `x := true; A: if not x goto B` jumps behind the condition, which then only those see that come by A. */
const storeToCondition: Rule = (places, line, index) => {
  const { lines } = places;
  if (line.op !== Op.storeLocal && line.op !== Op.storeRetVal) return false;
  const next = lines[index + 1];
  if (next === undefined || !isLabel(next)) return false;
  const found = places.leadsTo(next);
  const [condition] = found?.statement.args ?? [];
  if (found?.statement.op !== Op.jumpIfFalse || condition === undefined) return false;
  const truth = truthBehind(line, condition);
  if (truth === null) return false;
  const { statement } = found;
  const target = truth ? labelBehind(lines, found.index) : (statement.target as Label);
  const jump: Statement = { op: Op.jump, num: 0, args: [], target, source: line.source };
  lines.splice(index + 1, 0, jump);
  return true;
};

function labelBehind(lines: Line[], index: number): Label {
  const next = lines[index + 1];
  if (next !== undefined && isLabel(next)) return next;
  const label: Label = { op: LABEL };
  lines.splice(index + 1, 0, label);
  return label;
}

/** `if not c goto A; goto B; A:` is `if c goto B`, one byte less. */
const jumpAround: Rule = (places, line, index) => {
  const { lines } = places;
  const [condition] = line.args;
  const next = lines[index + 1];
  if (line.op !== Op.jumpIfFalse || condition === undefined || line.target === null) return false;
  if (next === undefined || isLabel(next) || next.op !== Op.jump || next.target === null)
    return false;
  if (!places.passes(index + 1, line.target)) return false;
  const [inner] = condition.args;
  const isNot = condition.op === Op.not && inner !== undefined;
  line.args = [isNot ? inner : (opposite(condition) ?? expr(Op.not, 0, [condition]))];
  line.target = next.target;
  lines.splice(index + 1, 1);
  return true;
};

/** A jump to a `return` of what is one byte, or of what was just stored: returns right here. */
const jumpToReturn: Rule = (places, line, index, always) => {
  const { lines } = places;
  if (line.op !== Op.jump || line.target === null) return false;
  const found = places.leadsTo(line.target);
  const [value] = found?.statement.args ?? [];
  if (found?.statement.op !== Op.return || value === undefined) return false;
  const before = lines[index - 1];
  if (before !== undefined && isStoreOf(before, value, always)) {
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
  if (!isStoreOf(line, value, always)) return false;
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
  const ops = [next.args[0]?.op, other.statement.args[0]?.op];
  if (ops[0] === Op.true && ops[1] === Op.false) {
    const value = isBoolean(condition) ? condition : expr(Op.toBool, 0, [condition]);
    lines.splice(index, 2, { ...next, args: [value] });
    return true;
  }
  if (ops[0] === Op.false && ops[1] === Op.true) {
    const value = opposite(condition) ?? expr(Op.not, 0, [condition]);
    lines.splice(index, 2, { ...next, args: [value] });
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

/** A condition that leads to what follows anyway, and whose computing nobody notices. */
const pointlessCondition: Rule = (places, line, index) => {
  const [condition] = line.args;
  if (line.op !== Op.jumpIfFalse || condition === undefined || line.target === null) return false;
  if (factsOf(condition).canThrow || !places.passes(index, line.target)) return false;
  places.lines.splice(index, 1);
  return true;
};

const RULES: readonly Rule[] = [
  constantCondition,
  pointlessCondition,
  jumpToJump,
  storeToCondition,
  jumpAround,
  jumpToReturn,
  storeToReturn,
  returnCondition,
  returnKnown,
  shareReturn,
];
