/**
 * Makes a table of constants from one text: an array that is written out costs one to four bytes and a step for each, and more
 * for every eight. The VM parses JSON by itself, in one step, and texts lie behind what the limit counts. Texts
 * that come from a table take memory then, a dozen bytes and their length each; those in the code take none.
 */
import { BUILTIN_STRINGS } from "../builtin-strings.js";
import { expr, isLabel, sizeOf, type Expr, type Line, type Statement } from "../code.js";
import { RET_VAL, wantedAfter } from "../flow.js";
import type { Image } from "../image.js";
import { Names } from "../names.js";
import { isShortCall, Op } from "../opcodes.js";
import { utf8String } from "./strings.js";

const PUSH = BUILTIN_STRINGS.indexOf("push");
const PARSE = BUILTIN_STRINGS.indexOf("parse");
/** The VM's number of its object `JSON`. */
const JSON_OBJECT = 35;
/** Characters that are one byte. */
const ASCII = /^[\x20-\x7e]*$/;
/** Upper half of a table entry that is a whole number. */
const INTEGER_TAG = 0xffffffffn;

/** Changes the image in place. Only in the main program, which runs once: to parse a number takes longer than a step. */
export function packTables(image: Image): void {
  const lines = image.functions[0]?.lines ?? [];
  const wanted = wantedAfter(lines, 0n);
  const names = new Names(image);
  for (let index = lines.length - 1; index >= 0; index--) {
    const table = tableAt(image, names, lines, index);
    if (table === null) continue;
    const { end, texts, local } = table;
    if (((wanted[end - 1] ?? 0n) & RET_VAL) !== 0n) continue;
    const packed = parsed(lines[index] as Statement, local, image.utf8Strings.length);
    if (sizeOf(packed) >= sizeOf(lines.slice(index, end))) continue;
    image.utf8Strings.push(utf8String(Buffer.from(`[${texts.join(",")}]`)));
    lines.splice(index, end - index, ...packed);
  }
}

/** An array that is made at this line and filled with constants, up to line `end`; null when it is none. */
function tableAt(
  image: Image,
  names: Names,
  lines: readonly Line[],
  index: number,
): { end: number; texts: string[]; local: number } | null {
  const [alloc, store] = lines.slice(index, index + 2);
  if (alloc === undefined || isLabel(alloc) || alloc.op !== Op.allocArray) return null;
  if (store === undefined || isLabel(store) || store.op !== Op.storeLocal) return null;
  if (store.args[0]?.op !== Op.retVal) return null;
  const texts: string[] = [];
  let end = index + 2;
  for (let line = lines[end]; line !== undefined; line = lines[++end]) {
    const more = pushedBy(image, names, line, store.num);
    if (more === null) break;
    texts.push(...more);
  }
  return texts.length > 0 ? { end, texts, local: store.num } : null;
}

/** What a statement pushes onto the array in this local, as JSON; null when it does not, or not only constants. */
function pushedBy(image: Image, names: Names, line: Line, local: number): string[] | null {
  if (isLabel(line) || !isShortCall(line.op)) return null;
  const [callee, ...values] = line.args;
  const [array] = callee?.args ?? [];
  if (callee?.op !== Op.builtinField || callee.num !== PUSH) return null;
  if (array?.op !== Op.loadLocal || array.num !== local) return null;
  const texts = values.map((value) => textOf(image, names, value));
  return texts.every((text) => text !== null) ? texts : null;
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

/** A debugger stops at the beginning of a table, not at its lines. */
function parsed({ source, anchor }: Statement, local: number, text: number): Statement[] {
  const parse = expr(Op.builtinField, PARSE, [expr(Op.builtinObject, JSON_OBJECT)]);
  const statement = (op: number, num: number, args: Expr[]): Statement => ({
    op,
    num,
    args,
    target: null,
    source,
  });
  return [
    {
      ...statement(Op.call1, 0, [parse, expr(Op.utf8String, text)]),
      ...(anchor === true && { anchor }),
    },
    statement(Op.storeLocal, local, [expr(Op.retVal)]),
  ];
}
