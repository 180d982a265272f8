/** Computes what is constant, as the VM would: whole numbers of 32 bits. */
import { expr, type Expr } from "../code.js";
import { Op } from "../opcodes.js";

/** The same value in a shorter form; null when there is none. */
export function fold(node: Expr): Expr | null {
  const [a, b] = node.args;
  // `x | 0` is an operation of its own; what it gives, and what all such operations give, is a whole number already.
  if (node.op === Op.bitOr && a !== undefined && isZero(b)) return expr(Op.toInt, 0, [a]);
  if (node.op === Op.toInt && a !== undefined && GIVING_INTEGERS.has(a.op)) return a;
  if (a?.op !== Op.literal || (b !== undefined && b.op !== Op.literal)) return null;
  const value = b === undefined ? ofOne(node.op, a.num) : ofTwo(node.op, a.num, b.num);
  if (typeof value === "boolean") return expr(value ? Op.true : Op.false);
  // What does not fit becomes another kind of number.
  return value === null || value !== (value | 0) ? null : expr(Op.literal, value | 0);
}

const GIVING_INTEGERS: ReadonlySet<number> = new Set([
  Op.toInt,
  Op.bitNot,
  Op.bitAnd,
  Op.bitOr,
  Op.bitXor,
  Op.shiftLeft,
  Op.shiftRight,
]);

function isZero(node: Expr | undefined): boolean {
  return node?.op === Op.literal && node.num === 0;
}

function ofOne(op: number, a: number): number | boolean | null {
  switch (op) {
    case Op.neg:
      return -a;
    case Op.bitNot:
      return ~a;
    case Op.not:
      return a === 0;
    case Op.toInt:
      return a;
    default:
      return null;
  }
}

function ofTwo(op: number, a: number, b: number): number | boolean | null {
  switch (op) {
    case Op.add:
      return a + b;
    case Op.sub:
      return a - b;
    case Op.mul:
      return a * b;
    case Op.bitAnd:
      return a & b;
    case Op.bitOr:
      return a | b;
    case Op.bitXor:
      return a ^ b;
    case Op.shiftLeft:
      return a << b;
    case Op.shiftRight:
      return a >> b;
    case Op.shiftRightUnsigned:
      return a >>> b;
    case Op.eq:
      return a === b;
    case Op.ne:
      return a !== b;
    case Op.lt:
      return a < b;
    case Op.le:
      return a <= b;
    default:
      return null;
  }
}
