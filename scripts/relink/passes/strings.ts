/**
 * Moves ASCII strings into the table of UTF-8 strings when theirs has no short numbers left. Each table gives a number of
 * one byte to its first 248 strings, all others take three more bytes wherever they are used. The VM compares strings,
 * and looks names up, by what they contain, and ASCII is UTF-8.
 */
import { visitExprs, type Expr } from "../code.js";
import { STRING_KIND_SHIFT, StringKind, statementsOf, type Image } from "../image.js";
import { Op } from "../opcodes.js";
import { stringsInSpecs } from "./order.js";

/** Numbers below this are one byte. */
const SHORT_COUNT = 248;
/** The VM notes where every sixteenth character begins. */
const CHARS_PER_MARK = 16;

const UTF8_OP: Partial<Record<number, number>> = {
  [Op.asciiString]: Op.utf8String,
  [Op.asciiField]: Op.utf8Field,
};

/** Changes the image in place. The `stay` used most stay, and what service specifications name. */
export function spreadStrings(image: Image, stay = SHORT_COUNT): void {
  const uses = new Map<number, Expr[]>();
  for (const statement of statementsOf(image)) {
    visitExprs(statement, (node) => {
      if (UTF8_OP[node.op] === undefined) return;
      const all = uses.get(node.num) ?? [];
      all.push(node);
      uses.set(node.num, all);
    });
  }
  const inSpecs = new Set(stringsInSpecs(image));
  let short = usedUtf8(image);
  const byUse = [...uses].sort(([a, left], [b, right]) => right.length - left.length || a - b);
  for (const [index, nodes] of byUse.slice(stay)) {
    if (short >= SHORT_COUNT) return;
    if (inSpecs.has(index)) continue;
    move(image, index, nodes);
    short++;
  }
}

/** How many strings of their table are used: all others go in the end (`order.ts`). */
function usedUtf8(image: Image): number {
  const used = new Set<number>();
  for (const statement of statementsOf(image)) {
    visitExprs(statement, ({ op, num }) => {
      if (op === Op.utf8String || op === Op.utf8Field) used.add(num);
    });
  }
  return used.size;
}

function move(image: Image, index: number, nodes: readonly Expr[]): void {
  const to = image.utf8Strings.push(utf8String(image.asciiStrings[index] as Uint8Array)) - 1;
  for (const node of nodes) Object.assign(node, { op: UTF8_OP[node.op], num: to });
  const from = (StringKind.ascii << STRING_KIND_SHIFT) | index;
  for (const fn of image.functions) {
    if (fn.name === from) fn.name = (StringKind.utf8 << STRING_KIND_SHIFT) | to;
  }
}

/** With its header: bytes, characters, and where in bytes every sixteenth character begins. */
export function utf8String(ascii: Uint8Array): Uint8Array {
  const marks = Math.floor(ascii.length / CHARS_PER_MARK);
  const made = new Uint8Array(4 + marks * 2 + ascii.length);
  const view = new DataView(made.buffer);
  view.setUint16(0, ascii.length, true);
  view.setUint16(2, ascii.length, true);
  for (let mark = 0; mark < marks; mark++) {
    view.setUint16(4 + mark * 2, (mark + 1) * CHARS_PER_MARK, true);
  }
  made.set(ascii, 4 + marks * 2);
  return made;
}
