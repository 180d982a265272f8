/**
 * What operations may do and depend on, read from the VM's sources (2.16.4). The two facts that all passes rest on:
 * expressions change nothing that a program can see (they read, allocate and throw), and no statement but those
 * named here changes what `ret_val()` gives.
 */
import { BUILTIN_STRINGS } from "./builtin-strings.js";
import type { Expr, Statement } from "./code.js";
import { isShortCall, Op } from "./opcodes.js";

/** Operations that can end in an exception, whatever their operands are. All other expressions cannot. */
const THROWING: ReadonlySet<number> = new Set([
  Op.index,
  Op.builtinField,
  Op.asciiField,
  Op.utf8Field,
  Op.loadBuffer,
  Op.new,
  Op.bind,
  Op.instanceOf,
  // Joins strings as well, and those can become too long.
  Op.add,
  Op.specProto,
  Op.staticSpec,
]);

/** Expressions whose value other code may change: everything on the heap, globals, locals that closures share. */
const READING_MEMORY: ReadonlySet<number> = new Set([
  Op.index,
  Op.builtinField,
  Op.asciiField,
  Op.utf8Field,
  Op.loadBuffer,
  Op.instanceOf,
  Op.loadGlobal,
  Op.loadClosure,
  Op.mathField,
  Op.dsField,
  Op.objectField,
  Op.bind,
  Op.new,
  Op.specProto,
]);

const LENGTH = BUILTIN_STRINGS.indexOf("length");

export interface ExprFacts {
  canThrow: boolean;
  readsMemory: boolean;
  readsRetVal: boolean;
  /** One bit per local. */
  locals: bigint;
}

/** Made once: there are millions of questions. More locals than one byte counts no function has. */
const BITS = Array.from({ length: 256 }, (_, slot) => 1n << BigInt(slot));

export function bit(slot: number): bigint {
  return BITS[slot] ?? 1n << BigInt(slot);
}

export function factsOf(node: Expr): ExprFacts {
  return factsOfAll([node]);
}

export function factsOfAll(nodes: readonly Expr[]): ExprFacts {
  const facts = { canThrow: false, readsMemory: false, readsRetVal: false, locals: 0n };
  for (const node of nodes) gather(node, facts);
  return facts;
}

function gather(node: Expr, facts: ExprFacts): void {
  if (THROWING.has(node.op) && !isSafe(node)) facts.canThrow = true;
  if (READING_MEMORY.has(node.op)) facts.readsMemory = true;
  if (node.op === Op.retVal) facts.readsRetVal = true;
  if (node.op === Op.loadLocal) facts.locals |= bit(node.num);
  for (const arg of node.args) gather(arg, facts);
}

/** Reads a field of something that is known to have fields. Names that the VM has by itself may stand for code of its own. */
function isSafe({ op, num, args: [object] }: Expr): boolean {
  const isPlain =
    op === Op.asciiField ||
    op === Op.utf8Field ||
    op === Op.index ||
    (op === Op.builtinField && num === LENGTH);
  return isPlain && object?.op === Op.loadLocal && object.isObject === true;
}

/** Changes what `ret_val()` gives, or may. (A jump over nullish values makes an undefined of a null.) */
export function writesRetVal(statement: Statement): boolean {
  switch (statement.op) {
    case Op.callArray:
    case Op.allocMap:
    case Op.allocArray:
    case Op.allocBuffer:
    case Op.indexDelete:
    case Op.storeRetVal:
    case Op.catch:
    case Op.finally:
    case Op.throw:
    case Op.reThrow:
    case Op.throwJump:
    case Op.return:
      return true;
    case Op.jumpIfRetValNullish:
      return true;
    default:
      return isShortCall(statement.op);
  }
}

/** Looks at `ret_val()` by itself. */
export function readsRetVal(statement: Statement): boolean {
  return statement.op === Op.jumpIfRetValNullish;
}

/** Changes memory that expressions read, or lets other code do so: a call may run any code and switch fibers. */
export function writesMemory(statement: Statement): boolean {
  switch (statement.op) {
    case Op.indexSet:
    case Op.indexDelete:
    case Op.storeGlobal:
    case Op.storeClosure:
    case Op.storeBuffer:
    case Op.callArray:
    case Op.debugger:
      return true;
    default:
      return isShortCall(statement.op);
  }
}

/** Only writes one local: nothing else of it can be seen, unless its operand throws. */
export function isLocalStore(statement: Statement): boolean {
  return statement.op === Op.storeLocal;
}

/** Values that the VM needs on its stack to compute an expression. It has room for 16. */
export function depthOf(node: Expr): number {
  return Math.max(1, depthOfAll(node.args));
}

export function depthOfAll(nodes: readonly Expr[]): number {
  return nodes.reduce((deepest, node, index) => Math.max(deepest, index + depthOf(node)), 0);
}

export const DEPTH_MAX = 16;

/** They give the same wherever and whenever they are computed. */
const CONSTANT: ReadonlySet<number> = new Set([
  Op.literal,
  Op.literalFloat,
  Op.true,
  Op.false,
  Op.undefined,
  Op.null,
  Op.nan,
  Op.inf,
  Op.builtinString,
  Op.asciiString,
  Op.utf8String,
  Op.staticFunction,
  Op.staticBuffer,
  Op.builtinObject,
]);

export function isConstant({ op }: Expr): boolean {
  return CONSTANT.has(op);
}

/** Gives true or false whatever its operands are. */
export function isBoolean(node: Expr): boolean {
  switch (node.op) {
    case Op.true:
    case Op.false:
    case Op.not:
    case Op.toBool:
    case Op.eq:
    case Op.ne:
    case Op.lt:
    case Op.le:
    case Op.approxEq:
    case Op.approxNe:
    case Op.isUndefined:
    case Op.isNullish:
    case Op.isNan:
    case Op.instanceOf:
      return true;
    default:
      return false;
  }
}
