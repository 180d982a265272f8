/**
 * Moves long whole numbers into the table of floats, which lies behind what the limit counts: a number of that
 * table is two bytes in the code where the number itself takes three to six. The table holds whole numbers tagged as such.
 */
import { visitExprs, type Expr } from "../code.js";
import { numberBytes } from "../code-numbers.js";
import { statementsOf, type Image } from "../image.js";
import { Op } from "../opcodes.js";

const DIRECT_MIN = -16;
const DIRECT_MAX = 111;
/** Numbers below this are one byte; behind them the table gains too little. */
const SHORT_COUNT = 248;
const INTEGER_TAG = 0xffffffffn << 32n;

/** Changes the image in place; those used most go first, as long as there are short numbers. */
export function tabulateLiterals(image: Image): void {
  const uses = new Map<number, Expr[]>();
  for (const statement of statementsOf(image)) {
    visitExprs(statement, (node) => {
      if (node.op !== Op.literal || (node.num >= DIRECT_MIN && node.num <= DIRECT_MAX)) return;
      if (numberBytes(node.num).length < 2) return;
      uses.set(node.num, [...(uses.get(node.num) ?? []), node]);
    });
  }
  const order = [...uses].sort(([a, left], [b, right]) => right.length - left.length || a - b);
  for (const [value, nodes] of order) {
    if (image.floats.length >= SHORT_COUNT) return;
    const index = image.floats.push(INTEGER_TAG | BigInt(value >>> 0)) - 1;
    for (const node of nodes) Object.assign(node, { op: Op.literalFloat, num: index });
  }
}
