/**
 * Makes a table of constants from one text: an array that is written out costs one to four bytes and a step for each, and more
 * for every eight. The VM parses JSON by itself, in one step, and texts lie behind what the limit counts. What is in a table
 * may be arrays and objects again. An object with names that code reads as fields stays in the code, unless it is a table's row:
 * names that come from a text take memory, and the VM compares their letters where it compares numbers otherwise.
 */
import { BUILTIN_STRINGS } from "../builtin-strings.js";
import {
  expr,
  isLabel,
  sizeOf,
  visitExprs,
  type Expr,
  type Line,
  type Statement,
} from "../code.js";
import { bit } from "../effects.js";
import { alwaysWanted, readsOf, RET_VAL, sharedLocals, wantedAfter } from "../flow.js";
import { statementsOf, type Image } from "../image.js";
import { Names } from "../names.js";
import { isShortCall, Op } from "../opcodes.js";
import { utf8String } from "./strings.js";

const PUSH = BUILTIN_STRINGS.indexOf("push");
const PARSE = BUILTIN_STRINGS.indexOf("parse");
/** The VM's number of its object `JSON`. */
const JSON_OBJECT = 35;
/** No field as others are. */
const PROTO = "__proto__";
/** Characters that are one byte. */
export const ASCII = /^[\x20-\x7e]*$/;
/** Upper half of a table entry that is a whole number. */
const INTEGER_TAG = 0xffffffffn;

/** Changes the image in place. */
export function packTables(image: Image): void {
  const shared = sharedLocals(image);
  const names = new Names(image);
  const fields = fieldsIn(image, names);
  for (const fn of image.functions) {
    packIn(image, names, fn.lines, alwaysWanted(fn, shared), fields);
  }
}

/** All names that code reads as fields. */
function fieldsIn(image: Image, names: Names): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const statement of statementsOf(image)) {
    visitExprs(statement, (node) => {
      const name = node.op === Op.index ? null : names.fieldOf(node);
      if (name !== null) fields.add(name);
    });
  }
  return fields;
}

function packIn(
  image: Image,
  names: Names,
  lines: Line[],
  always: bigint,
  fields: ReadonlySet<string>,
): void {
  const wanted = wantedAfter(lines, always);
  for (let index = 0; index < lines.length; index++) {
    const table = tableAt(image, names, lines, index);
    if (table === null) continue;
    const { end, text, local, inner, keys } = table;
    if (inner === 0n && keys.some((key) => fields.has(key))) continue;
    if (((wanted[end - 1] ?? 0n) & (RET_VAL | inner)) !== 0n || (inner & always) !== 0n) continue;
    const packed = parsed(lines[index] as Statement, local, image.utf8Strings.length);
    if (sizeOf(packed) >= sizeOf(lines.slice(index, end))) continue;
    image.utf8Strings.push(utf8String(Buffer.from(text)));
    lines.splice(index, end - index, ...packed);
    wanted.splice(index, end - index, ...packed.map(() => wanted[end - 1] ?? 0n));
  }
}

/** A literal of constants. */
interface Table {
  /** The first line that does not belong to it. */
  end: number;
  /** As JSON. */
  text: string;
  local: number;
  /** Locals of the literals in it. */
  inner: bigint;
  /** Names of its own fields. */
  keys: string[];
}

