/**
 * Notes which loads of locals give something that has fields: a field of it was read or written before, on every way, or it
 * was just made. Reading another field of it cannot throw then, and may be done later. The note stays true wherever the
 * load goes, for it speaks of the value.
 */
import { isLabel, visitExprs, type Expr, type Line, type Statement } from "../code.js";
import { bit } from "../effects.js";
import { flowOf } from "../flow.js";
import { Op } from "../opcodes.js";

/** `always`: locals that others may change. Changes nothing but notes. */
export function noteObjects(lines: readonly Line[], always: bigint): void {
  const before = knownBefore(lines, always);
  lines.forEach((line, index) => {
    if (isLabel(line)) return;
    visitExprs(line, (node) => {
      if (node.op !== Op.loadLocal || ((before[index] ?? 0n) & bit(node.num)) === 0n) return;
      node.isObject = true;
    });
  });
}

/** By line: locals that hold something with fields, whichever way led there. */
function knownBefore(lines: readonly Line[], always: bigint): bigint[] {
  const { next, handlers } = flowOf(lines);
  const after = (line: Line, index: number, known: bigint): bigint => {
    if (isLabel(line)) return known;
    const now = (known | askedIn(line)) & ~always;
    if (line.op !== Op.storeLocal) return now;
    const [value] = line.args;
    return isObject(value, lines[index - 1], now) ? now | bit(line.num) : now & ~bit(line.num);
  };
  const before = lines.map((_, index): bigint =>
    index === 0 || handlers.includes(index) ? 0n : -1n,
  );
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    lines.forEach((line, index) => {
      const known = after(line, index, before[index] ?? 0n);
      for (const to of next[index] ?? []) {
        const now = (before[to] ?? 0n) & known;
        if (now === before[to]) continue;
        before[to] = now;
        isChanged = true;
      }
    });
  }
  return before;
}

/** Locals of which a statement reads or writes a field: it throws where they have none. */
function askedIn(line: Statement): bigint {
  let asked = 0n;
  const ask = (object: Expr | undefined): void => {
    if (object?.op === Op.loadLocal) asked |= bit(object.num);
  };
  visitExprs(line, (node) => {
    if (READING.has(node.op)) ask(node.args[0]);
  });
  if (line.op === Op.indexSet) ask(line.args[0]);
  return asked;
}

const READING: ReadonlySet<number> = new Set([
  Op.index,
  Op.asciiField,
  Op.utf8Field,
  Op.builtinField,
]);

function isObject(value: Expr | undefined, above: Line | undefined, known: bigint): boolean {
  if (value?.op === Op.loadLocal) return (known & bit(value.num)) !== 0n;
  if (value?.op !== Op.retVal || above === undefined || isLabel(above)) return false;
  return above.op === Op.allocMap || above.op === Op.allocArray || above.op === Op.allocBuffer;
}
