/**
 * Functions as lists of statements, each a tree of operations, and the way from and to bytes. Jumps lead to labels,
 * which are statements without bytes; so statements may come and go and no jump has to be corrected.
 */
import type { Fn } from "./image.js";
import { layoutOf, Op } from "./opcodes.js";
import {
  MULTIBYTE,
  NEGATIVE,
  DIRECT,
  DIRECT_ZERO,
  DIRECT_MAX,
  DIRECT_MIN,
  byteAt,
  readNumber,
  numberBytes,
} from "./code-numbers.js";

/** An expression: an operation, its number if it has one, its operands. */
export interface Expr {
  op: number;
  num: number;
  args: Expr[];
  /** Of what reads a name: what it may find, if somebody knows. */
  finds?: Finds;
  /** Of what loads a local: its value is known to have fields. */
  isObject?: boolean;
}

/** Methods that may be found, and whether something else may. */
export interface Finds {
  methods: ReadonlySet<Fn>;
  isOpen: boolean;
}

/** A place that jumps lead to. `LABEL` is no operation of the format. */
export interface Label {
  op: typeof LABEL;
}
export const LABEL = -1;

export interface Statement {
  op: number;
  num: number;
  args: Expr[];
  /** Where a jump leads; a label of the same function. */
  target: Label | null;
  /** Where in the sources this comes from: an index into the debug information's source map. */
  source: number;
  /** A debugger stops here for a line of the sources: no pass may take it away or lead around it. */
  anchor?: boolean;
}

export type Line = Label | Statement;

/** How distances of jumps are written. The compiler spends three bytes on each forward one. */
export type JumpForm = "as compiled" | "shortest";

export interface Encoded {
  bytes: Uint8Array;
  /** Where each statement begins, in bytes from the function's start, in the order of the statements. */
  places: { statement: Statement; offset: number }[];
}
const FUNCTION_ALIGN = 4;

export function isLabel(line: Line): line is Label {
  return line.op === LABEL;
}

/** Whether a statement may be taken out: what a debugger stops at only when the next one can stand for it. */
export function canGo(lines: readonly Line[], index: number): boolean {
  const line = lines[index] as Line;
  if (isLabel(line) || line.anchor !== true) return true;
  const next = lines[index + 1];
  return next !== undefined && !isLabel(next) && next.source === line.source;
}

/** Takes a statement out that can go. */
export function takeOut(lines: Line[], index: number): void {
  const [line] = lines.splice(index, 1) as [Line];
  const next = lines[index];
  if (!isLabel(line) && line.anchor === true) (next as Statement).anchor = true;
}

export function expr(op: number, num = 0, args: Expr[] = []): Expr {
  return { op, num, args };
}

/** A tree of its own: passes change numbers in place, so none may belong to two statements. */
export function clone(node: Expr): Expr {
  return { ...node, args: node.args.map(clone) };
}

/** Fails unless the bytes are exactly statements, and zeros up to the next multiple of four. */
export function decode(bytes: Uint8Array, sourceAt: (offset: number) => number = () => 0): Line[] {
  const statements: { statement: Statement; offset: number; leadsTo: number | null }[] = [];
  let at = 0;
  while (at < bytes.length && !isPadding(bytes, at)) {
    const offset = at;
    const stack: Expr[] = [];
    for (;;) {
      const opAt = at;
      const op = byteAt(bytes, at++);
      if (op >= DIRECT) {
        stack.push(expr(Op.literal, op - DIRECT_ZERO));
        continue;
      }
      const layout = layoutOf(op);
      let num = 0;
      if (layout.hasNumber) {
        [num, at] = readNumber(bytes, at);
      }
      if (stack.length < layout.args) throw new Error(`too few operands at ${offset}`);
      const args = stack.splice(stack.length - layout.args);
      if (!layout.isStatement) {
        stack.push(expr(op, num, args));
        continue;
      }
      if (stack.length > 0) throw new Error(`operands left at ${offset}`);
      const leadsTo = layout.jumps ? opAt + num : null;
      const statement = {
        op,
        num: layout.jumps ? 0 : num,
        args,
        target: null,
        source: sourceAt(offset),
      };
      statements.push({ statement, offset, leadsTo });
      break;
    }
  }
  return withLabels(statements);
}

function withLabels(
  statements: { statement: Statement; offset: number; leadsTo: number | null }[],
): Line[] {
  const offsets = new Set(statements.map(({ offset }) => offset));
  const labels = new Map<number, Label>();
  for (const { statement, leadsTo } of statements) {
    if (leadsTo === null) continue;
    if (!offsets.has(leadsTo)) throw new Error(`a jump to ${leadsTo}, where no statement begins`);
    const label = labels.get(leadsTo) ?? { op: LABEL };
    labels.set(leadsTo, label);
    statement.target = label;
  }
  return statements.flatMap(({ statement, offset }) => {
    const label = labels.get(offset);
    return label === undefined ? [statement] : [label, statement];
  });
}

/** Zeros to the end, fewer than an alignment: filled up by the compiler, never run. */
function isPadding(bytes: Uint8Array, at: number): boolean {
  if (bytes.length - at >= FUNCTION_ALIGN) return false;
  return bytes.subarray(at).every((byte) => byte === 0);
}

