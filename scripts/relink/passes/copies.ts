/**
 * Uses of a local that is a copy of another local, or a constant of one byte, become what it is a copy of, wherever all ways
 * to the use pass that copy and neither changes on them. The store stays, and goes later when nothing reads it.
 */
import {
  canGo,
  isLabel,
  takeOut,
  visitExprs,
  type Expr,
  type Line,
  type Statement,
} from "../code.js";
import { bit, writesRetVal } from "../effects.js";
import { alwaysWanted, flowOf, RET_VAL, sharedLocals, writesOf } from "../flow.js";
import type { Image } from "../image.js";
import { Op } from "../opcodes.js";
import { truthOf } from "./expressions.js";
import { removeUnreadStores } from "./stores.js";

interface Copy {
  line: number;
  slot: number;
  value: Expr;
}

/**
 * `always`: locals that must not be touched. `kept`: locals that keep what is stored in them; to read them under another number
 * saves nothing. True when something changed.
 */
export function spreadCopies(lines: Line[], always: bigint, kept = 0n): boolean {
  return spread(
    lines,
    always,
    (value, slot) =>
      isCopyable(value, always) && !(value.op === Op.loadLocal && (bit(slot) & kept) !== 0n),
  );
}

/**
 * Uses of what was stored from `ret_val()` become `ret_val()` itself as long as that is the same: a byte less each, and no
 * store where it is always so. For the end: values in `ret_val()` cannot be moved behind calls. Changes the image in place.
 */
export function useRetVal(image: Image): void {
  const shared = sharedLocals(image);
  for (const fn of image.functions) {
    const always = alwaysWanted(fn, shared);
    spread(fn.lines, always, ({ op }) => op === Op.retVal);
    removeStoresOfItself(fn.lines);
    removeUnreadStores(fn.lines, always | (fn.debug?.kept ?? 0n));
  }
}

/** `ret_val()` stored where it is already. */
function removeStoresOfItself(lines: Line[]): void {
  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index] as Line;
    const isIdle = line.op === Op.storeRetVal && (line as Statement).args[0]?.op === Op.retVal;
    if (isIdle && canGo(lines, index)) takeOut(lines, index);
  }
}

function spread(
  lines: Line[],
  always: bigint,
  isCopied: (value: Expr, slot: number) => boolean,
): boolean {
  const copies = copiesIn(lines, always, isCopied);
  if (copies.length === 0) return false;
  const valid = validBefore(lines, copies);
  let isChanged = false;
  lines.forEach((line, index) => {
    if (isLabel(line)) return;
    visitExprs(line, (node) => {
      if (node.op !== Op.loadLocal) return;
      const copy = copies.find(
        ({ slot }, id) => slot === node.num && (((valid[index] ?? 0n) >> BigInt(id)) & 1n) === 1n,
      );
      if (copy === undefined) return;
      node.op = copy.value.op;
      node.num = copy.value.num;
      isChanged = true;
    });
  });
  return isChanged;
}

function copiesIn(
  lines: readonly Line[],
  always: bigint,
  isCopied: (value: Expr, slot: number) => boolean,
): Copy[] {
  return lines.flatMap((line, index) => {
    if (isLabel(line) || line.op !== Op.storeLocal || (bit(line.num) & always) !== 0n) return [];
    const value = line.args[0] as Expr;
    if (!isCopied(value, line.num) || (value.op === Op.loadLocal && value.num === line.num)) {
      return [];
    }
    return [{ line: index, slot: line.num, value: { ...value } }];
  });
}

/** As short as a load of a local, and the same wherever it is computed until that local changes. */
function isCopyable(value: Expr, always: bigint): boolean {
  if (value.op === Op.loadLocal) return (bit(value.num) & always) === 0n;
  if (value.op === Op.literal) return value.num >= -16 && value.num <= 111;
  return truthOf(value) !== null;
}

/** By line: the copies that hold before it on every way. Handlers are reached from anywhere, so none holds there. */
function validBefore(lines: readonly Line[], copies: readonly Copy[]): bigint[] {
  const { next, handlers } = flowOf(lines);
  const all = (1n << BigInt(copies.length)) - 1n;
  const made = new Map(copies.map(({ line }, id) => [line, 1n << BigInt(id)]));
  const endedBy = (line: Statement): bigint => {
    const written = writesOf(line) | (writesRetVal(line) ? RET_VAL : 0n);
    if (written === 0n) return 0n;
    return copies.reduce(
      (ended, { slot, value }, id) =>
        (written & (bit(slot) | readOf(value))) === 0n ? ended : ended | (1n << BigInt(id)),
      0n,
    );
  };
  const ends = lines.map((line) => (isLabel(line) ? 0n : endedBy(line)));
  const before = lines.map((_, index) => (index === 0 || handlers.includes(index) ? 0n : all));
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    lines.forEach((_, index) => {
      const after = ((before[index] ?? 0n) & ~(ends[index] ?? 0n)) | (made.get(index) ?? 0n);
      for (const to of next[index] ?? []) {
        const now = (before[to] ?? 0n) & after;
        if (now === before[to]) continue;
        before[to] = now;
        isChanged = true;
      }
    });
  }
  return before;
}

/** The local, or `ret_val()`, that a copy is of. */
function readOf(value: Expr): bigint {
  if (value.op === Op.retVal) return RET_VAL;
  return value.op === Op.loadLocal ? bit(value.num) : 0n;
}
