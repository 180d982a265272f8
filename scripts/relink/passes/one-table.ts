/**
 * Joins the tables that the main program parses at its start (`tables.ts`) into one: to parse and store a table takes 10 to 12
 * bytes, to be a row of one takes none. Whoever reads it takes a row of a global instead of a global, two steps more. Tables
 * that so many read that this takes more bytes than it spares stay what they are.
 */
import { BUILTIN_STRINGS } from "../builtin-strings.js";
import { expr, isLabel, visitExprs, type Expr, type Line, type Statement } from "../code.js";
import { numberBytes } from "../code-numbers.js";
import { alwaysWanted, RET_VAL, sharedLocals, wantedAfter } from "../flow.js";
import type { Image } from "../image.js";
import { Names } from "../names.js";
import { isShortCall, Op } from "../opcodes.js";
import { isSame } from "./expressions.js";
import { utf8String } from "./strings.js";
import { ASCII, parseOfVm } from "./tables.js";

/** To parse a text and to store what it gives, without the number of the global. */
const MADE_BYTES = 9;
/** To take a row of a global with a short number. */
const ROW_BYTES = 4;
/** What the VM does by itself, without any code of the program. */
const OF_THE_VM: ReadonlySet<string | null> = new Set([
  "parse",
  "alloc",
  "push",
  "setPrototypeOf",
  "_allocRole",
]);

/** A table in a global that is stored in one place. */
interface Table {
  parse: Statement;
  store: Statement;
  text: string;
  loads: Expr[];
}

interface Uses {
  stores: Statement[];
  loads: Expr[];
}

/** Changes the image in place. */
export function joinTables(image: Image): void {
  const [main] = image.functions;
  if (main === undefined || main.tryFrames > 0) return;
  const uses = usesOf(image);
  const most = [...uses].sort(([, a], [, b]) => countOf(b) - countOf(a)).map(([global]) => global);
  const isWorthIt = ({ store: { num }, loads }: Table): boolean => {
    const numberSize = numberBytes(most.indexOf(num)).length;
    const now = MADE_BYTES + numberSize + loads.length * (1 + numberSize);
    return loads.length * ROW_BYTES < now;
  };
  const always = alwaysWanted(main, sharedLocals(image));
  const rows = tablesOf(image, main.lines, always, uses).filter(isWorthIt);
  const [first, ...others] = rows;
  if (first === undefined || others.length === 0) return;
  const text = image.utf8Strings.push(
    utf8String(Buffer.from(`[${rows.map((row) => row.text).join()}]`)),
  );
  first.parse.args[1] = expr(Op.utf8String, text - 1);
  rows.forEach(({ loads }, row) => {
    for (const load of loads) {
      const table = expr(Op.loadGlobal, first.store.num);
      Object.assign(load, expr(Op.index, 0, [table, expr(Op.literal, row)]));
    }
  });
  const gone = new Set<Line>(others.flatMap(({ parse, store }) => [parse, store]));
  main.lines = main.lines.filter((line) => !gone.has(line));
}

function usesOf({ functions }: Image): Map<number, Uses> {
  const uses = new Map<number, Uses>();
  const of = (global: number): Uses => {
    const known = uses.get(global) ?? { stores: [], loads: [] };
    uses.set(global, known);
    return known;
  };
  for (const { lines } of functions) {
    for (const line of lines) {
      if (isLabel(line)) continue;
      if (line.op === Op.storeGlobal) of(line.num).stores.push(line);
      visitExprs(line, (node) => {
        if (node.op === Op.loadGlobal) of(node.num).loads.push(node);
      });
    }
  }
  return uses;
}

function countOf({ stores, loads }: Uses): number {
  return stores.length + loads.length;
}

/** Those made before anybody could see one of them: by statements that are run once, in front of all code of the program. */
function tablesOf(
  image: Image,
  lines: readonly Line[],
  always: bigint,
  uses: ReadonlyMap<number, Uses>,
): Table[] {
  const names = new Names(image);
  const wanted = wantedAfter(lines, always);
  const own = replacedNames(image, names);
  const tables: Table[] = [];
  const read = new Set<Expr>();
  for (let at = 0; at < lines.length && !runsCode(lines, at, own); at++) {
    const parse = lines[at] as Line;
    const store = lines[at + 1];
    if (isLabel(parse)) continue;
    visitExprs(parse, (node) => read.add(node));
    const text = store === undefined || isLabel(store) ? null : textStored(parse, store, names);
    if (text === null || ((wanted[at + 1] ?? 0n) & RET_VAL) !== 0n || isLedAround(lines, parse))
      continue;
    const { stores, loads } = uses.get((store as Statement).num) as Uses;
    if (stores.length === 1) tables.push({ parse, store: store as Statement, text, loads });
  }
  return tables.filter(({ loads }) => !loads.some((load) => read.has(load)));
}

/** The text that is parsed, if what it gives is stored in a global; null when these statements do something else. */
function textStored(parse: Statement, store: Statement, names: Names): string | null {
  const [callee, written] = parse.args;
  const isParsed = parse.op === Op.call1 && callee !== undefined && isSame(callee, parseOfVm());
  const text = names.stringOf(written);
  if (!isParsed || text === null || !isJson(text)) return null;
  if (store.op !== Op.storeGlobal || store.args[0]?.op !== Op.retVal) return null;
  if (parse.anchor === true || store.anchor === true) return null;
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return ASCII.test(text);
  } catch {
    // The program's own text, which the VM is to refuse.
    return false;
  }
}

/** Whether a jump leads over a line or back over it. */
function isLedAround(lines: readonly Line[], line: Line): boolean {
  const at = lines.indexOf(line);
  return lines.some((each, from) => {
    if (isLabel(each) || each.target === null) return false;
    const to = lines.indexOf(each.target);
    return Math.min(from, to) <= at && at <= Math.max(from, to);
  });
}

/** Whether a statement may run functions of the program, or let another fiber run. */
function runsCode(lines: readonly Line[], at: number, own: ReadonlySet<string | null>): boolean {
  const line = lines[at] as Line;
  if (isLabel(line)) return false;
  if (line.op === Op.callArray || line.op === Op.return) return true;
  if (!isShortCall(line.op)) return false;
  const callee = line.args[0] as Expr;
  const name = builtinOf(callee);
  if (name === null || !OF_THE_VM.has(name) || own.has(name) || own.has(null)) return true;
  const [object] = callee.args;
  // Of the VM's own objects, and of an array that was just made.
  if (object === undefined || object.op === Op.builtinObject) return false;
  return object.op !== Op.retVal || lines[at - 1]?.op !== Op.allocArray;
}

/** The name of something of the VM that is called. */
function builtinOf({ op, num }: Expr): string | null {
  const isBuiltin = op === Op.builtinField || op === Op.dsField || op === Op.objectField;
  return isBuiltin ? (BUILTIN_STRINGS[num] ?? null) : null;
}

/** Names that the program gives to the VM's own objects; null among them when one is not known. */
function replacedNames(image: Image, names: Names): ReadonlySet<string | null> {
  const replaced = new Set<string | null>();
  for (const { lines } of image.functions) {
    for (const line of lines) {
      if (isLabel(line) || line.op !== Op.indexSet) continue;
      const [object, key] = line.args;
      const owner = names.fieldOf(object) === "prototype" ? object?.args[0] : object;
      if (owner?.op === Op.builtinObject) replaced.add(names.stringOf(key));
    }
  }
  return replaced;
}