/** An array or object that is made at this line and filled with constants, and with such; null when there is none. */
function tableAt(image: Image, names: Names, lines: readonly Line[], index: number): Table | null {
  const [alloc, store] = lines.slice(index, index + 2);
  if (alloc === undefined || isLabel(alloc) || store === undefined || isLabel(store)) return null;
  if (alloc.op !== Op.allocArray && alloc.op !== Op.allocMap) return null;
  if (store.op !== Op.storeLocal || store.args[0]?.op !== Op.retVal) return null;
  const local = store.num;
  const parts: string[] = [];
  const keys: string[] = [];
  let inner = 0n;
  let end = index + 2;
  let pending: Table[] = [];
  for (let at = end; ;) {
    const line = lines[at];
    if (line === undefined || isLabel(line)) break;
    const known = (node: Expr): string | null => {
      const text = textOf(image, names, node);
      if (text !== null || node.op !== Op.loadLocal) return text;
      const [first] = pending;
      if (first?.local !== node.num) return null;
      pending = pending.slice(1);
      return first.text;
    };
    const nested = tableAt(image, names, lines, at);
    if (nested !== null && nested.local !== local) {
      pending.push(nested);
      inner |= bit(nested.local) | nested.inner;
      at = nested.end;
      continue;
    }
    const more =
      alloc.op === Op.allocArray ? pushedBy(line, local, known) : setBy(names, line, local, known);
    if (more === null || pending.length > 0) break;
    parts.push(...more);
    if (alloc.op === Op.allocMap) keys.push(names.stringOf(line.args[1]) as string);
    end = ++at;
  }
  if (parts.length === 0) return null;
  const body = parts.join(",");
  if (alloc.op === Op.allocArray) return { end, text: `[${body}]`, local, inner, keys };
  return goesOn(lines, end, local) ? null : { end, text: `{${body}}`, local, inner, keys };
}

/** Whether an object gets more fields than these constants: then it is no row. */
function goesOn(lines: readonly Line[], from: number, local: number): boolean {
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] as Line;
    if (isLabel(line)) return false;
    if ((readsOf(line) & bit(local)) === 0n) continue;
    const [object] = line.args;
    return line.op === Op.indexSet && object?.op === Op.loadLocal && object.num === local;
  }
  return false;
}

/** What a statement pushes onto the array in this local, as JSON; null when it does not, or not only constants. */
function pushedBy(
  { op, args }: Statement,
  local: number,
  known: (node: Expr) => string | null,
): string[] | null {
  if (!isShortCall(op)) return null;
  const [callee, ...values] = args;
  const [array] = callee?.args ?? [];
  if (callee?.op !== Op.builtinField || callee.num !== PUSH) return null;
  if (array?.op !== Op.loadLocal || array.num !== local) return null;
  const texts = values.map(known);
  return texts.every((text) => text !== null) ? texts : null;
}

/** The field that a statement gives the object in this local, as JSON; null when it does not, or no constant. */
function setBy(
  names: Names,
  { op, args }: Statement,
  local: number,
  known: (node: Expr) => string | null,
): string[] | null {
  const [object, key, value] = args;
  if (op !== Op.indexSet || object?.op !== Op.loadLocal || object.num !== local) return null;
  const name = names.stringOf(key);
  if (name === null || name === PROTO || !ASCII.test(name) || value === undefined) return null;
  const text = known(value);
  return text === null ? null : [`${JSON.stringify(name)}:${text}`];
}

/** A constant as JSON; null when it is none that JSON has. */
function textOf(image: Image, names: Names, node: Expr): string | null {
  const text = names.stringOf(node);
  if (text !== null) return ASCII.test(text) ? JSON.stringify(text) : null;
  if (node.op === Op.true || node.op === Op.false) return String(node.op === Op.true);
  if (node.op === Op.literal) return String(node.num);
  if (node.op !== Op.literalFloat) return null;
  const bits = image.floats[node.num] as bigint;
  if (bits >> 32n === INTEGER_TAG) return String(Number(BigInt.asIntN(32, bits)));
  const value = new DataView(new BigUint64Array([bits]).buffer).getFloat64(0, true);
  return Number.isFinite(value) ? String(value) : null;
}

/** `JSON.parse` */
export function parseOfVm(): Expr {
  return expr(Op.builtinField, PARSE, [expr(Op.builtinObject, JSON_OBJECT)]);
}

/** A debugger stops at the beginning of a table, not at its lines. */
function parsed({ source, anchor }: Statement, local: number, text: number): Statement[] {
  const statement = (op: number, num: number, args: Expr[]): Statement => ({
    op,
    num,
    args,
    target: null,
    source,
  });
  return [
    {
      ...statement(Op.call1, 0, [parseOfVm(), expr(Op.utf8String, text)]),
      ...(anchor === true && { anchor }),
    },
    statement(Op.storeLocal, local, [expr(Op.retVal)]),
  ];
}
