/**
 * The instruction set of DeviceScript 2.16 as far as a relinker must know it: how each operation is laid out in
 * bytes and what it may do. Byte code is in reverse Polish order: operands first, then the operation, then its number.
 */

/** Operations by name. Numbers are part of the file format. */
export const Op = {
  builtinObject: 1,
  call0: 2,
  call1: 3,
  call2: 4,
  call8: 10,
  indexDelete: 11,
  return: 12,
  jump: 13,
  jumpIfFalse: 14,
  bind: 15,
  objectField: 16,
  storeLocal: 17,
  storeGlobal: 18,
  storeBuffer: 19,
  inf: 20,
  loadLocal: 21,
  loadGlobal: 22,
  uplus: 23,
  index: 24,
  indexSet: 25,
  builtinField: 26,
  asciiField: 27,
  utf8Field: 28,
  mathField: 29,
  dsField: 30,
  allocMap: 31,
  allocArray: 32,
  allocBuffer: 33,
  specProto: 34,
  staticBuffer: 35,
  builtinString: 36,
  asciiString: 37,
  utf8String: 38,
  staticFunction: 39,
  literal: 40,
  literalFloat: 41,
  loadBuffer: 43,
  retVal: 44,
  typeof: 45,
  undefined: 46,
  isUndefined: 47,
  true: 48,
  false: 49,
  toBool: 50,
  nan: 51,
  abs: 52,
  bitNot: 53,
  isNan: 54,
  neg: 55,
  not: 56,
  toInt: 57,
  add: 58,
  sub: 59,
  mul: 60,
  div: 61,
  bitAnd: 62,
  bitOr: 63,
  bitXor: 64,
  shiftLeft: 65,
  shiftRight: 66,
  shiftRightUnsigned: 67,
  eq: 68,
  le: 69,
  lt: 70,
  ne: 71,
  isNullish: 72,
  storeClosure: 73,
  loadClosure: 74,
  makeClosure: 75,
  typeofStr: 76,
  jumpIfRetValNullish: 78,
  callArray: 79,
  try: 80,
  endTry: 81,
  catch: 82,
  finally: 83,
  throw: 84,
  reThrow: 85,
  throwJump: 86,
  debugger: 87,
  new: 88,
  instanceOf: 89,
  null: 90,
  approxEq: 91,
  approxNe: 92,
  storeRetVal: 93,
  staticSpec: 94,
} as const;

export interface OpLayout {
  /** Operands taken from the stack. */
  args: number;
  /** A number follows the operation's byte. */
  hasNumber: boolean;
  /** A statement: ends with an empty stack. All others are expressions. */
  isStatement: boolean;
  /** A statement after which the next one is not run, unless jumped to. */
  isFinal: boolean;
  /** The number is a distance in bytes from the operation's byte. */
  jumps: boolean;
}

