/**
 * How control and values flow through one function: what follows what, which locals are still wanted where, and
 * which locals closures share.
 */
import { isLabel, visitExprs, type Label, type Line, type Statement } from "./code.js";
import { bit, factsOfAll, readsRetVal, writesRetVal } from "./effects.js";
import type { Fn, Image } from "./image.js";
import { layoutOf, Op } from "./opcodes.js";

/** The bit of `ret_val()` in sets of locals. */
export const RET_VAL = 1n << 300n;

const CONSTRUCTOR = 2;

export interface Flow {
  /** Lines that can come next, by number of the line. */
  next: number[][];
  /** The handlers of this function. */
  handlers: number[];
  /** By line: those that an exception can lead to from there. */
  caughtBy: readonly (readonly number[])[];
}

export function flowOf(lines: readonly Line[]): Flow {
  const at = new Map<Label, number>();
  lines.forEach((line, index) => {
    if (isLabel(line)) at.set(line, index);
  });
  const leadsTo = (label: Label | null): number => {
    const index = label === null ? undefined : at.get(label);
    if (index === undefined) throw new Error("a jump leads nowhere");
    return index;
  };
  const handlers = new Set<number>();
  // `return`, `break` and `continue` out of `try` run `finally` first, whose end goes on to where they lead.
  const behindFinally = lines.flatMap((line) =>
    !isLabel(line) && line.op === Op.throwJump ? [leadsTo(line.target)] : [],
  );
  const next = lines.map((line, index) => {
    if (isLabel(line)) return [index + 1];
    const layout = layoutOf(line.op);
    const following = layout.isFinal ? [] : [index + 1];
    if (line.op === Op.reThrow) return [...following, ...behindFinally];
    if (!layout.jumps) return following;
    const target = leadsTo(line.target);
    if (line.op === Op.try) handlers.add(target);
    return [...following, target];
  });
  const inside = next.map((all) => all.filter((to) => to < lines.length));
  return {
    next: inside,
    handlers: [...handlers],
    caughtBy: handlers.size === 0 ? lines.map(() => []) : caughtBy(lines, inside, [...handlers]),
  };
}

/** Innermost first, as the VM looks for them. A jump out of `try` may stop at each `finally` on its way. */
function caughtBy(
  lines: readonly Line[],
  next: readonly number[][],
  handlers: readonly number[],
): readonly (readonly number[])[] {
  const open = openTries(lines, next);
  if (open === null) return lines.map(() => handlers);
  return lines.map((line, index) => {
    const tries = open[index];
    // What cannot be run may lead anywhere.
    if (tries === undefined) return handlers;
    const leaves = line.op === Op.throwJump || line.op === Op.reThrow;
    return leaves ? tries : tries.slice(0, 1);
  });
}

/** By line: handlers of the `try` that are open there, innermost first; null where that depends on the way. */
function openTries(
  lines: readonly Line[],
  next: readonly number[][],
): (readonly number[] | undefined)[] | null {
  const open: (readonly number[] | undefined)[] = lines.map(() => undefined);
  const work: { to: number; tries: readonly number[] }[] = [{ to: 0, tries: [] }];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const { to } = item;
    // An exception has closed the `try` of the handler that it leads to; who comes there by itself closes it there.
    const tries = item.tries[0] === to ? item.tries.slice(1) : item.tries;
    const known = open[to];
    if (known !== undefined) {
      if (known.join() !== tries.join()) return null;
      continue;
    }
    open[to] = tries;
    const line = lines[to];
    if (line === undefined) continue;
    const ways = next[to] ?? [];
    // Where the end of a `finally` leads is known from the jumps that it is the end of.
    if (line.op === Op.reThrow) work.push({ to: to + 1, tries });
    else for (const way of ways) work.push({ to: way, tries: triesBehind(line, way, ways, tries) });
  }
  return open;
}

/** What is open where a line leads, from what was open in front of it. */
function triesBehind(
  line: Line,
  way: number,
  [following, target]: readonly number[],
  tries: readonly number[],
): readonly number[] {
  if (isLabel(line)) return tries;
  if (line.op === Op.try && target !== undefined && way === following) return [target, ...tries];
  if (line.op === Op.endTry) return tries.slice(1);
  return line.op === Op.throwJump ? tries.slice(line.args[0]?.num ?? 0) : tries;
}

/** Lines that can be run, handlers of any reachable `try` included. */
export function reachable(lines: readonly Line[]): boolean[] {
  const { next } = flowOf(lines);
  const seen = lines.map(() => false);
  const work = lines.length > 0 ? [0] : [];
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    if (seen[index]) continue;
    seen[index] = true;
    work.push(...(next[index] ?? []));
  }
  return seen;
}

