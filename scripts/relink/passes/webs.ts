/**
 * Gives every value a local of its own: where a local is used for several things one after another, each gets another
 * number. The compiler and the inliner use a local again as soon as it is free, which hides copies and constants from the
 * other passes. `packLocals` lets them share a place again.
 */
import { isLabel, visitExprs, type Line } from "../code.js";
import { bit } from "../effects.js";
import { flowOf, sharedLocals } from "../flow.js";
import type { Fn, Image } from "../image.js";
import { Op } from "../opcodes.js";

/** Numbers of locals that one byte holds; no function may need more. */
const LOCALS_MAX = 248;

/** Changes the image in place. Functions whose locals closures share keep theirs: closures know them by number. */
export function separateValues(image: Image): void {
  const shared = sharedLocals(image);
  for (const fn of image.functions) {
    if ((shared.get(fn) ?? 0n) === 0n) separate(fn);
  }
}

/** Where a local gets a value: a line that stores it, or the start of the function (a parameter, or undefined). */
interface Source {
  slot: number;
  /** The sources of one value stand for each other: those that can reach the same use. */
  same: Source | null;
}

function separate(fn: Fn): void {
  const { sources, reaching } = reachingSources(fn);
  const isOf = new Map<number, bigint>();
  sources.forEach(({ slot }, id) => isOf.set(slot, (isOf.get(slot) ?? 0n) | (1n << BigInt(id))));
  const usedAt = (line: number, slot: number): Source | undefined => {
    const ids = (reaching[line] ?? 0n) & (isOf.get(slot) ?? 0n);
    return sources.find((_, id) => ((ids >> BigInt(id)) & 1n) === 1n);
  };
  fn.lines.forEach((line, index) => {
    for (const slot of slotsRead(line)) {
      const ids = (reaching[index] ?? 0n) & (isOf.get(slot) ?? 0n);
      const first = usedAt(index, slot);
      sources.forEach((source, id) => {
        if (first !== undefined && ((ids >> BigInt(id)) & 1n) === 1n) unite(first, source);
      });
    }
  });
  const numbers = numbersFor(fn, sources);
  if (numbers === null) return;
  const numberOf = (source: Source | undefined, slot: number): number =>
    source === undefined ? slot : (numbers.get(root(source)) ?? slot);
  const stored = fn.slots;
  let id = stored;
  fn.lines.forEach((line, index) => {
    if (isLabel(line)) return;
    visitExprs(line, (node) => {
      if (node.op === Op.loadLocal) node.num = numberOf(usedAt(index, node.num), node.num);
    });
    if (line.op === Op.storeLocal) line.num = numberOf(sources[id++], line.num);
  });
  fn.slots = Math.max(fn.slots, ...[...numbers.values()].map((number) => number + 1));
}

function slotsRead(line: Line): Set<number> {
  const slots = new Set<number>();
  if (isLabel(line)) return slots;
  visitExprs(line, (node) => {
    if (node.op === Op.loadLocal) slots.add(node.num);
  });
  return slots;
}

/** Sources: one for every local's start, by number, then one for each store, in order. By line: those that can reach it. */
function reachingSources({ lines, slots }: Fn): { sources: Source[]; reaching: bigint[] } {
  const sources: Source[] = Array.from({ length: slots }, (_, slot) => ({ slot, same: null }));
  const masks = sources.map((_, id) => 1n << BigInt(id));
  const added = lines.map((line) => {
    if (isLabel(line) || line.op !== Op.storeLocal) return null;
    const mask = 1n << BigInt(sources.push({ slot: line.num, same: null }) - 1);
    masks[line.num] = (masks[line.num] ?? 0n) | mask;
    return { mask, slot: line.num };
  });
  const { next, caughtBy } = flowOf(lines);
  const reaching = lines.map((_, index) => (index === 0 ? (1n << BigInt(slots)) - 1n : 0n));
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    const reach = (index: number, ids: bigint): void => {
      const now = (reaching[index] ?? 0n) | ids;
      if (now === reaching[index]) return;
      reaching[index] = now;
      isChanged = true;
    };
    lines.forEach((_, index) => {
      const before = reaching[index] ?? 0n;
      const store = added[index] ?? null;
      const after = store === null ? before : (before & ~(masks[store.slot] ?? 0n)) | store.mask;
      for (const to of next[index] ?? []) reach(to, after);
      // An exception may leave a line before or after it has stored something.
      for (const to of caughtBy[index] ?? []) reach(to, before | after);
    });
  }
  return { sources, reaching };
}

function root(source: Source): Source {
  return source.same === null ? source : root(source.same);
}

function unite(one: Source, other: Source): void {
  const [a, b] = [root(one), root(other)];
  if (a !== b) b.same = a;
}

/** By root: the number of its value; null when there are too many. Parameters, and what a debugger shows, keep theirs. */
function numbersFor(fn: Fn, sources: readonly Source[]): Map<Source, number> | null {
  const numbers = new Map<Source, number>();
  const taken = new Set<number>();
  const give = (source: Source, number: number): void => {
    numbers.set(source, number);
    taken.add(number);
  };
  for (const parameter of sources.slice(0, fn.args)) give(root(parameter), parameter.slot);
  let free = fn.slots;
  for (const store of sources.slice(fn.slots)) {
    if (numbers.has(root(store))) continue;
    const isShown = ((fn.debug?.kept ?? 0n) & bit(store.slot)) !== 0n;
    give(root(store), taken.has(store.slot) && !isShown ? free++ : store.slot);
  }
  return free > LOCALS_MAX ? null : numbers;
}