/** args, and letters: n number, s statement, f final, j jump. */
const LAYOUTS: Record<number, readonly [number, string]> = {
  [Op.builtinObject]: [0, "n"],
  [Op.indexDelete]: [2, "s"],
  [Op.return]: [1, "sf"],
  [Op.jump]: [0, "nsfj"],
  [Op.jumpIfFalse]: [1, "nsj"],
  [Op.bind]: [2, ""],
  [Op.objectField]: [0, "n"],
  [Op.storeLocal]: [1, "ns"],
  [Op.storeGlobal]: [1, "ns"],
  [Op.storeBuffer]: [4, "s"],
  [Op.inf]: [0, ""],
  [Op.loadLocal]: [0, "n"],
  [Op.loadGlobal]: [0, "n"],
  [Op.uplus]: [1, ""],
  [Op.index]: [2, ""],
  [Op.indexSet]: [3, "s"],
  [Op.builtinField]: [1, "n"],
  [Op.asciiField]: [1, "n"],
  [Op.utf8Field]: [1, "n"],
  [Op.mathField]: [0, "n"],
  [Op.dsField]: [0, "n"],
  [Op.allocMap]: [0, "s"],
  [Op.allocArray]: [1, "s"],
  [Op.allocBuffer]: [1, "s"],
  [Op.specProto]: [0, "n"],
  [Op.staticBuffer]: [0, "n"],
  [Op.builtinString]: [0, "n"],
  [Op.asciiString]: [0, "n"],
  [Op.utf8String]: [0, "n"],
  [Op.staticFunction]: [0, "n"],
  [Op.literal]: [0, "n"],
  [Op.literalFloat]: [0, "n"],
  [Op.loadBuffer]: [3, ""],
  [Op.retVal]: [0, ""],
  [Op.typeof]: [1, ""],
  [Op.undefined]: [0, ""],
  [Op.isUndefined]: [1, ""],
  [Op.true]: [0, ""],
  [Op.false]: [0, ""],
  [Op.toBool]: [1, ""],
  [Op.nan]: [0, ""],
  [Op.abs]: [1, ""],
  [Op.bitNot]: [1, ""],
  [Op.isNan]: [1, ""],
  [Op.neg]: [1, ""],
  [Op.not]: [1, ""],
  [Op.toInt]: [1, ""],
  [Op.add]: [2, ""],
  [Op.sub]: [2, ""],
  [Op.mul]: [2, ""],
  [Op.div]: [2, ""],
  [Op.bitAnd]: [2, ""],
  [Op.bitOr]: [2, ""],
  [Op.bitXor]: [2, ""],
  [Op.shiftLeft]: [2, ""],
  [Op.shiftRight]: [2, ""],
  [Op.shiftRightUnsigned]: [2, ""],
  [Op.eq]: [2, ""],
  [Op.le]: [2, ""],
  [Op.lt]: [2, ""],
  [Op.ne]: [2, ""],
  [Op.isNullish]: [1, ""],
  [Op.storeClosure]: [2, "ns"],
  [Op.loadClosure]: [1, "n"],
  [Op.makeClosure]: [0, "n"],
  [Op.typeofStr]: [1, ""],
  [Op.jumpIfRetValNullish]: [0, "nsj"],
  [Op.callArray]: [2, "s"],
  [Op.try]: [0, "nsj"],
  [Op.endTry]: [0, "nsfj"],
  [Op.catch]: [0, "s"],
  [Op.finally]: [0, "s"],
  [Op.throw]: [1, "sf"],
  // Does nothing, and goes on with the next statement, when its operand is undefined.
  [Op.reThrow]: [1, "s"],
  [Op.throwJump]: [1, "nsfj"],
  [Op.debugger]: [0, "s"],
  [Op.new]: [1, ""],
  [Op.instanceOf]: [2, ""],
  [Op.null]: [0, ""],
  [Op.approxEq]: [2, ""],
  [Op.approxNe]: [2, ""],
  [Op.storeRetVal]: [1, "s"],
  [Op.staticSpec]: [0, "n"],
};

const layouts: (OpLayout | undefined)[] = [];
for (const [op, [args, letters]] of Object.entries(LAYOUTS)) {
  layouts[Number(op)] = {
    args,
    hasNumber: letters.includes("n"),
    isStatement: letters.includes("s"),
    isFinal: letters.includes("f"),
    jumps: letters.includes("j"),
  };
}
for (let args = 0; args <= Op.call8 - Op.call0; args++) {
  layouts[Op.call0 + args] = {
    args: args + 1,
    hasNumber: false,
    isStatement: true,
    isFinal: false,
    jumps: false,
  };
}

/** How an operation is laid out; throws on a number that is none. */
export function layoutOf(op: number): OpLayout {
  const layout = layouts[op];
  if (layout === undefined) throw new Error(`no operation has the number ${op}`);
  return layout;
}

/** A call with up to eight arguments. */
export function isShortCall(op: number): boolean {
  return op >= Op.call0 && op <= Op.call8;
}
