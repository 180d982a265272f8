/** Operations that the VM has and the compiler does not use. */
import { BUILTIN_STRINGS } from "../builtin-strings.js";
import { expr, type Expr } from "../code.js";
import { statementsOf, type Image } from "../image.js";
import { Names } from "../names.js";
import { Op } from "../opcodes.js";

/** The VM's number of its object `Math`. */
const MATH = 0;
const ABS = BUILTIN_STRINGS.indexOf("abs");

/** `Math.abs(x)` without a call: then it may stand in an expression. Changes the image in place. */
export function useOperations(image: Image): void {
  if (isReplaced(image)) return;
  for (const statement of statementsOf(image)) {
    const [callee, value] = statement.args;
    if (statement.op !== Op.call1 || callee?.op !== Op.mathField || callee.num !== ABS) continue;
    statement.op = Op.storeRetVal;
    statement.args = [expr(Op.abs, 0, [value as Expr])];
  }
}

/**
 * `x === undefined` in two operations, not three. Changes the image in place. The other passes know that form better: its
 * opposite takes no more room.
 */
export function askForUndefined(image: Image): void {
  for (const statement of statementsOf(image)) statement.args = statement.args.map(asked);
}

function asked(node: Expr): Expr {
  const args = node.args.map(asked);
  const [value, other] = args;
  const isQuestion = node.op === Op.eq && value !== undefined && other?.op === Op.undefined;
  return isQuestion ? expr(Op.isUndefined, 0, [value]) : { ...node, args };
}

/** Whether the program gives `Math` a function of this name of its own. */
function isReplaced(image: Image): boolean {
  const names = new Names(image);
  return [...statementsOf(image)].some(({ op, args: [object, key] }) => {
    if (op !== Op.indexSet || object?.op !== Op.builtinObject || object.num !== MATH) return false;
    const name = names.stringOf(key);
    return name === null || name === "abs";
  });
}
