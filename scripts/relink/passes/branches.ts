/**
 * Straightens jumps: those to jumps, those whose outcome is known where they start, and conditions that are constant.
 * `!!x` and chains of `&&` and `||` leave the most of these behind.
 */
import {
  canGo,
  expr,
  isLabel,
  takeOut,
  type Expr,
  type Label,
  type Line,
  type Statement,
} from "../code.js";
import { factsOf } from "../effects.js";
import { Op } from "../opcodes.js";
import { isSame, opposite, truthOf } from "./expressions.js";
import { labelBehind, Places, type Rule } from "./places.js";
import { RETURN_RULES } from "./returns.js";

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
  if (truth === null || (truth && !canGo(lines, index))) return false;
  if (truth) takeOut(lines, index);
  else Object.assign(line, { op: Op.jump, args: [] });
  return true;
};

/** A jump that leads to a jump, or to a condition whose outcome is known on the way. */
const jumpToJump: Rule = (places, line, index) => {
  if (line.target === null || line.op === Op.try) return false;
  const found = places.leadsTo(line.target);
  if (found === null || found.statement === line || found.statement.target === null) return false;
  const next = found.statement;
  if (next.anchor === true) return false;
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

/** `if not c goto A; goto B; A:` is `if c goto B`, one byte less. */
const jumpAround: Rule = (places, line, index) => {
  const { lines } = places;
  const [condition] = line.args;
  const next = lines[index + 1];
  if (line.op !== Op.jumpIfFalse || condition === undefined || line.target === null) return false;
  if (next === undefined || isLabel(next) || next.op !== Op.jump || next.target === null)
    return false;
  if (next.anchor === true) return false;
  if (!places.passes(index + 1, line.target)) return false;
  const [inner] = condition.args;
  const isNot = condition.op === Op.not && inner !== undefined;
  line.args = [isNot ? inner : (opposite(condition) ?? expr(Op.not, 0, [condition]))];
  line.target = next.target;
  lines.splice(index + 1, 1);
  return true;
};

/** A condition that leads to what follows anyway, and whose computing nobody notices. */
const pointlessCondition: Rule = (places, line, index) => {
  const [condition] = line.args;
  if (line.op !== Op.jumpIfFalse || condition === undefined || line.target === null) return false;
  if (factsOf(condition).canThrow || !places.passes(index, line.target)) return false;
  if (!canGo(places.lines, index)) return false;
  takeOut(places.lines, index);
  return true;
};

const RULES: readonly Rule[] = [
  constantCondition,
  pointlessCondition,
  jumpToJump,
  storeToCondition,
  jumpAround,
  ...RETURN_RULES,
];