/** Writes an expression's bytes behind those that are there. */
function writeExpr(node: Expr, out: number[]): void {
  for (const arg of node.args) writeExpr(arg, out);
  if (node.op === Op.literal && node.num >= DIRECT_MIN && node.num <= DIRECT_MAX) {
    out.push(node.num + DIRECT_ZERO);
    return;
  }
  out.push(node.op);
  if (layoutOf(node.op).hasNumber) out.push(...numberBytes(node.num));
}

export function exprBytes(node: Expr): number[] {
  const out: number[] = [];
  writeExpr(node, out);
  return out;
}

/** Bytes of these lines between others; by how much jumps across them grow is not counted. Jumps lead to labels among them. */
export function sizeOf(lines: readonly Line[]): number {
  const end: Statement = { op: Op.debugger, num: 0, args: [], target: null, source: 0 };
  return encode([...lines, end]).places.at(-1)?.offset ?? 0;
}

/** The same of lines whose jumps may lead elsewhere: two bytes each. */
export function sizeOfPiece(lines: readonly Line[]): number {
  const plain = lines.filter((line): line is Statement => !isLabel(line));
  return sizeOf(
    plain.map((one) => (one.target === null ? one : { ...one, op: Op.storeLocal, target: null })),
  );
}

interface Piece {
  line: Line;
  /** All bytes but a jump's distance. */
  bytes: number[];
  /** Bytes that the distance takes; 0 when it is no jump. */
  distanceSize: number;
  offset: number;
}

/**
 * Bytes of a function's statements, filled up with zeros to a multiple of four. Distances begin at one byte
 * and only ever grow, so this ends.
 */
export function encode(lines: readonly Line[], jumps: JumpForm = "shortest"): Encoded {
  const last = lines.at(-1);
  if (last !== undefined && isLabel(last)) throw new Error("a label leads behind the end");
  const pieces: Piece[] = lines.map((line) => {
    const piece: Piece = { line, bytes: [], distanceSize: 0, offset: 0 };
    if (isLabel(line)) return piece;
    for (const arg of line.args) writeExpr(arg, piece.bytes);
    piece.bytes.push(line.op);
    const layout = layoutOf(line.op);
    if (layout.jumps) piece.distanceSize = 1;
    else if (layout.hasNumber) piece.bytes.push(...numberBytes(line.num));
    return piece;
  });
  const pieceOf = new Map<Line, Piece>(pieces.map((piece) => [piece.line, piece]));
  while (!settle(pieces, pieceOf, jumps));
  return emit(pieces, pieceOf);
}

/** Gives every piece its place; true when all distances fit the room they have. */
function settle(pieces: Piece[], pieceOf: Map<Line, Piece>, jumps: JumpForm): boolean {
  let offset = 0;
  for (const piece of pieces) {
    piece.offset = offset;
    offset += piece.bytes.length + piece.distanceSize;
  }
  let isSettled = true;
  for (const piece of pieces) {
    if (piece.distanceSize === 0) continue;
    const distance = distanceOf(piece, pieceOf);
    const needed = jumps === "as compiled" && distance > 0 ? 3 : numberBytes(distance).length;
    if (needed > piece.distanceSize) {
      piece.distanceSize = needed;
      isSettled = false;
    }
  }
  return isSettled;
}

function distanceOf(piece: Piece, pieceOf: Map<Line, Piece>): number {
  const statement = piece.line as Statement;
  const target = statement.target === null ? undefined : pieceOf.get(statement.target);
  if (target === undefined) throw new Error("a jump leads nowhere");
  return target.offset - (piece.offset + piece.bytes.length - 1);
}

function emit(pieces: Piece[], pieceOf: Map<Line, Piece>): Encoded {
  const bytes: number[] = [];
  const places: Encoded["places"] = [];
  for (const piece of pieces) {
    if (isLabel(piece.line)) continue;
    places.push({ statement: piece.line, offset: piece.offset });
    bytes.push(...piece.bytes);
    if (piece.distanceSize > 0) bytes.push(...distanceBytes(piece, pieceOf));
  }
  while (bytes.length % FUNCTION_ALIGN !== 0) bytes.push(0);
  return { bytes: Uint8Array.from(bytes), places };
}

/** A distance in exactly the bytes it was given, with leading zeros if it could do with fewer. */
function distanceBytes(piece: Piece, pieceOf: Map<Line, Piece>): number[] {
  const distance = distanceOf(piece, pieceOf);
  const shortest = numberBytes(distance);
  if (shortest.length === piece.distanceSize) return shortest;
  const digits: number[] = [];
  let left = Math.abs(distance);
  for (let index = 1; index < piece.distanceSize; index++) {
    digits.unshift(left % 256);
    left = Math.floor(left / 256);
  }
  return [MULTIBYTE | (distance < 0 ? NEGATIVE : 0) | (digits.length - 1), ...digits];
}

/** Calls `visit` with every expression of a statement, operands before what uses them. */
export function visitExprs(statement: Statement, visit: (node: Expr) => void): void {
  for (const arg of statement.args) visitExpr(arg, visit);
}

function visitExpr(node: Expr, visit: (node: Expr) => void): void {
  for (const arg of node.args) visitExpr(arg, visit);
  visit(node);
}