/** Locals (and `RET_VAL`) that are read by a statement. */
export function readsOf(statement: Statement): bigint {
  const facts = factsOfAll(statement.args);
  const readsIt = facts.readsRetVal || readsRetVal(statement);
  return facts.locals | (readsIt ? RET_VAL : 0n);
}

/** Locals (and `RET_VAL`) that have another value behind a statement. */
export function writesOf(statement: Statement): bigint {
  const local = statement.op === Op.storeLocal ? bit(statement.num) : 0n;
  // On its one way it leaves the value as it is.
  const keeps = statement.op === Op.jumpIfRetValNullish || statement.op === Op.reThrow;
  return local | (writesRetVal(statement) && !keeps ? RET_VAL : 0n);
}

/** Locals that must never be thought unused: those of closures, and the new object of a constructor. */
export function alwaysWanted(fn: Fn, shared: Shared): bigint {
  return (shared.get(fn) ?? 0n) | ((fn.flags & CONSTRUCTOR) !== 0 ? bit(0) : 0n);
}

/** What is wanted after each line. What a handler wants is wanted wherever an exception can lead to it. */
export function wantedAfter(lines: readonly Line[], always: bigint): bigint[] {
  const { next, caughtBy } = flowOf(lines);
  const reads = lines.map((line) => (isLabel(line) ? 0n : readsOf(line)));
  const keeps = lines.map((line) => (isLabel(line) ? -1n : ~writesOf(line)));
  const before = lines.map(() => always);
  const after = lines.map(() => always);
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (let index = lines.length - 1; index >= 0; index--) {
      let caught = always;
      // What throws leaves a value of its own in ret_val, so a handler never sees the one before.
      for (const to of caughtBy[index] ?? []) caught |= (before[to] ?? 0n) & ~RET_VAL;
      let out = caught;
      for (const to of next[index] ?? []) out |= before[to] ?? 0n;
      const into = (out & (keeps[index] ?? -1n)) | (reads[index] ?? 0n) | caught;
      if (out === after[index] && into === before[index]) continue;
      after[index] = out;
      before[index] = into;
      isChanged = true;
    }
  }
  return after;
}

/** What is wanted before the first line, from what is wanted after each. */
export function wantedBefore(lines: readonly Line[], after: readonly bigint[]): bigint {
  const [first] = lines;
  const out = after[0] ?? 0n;
  if (first === undefined || isLabel(first)) return out;
  return (out & ~writesOf(first)) | readsOf(first);
}

/** By function: its locals that closures inside it read or write. */
export type Shared = ReadonlyMap<Fn, bigint>;

const ALL_LOCALS = (1n << 256n) - 1n;

export function sharedLocals(image: Image): Shared {
  const outer = outerFunctions(image);
  const shared = new Map<Fn, bigint>();
  const share = (fns: ReadonlySet<Fn>, locals: bigint): void => {
    for (const fn of fns) shared.set(fn, (shared.get(fn) ?? 0n) | locals);
  };
  for (const fn of image.functions) {
    const see = (slot: number, level: { op: number; num: number } | undefined): void => {
      let owners: ReadonlySet<Fn> = new Set([fn]);
      if (level?.op !== Op.literal) {
        // Unknown how far out: all of all around it.
        for (let depth = 0; depth < image.functions.length && owners.size > 0; depth++) {
          owners = around(owners, outer);
          share(owners, ALL_LOCALS);
        }
        return;
      }
      for (let depth = 0; depth < level.num; depth++) owners = around(owners, outer);
      share(owners, bit(slot));
    };
    for (const line of fn.lines) {
      if (isLabel(line)) continue;
      if (line.op === Op.storeClosure) see(line.num, line.args[0]);
      visitExprs(line, (node) => {
        if (node.op === Op.loadClosure) see(node.num, node.args[0]);
      });
    }
  }
  return shared;
}

function around(fns: ReadonlySet<Fn>, outer: Map<Fn, Set<Fn>>): Set<Fn> {
  return new Set([...fns].flatMap((fn) => [...(outer.get(fn) ?? [])]));
}

/** By function: those that make closures of it. */
function outerFunctions(image: Image): Map<Fn, Set<Fn>> {
  const outer = new Map<Fn, Set<Fn>>();
  for (const fn of image.functions) {
    for (const line of fn.lines) {
      if (isLabel(line)) continue;
      visitExprs(line, (node) => {
        const inner = node.op === Op.makeClosure ? image.functions[node.num] : undefined;
        if (inner !== undefined) outer.set(inner, (outer.get(inner) ?? new Set()).add(fn));
      });
    }
  }
  return outer;
}
