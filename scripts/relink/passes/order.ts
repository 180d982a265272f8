/**
 * Gives what is used most the lowest numbers: a number below 248 is one byte, others are two or three. Strings and
 * floats that nothing uses are left out. Function 0 stays: the VM starts there.
 */
import { visitExprs } from "../code.js";
import {
  SPEC_COUNT_AT,
  STRING_INDEX_MASK,
  STRING_KIND_SHIFT,
  StringKind,
  statementsOf,
  type Image,
} from "../image.js";
import { Op } from "../opcodes.js";

type Table = "ascii" | "utf8" | "buffer" | "float" | "function" | "global";

/** Which table an operation's number points into. */
const TABLE_OF: Partial<Record<number, Table>> = {
  [Op.asciiField]: "ascii",
  [Op.asciiString]: "ascii",
  [Op.utf8Field]: "utf8",
  [Op.utf8String]: "utf8",
  [Op.staticBuffer]: "buffer",
  [Op.literalFloat]: "float",
  [Op.staticFunction]: "function",
  [Op.makeClosure]: "function",
  [Op.loadGlobal]: "global",
  [Op.storeGlobal]: "global",
};

const SPEC_BYTES = 16;
const PACKET_BYTES = 8;
const FIELD_BYTES = 4;
const HAS_FIELDS = 1;

/** Changes the image in place. */
export function orderByUse(image: Image): void {
  const uses = countUses(image);
  const named = namedStrings(image);
  const maps = {
    ascii: rank(image.asciiStrings.length, uses.ascii, named.ascii),
    utf8: rank(image.utf8Strings.length, uses.utf8, named.utf8),
    buffer: rank(image.buffers.length, uses.buffer, named.buffer),
    float: rank(image.floats.length, uses.float, new Set()),
    function: rank(image.functions.length, uses.function, allOf(image.functions.length), 1),
    global: rank(image.globals.length, uses.global, allOf(image.globals.length)),
  };
  image.asciiStrings = pick(image.asciiStrings, maps.ascii);
  image.utf8Strings = pick(image.utf8Strings, maps.utf8);
  image.buffers = pick(image.buffers, maps.buffer);
  image.floats = pick(image.floats, maps.float);
  image.functions = pick(image.functions, maps.function);
  image.globals = pick(image.globals, maps.global);
  const renumber = (table: Table, old: number): number => {
    const found = maps[table].get(old);
    if (found === undefined) throw new Error(`${table} ${old} is used and does not exist`);
    return found;
  };
  visitNumbers(image, (table, node) => {
    node.num = renumber(table, node.num);
  });
  const rename = (name: number): number => {
    const kind = name >> STRING_KIND_SHIFT;
    const table = kindTable(kind);
    if (table === null) return name;
    return (kind << STRING_KIND_SHIFT) | renumber(table, name & STRING_INDEX_MASK);
  };
  for (const fn of image.functions) fn.name = rename(fn.name);
  const view = new DataView(image.specs.buffer);
  for (const at of specNames(image)) view.setUint16(at, rename(view.getUint16(at, true)), true);
}

function visitNumbers(image: Image, visit: (table: Table, node: { num: number }) => void): void {
  const see = (node: { op: number; num: number }): void => {
    const table = TABLE_OF[node.op];
    if (table !== undefined) visit(table, node);
  };
  for (const statement of statementsOf(image)) {
    see(statement);
    visitExprs(statement, see);
  }
}

function countUses(image: Image): Record<Table, Map<number, number>> {
  const uses: Record<Table, Map<number, number>> = {
    ascii: new Map(),
    utf8: new Map(),
    buffer: new Map(),
    float: new Map(),
    function: new Map(),
    global: new Map(),
  };
  visitNumbers(image, (table, { num }) => {
    uses[table].set(num, (uses[table].get(num) ?? 0) + 1);
  });
  return uses;
}

function allOf(count: number): Set<number> {
  return new Set(Array.from({ length: count }, (_, index) => index));
}

/** Old number to new: the first `fixed` stay, then by number of uses; what is neither used nor kept is missing. */
function rank(
  count: number,
  uses: Map<number, number>,
  keep: Set<number>,
  fixed = 0,
): Map<number, number> {
  const used = (index: number): number => uses.get(index) ?? 0;
  const all = [...allOf(count)].filter((index) => used(index) > 0 || keep.has(index));
  const movable = all.slice(fixed).sort((a, b) => used(b) - used(a) || a - b);
  return new Map([...all.slice(0, fixed), ...movable].map((old, index) => [old, index]));
}

function pick<T>(items: readonly T[], ranks: Map<number, number>): T[] {
  const picked: T[] = [];
  items.forEach((item, old) => {
    const index = ranks.get(old);
    if (index !== undefined) picked[index] = item;
  });
  return picked;
}

function kindTable(kind: number): "ascii" | "utf8" | "buffer" | null {
  if (kind === StringKind.ascii) return "ascii";
  if (kind === StringKind.utf8) return "utf8";
  if (kind === StringKind.buffer) return "buffer";
  return null;
}

/** Strings that names of functions and specifications use. */
function namedStrings(image: Image): Record<"ascii" | "utf8" | "buffer", Set<number>> {
  const named = { ascii: new Set<number>(), utf8: new Set<number>(), buffer: new Set<number>() };
  const view = new DataView(image.specs.buffer);
  const names = [
    ...image.functions.map((fn) => fn.name),
    ...[...specNames(image)].map((at) => view.getUint16(at, true)),
  ];
  for (const name of names) {
    const table = kindTable(name >> STRING_KIND_SHIFT);
    if (table !== null) named[table].add(name & STRING_INDEX_MASK);
  }
  return named;
}

/** ASCII strings that service specifications name. */
export function stringsInSpecs(image: Image): number[] {
  const view = new DataView(image.specs.buffer);
  return [...specNames(image)]
    .map((at) => view.getUint16(at, true))
    .filter((name) => kindTable(name >> STRING_KIND_SHIFT) === "ascii")
    .map((name) => name & STRING_INDEX_MASK);
}

/** Where in the section of service specifications string indices stand; each place once. */
function specNames(image: Image): Set<number> {
  const places = new Set<number>();
  const view = new DataView(image.specs.buffer);
  const count = new DataView(image.header.buffer).getUint16(SPEC_COUNT_AT, true);
  for (let spec = 0; spec < count; spec++) {
    const at = spec * SPEC_BYTES;
    places.add(at);
    const packets = view.getUint16(at + 8, true);
    const firstPacket = view.getUint16(at + 10, true) * 4;
    for (let packet = 0; packet < packets; packet++) {
      const packetAt = firstPacket + packet * PACKET_BYTES;
      places.add(packetAt);
      if ((view.getUint16(packetAt + 4, true) & HAS_FIELDS) === 0) continue;
      let field = view.getUint16(packetAt + 6, true) * 4;
      for (; view.getUint16(field, true) !== 0; field += FIELD_BYTES) places.add(field);
    }
  }
  return places;
}
