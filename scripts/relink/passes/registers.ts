/**
 * Keeps in `ret_val()`, where nothing else needs it, what several statements in a row load: two bytes and more each time become
 * one. Two steps more for all of them.
 */
import { clone, expr, exprBytes, isLabel, type Expr, type Line, type Statement } from "../code.js";
import { bit, factsOf, writesMemory } from "../effects.js";
import {
  alwaysWanted,
  RET_VAL,
  sharedLocals,
  wantedAfter,
  wantedBefore,
  writesOf,
} from "../flow.js";
import type { Fn, Image } from "../image.js";
import { layoutOf, Op } from "../opcodes.js";

/** Bytes that it must spare. */
const GAIN_MIN = 1;
/** The store is a byte longer than what it stores. */
const STORE_BYTES = 1;

/** Changes the image in place. */
export function keepInRetVal(image: Image): void {
  const shared = sharedLocals(image);
  for (const fn of image.functions) keepIn(fn, alwaysWanted(fn, shared));
}

interface Span {
  from: number;
  to: number;
  value: Expr;
  gain: number;
}

function keepIn(fn: Fn, always: bigint): void {
  const stores = new Map<Line, Statement>();
  for (const { from, to } of freeRuns(fn.lines, always)) {
    keepBest(fn.lines, from, to, always, stores);
  }
  fn.lines = fn.lines.flatMap((line) => {
    const store = stores.get(line);
    if (store === undefined) return [line];
    // A debugger stops in front of both.
    if (!isLabel(line) && line.anchor === true) store.anchor = true;
    return [store, line];
  });
}

/** Lines one after another, none but the first jumped to, before and between which `ret_val()` is not wanted. */
function freeRuns(lines: readonly Line[], always: bigint): { from: number; to: number }[] {
  const after = wantedAfter(lines, always);
  const isFree = (wanted: bigint | undefined): boolean => ((wanted ?? 0n) & RET_VAL) === 0n;
  const runs: { from: number; to: number }[] = [];
  let from = -1;
  lines.forEach((line, index) => {
    const wantedHere =
      index === 0 ? !isFree(wantedBefore(lines, after)) : !isFree(after[index - 1]);
    const starts = !isLabel(line) && !wantedHere;
    if (from >= 0 && !starts) {
      runs.push({ from, to: index });
      from = -1;
    } else if (from < 0 && starts) from = index;
    if (from < 0 || isLabel(line)) return;
    // What it writes there itself, or leads away, ends the run behind it.
    if ((writesOf(line) & RET_VAL) !== 0n || layoutOf(line.op).isFinal || !staysFree(line)) {
      runs.push({ from, to: index + 1 });
      from = -1;
    }
  });
  if (from >= 0) runs.push({ from, to: lines.length });
  return runs;
}

/** No statement that the VM keeps its own things in `ret_val()` for. */
function staysFree({ op }: Statement): boolean {
  return op !== Op.try && op !== Op.catch && op !== Op.finally && op !== Op.reThrow;
}

function keepBest(
  lines: readonly Line[],
  from: number,
  to: number,
  always: bigint,
  stores: Map<Line, Statement>,
): void {
  if (to - from < 1) return;
  let best: Span | null = null;
  const seen = new Set<string>();
  for (let at = from; at < to; at++) {
    const line = lines[at] as Statement;
    for (const arg of line.args) {
      visitNodes(arg, (value) => {
        const key = keyOf(value);
        if (seen.has(key) || !isKeepable(value)) return;
        seen.add(key);
        for (const span of spansOf(lines, from, to, value, key, always)) {
          if (span.gain >= GAIN_MIN && span.gain > (best?.gain ?? 0)) best = span;
        }
      });
    }
  }
  const found = best as Span | null;
  if (found === null) return;
  const key = keyOf(found.value);
  const first = lines[found.from] as Statement;
  const kept = clone(found.value);
  for (let at = found.from; at < found.to; at++) {
    const line = lines[at] as Statement;
    const replace = (node: Expr): void => {
      if (keyOf(node) === key) Object.assign(node, expr(Op.retVal));
      else node.args.forEach(replace);
    };
    line.args.forEach(replace);
  }
  stores.set(first, {
    op: Op.storeRetVal,
    num: 0,
    args: [kept],
    target: null,
    source: first.source,
  });
  keepBest(lines, from, found.from, always, stores);
  keepBest(lines, found.to, to, always, stores);
}

function visitNodes(node: Expr, visit: (node: Expr) => void): void {
  visit(node);
  for (const arg of node.args) visitNodes(arg, visit);
}

/** Cheap to compute, and cannot fail earlier than it did. */
function isKeepable(value: Expr): boolean {
  if (value.op === Op.retVal || exprBytes(value).length < 2) return false;
  const facts = factsOf(value);
  return !facts.canThrow && !facts.readsRetVal;
}

function keyOf({ op, num, args }: Expr): string {
  return args.length === 0 ? `${op}:${num}` : `${op}:${num}(${args.map(keyOf).join()})`;
}

/** Stretches from one use to another in which the value stays what it is, with what it spares to keep it. */
function spansOf(
  lines: readonly Line[],
  from: number,
  to: number,
  value: Expr,
  key: string,
  always: bigint,
): Span[] {
  const facts = factsOf(value);
  const size = exprBytes(value).length;
  const spans: Span[] = [];
  let start = -1;
  let end = -1;
  let count = 0;
  const close = (): void => {
    const gain = count * (size - 1) - size - STORE_BYTES;
    if (start >= 0) spans.push({ from: start, to: end, value, gain });
    start = -1;
    count = 0;
  };
  for (let at = from; at < to; at++) {
    const line = lines[at] as Statement;
    let uses = 0;
    const look = (node: Expr): void => {
      if (keyOf(node) === key) uses++;
      else node.args.forEach(look);
    };
    line.args.forEach(look);
    if (uses > 0) {
      if (start < 0) start = at;
      end = at + 1;
      count += uses;
    }
    const isChanged =
      (line.op === Op.storeLocal && (facts.locals & bit(line.num)) !== 0n) ||
      (facts.readsMemory && writesMemory(line)) ||
      (facts.locals & always) !== 0n;
    if (isChanged) close();
  }
  close();
  return spans;
}
