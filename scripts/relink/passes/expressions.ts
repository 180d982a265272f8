/** Shorter forms of expressions that give the same value. */
import { expr, isLabel, type Expr, type Line, type Statement } from "../code.js";
import { isBoolean } from "../effects.js";
import { Op } from "../opcodes.js";
import { fold } from "./fold.js";

const OPPOSITE: Partial<Record<number, number>> = {
  [Op.eq]: Op.ne,
  [Op.ne]: Op.eq,
  [Op.approxEq]: Op.approxNe,
  [Op.approxNe]: Op.approxEq,
};

/** True when something became shorter. */
export function shortenExpressions(lines: Line[]): boolean {
  let isChanged = false;
  for (const line of lines) {
    if (isLabel(line)) continue;
    line.args = line.args.map((arg) => {
      const short = shorten(arg);
      if (short !== arg) isChanged = true;
      return short;
    });
    if (line.op === Op.jumpIfFalse && shortenCondition(line)) isChanged = true;
  }
  return isChanged;
}

/** The same object when there is nothing to shorten. */
function shorten(node: Expr): Expr {
  const args = node.args.map(shorten);
  const same = args.every((arg, index) => arg === node.args[index]);
  const now = same ? node : { ...node, args };
  const [arg] = args;
  if (arg === undefined) return now;
  const folded = fold(now);
  if (folded !== null) return folded;
  if (now.op === Op.toBool && isBoolean(arg)) return arg;
  if (now.op !== Op.not) return now;
  return opposite(arg) ?? now;
}

/** `!node` in a form that is no longer than `node`, if there is one. */
export function opposite(node: Expr): Expr | null {
  const [inner] = node.args;
  const op = OPPOSITE[node.op];
  if (op !== undefined) return { ...node, op };
  if (node.op === Op.true) return expr(Op.false);
  if (node.op === Op.false) return expr(Op.true);
  if (inner === undefined) return null;
  if (node.op === Op.not && isBoolean(inner)) return inner;
  // `!!!x` is `!x`.
  if (node.op === Op.toBool) return expr(Op.not, 0, [inner]);
  return null;
}

/** Only whether it is true matters: `!!x` is as good as `x`. */
function shortenCondition(line: Statement): boolean {
  const [condition] = line.args;
  const [inner] = condition?.args ?? [];
  if (condition === undefined || inner === undefined) return false;
  const [innermost] = inner.args;
  if (condition.op === Op.toBool) line.args = [inner];
  else if (condition.op === Op.not && inner.op === Op.not && innermost) line.args = [innermost];
  else return false;
  return true;
}

/** Whether a constant counts as true; null when it is none. */
export function truthOf(node: Expr): boolean | null {
  switch (node.op) {
    case Op.true:
      return true;
    case Op.false:
    case Op.undefined:
    case Op.null:
      return false;
    case Op.literal:
      return node.num !== 0;
    default:
      return null;
  }
}

export function isSame(a: Expr, b: Expr): boolean {
  return (
    a.op === b.op &&
    a.num === b.num &&
    a.args.length === b.args.length &&
    a.args.every((arg, index) => isSame(arg, b.args[index] as Expr))
  );
}
