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
  /** Where an exception can lead from any statement: the handlers of this function. */
  handlers: number[];
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
  return {
    next: next.map((all) => all.filter((to) => to < lines.length)),
    handlers: [...handlers],
  };
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

/** What is wanted after each line. With handlers, what they want is wanted everywhere. */
export function wantedAfter(lines: readonly Line[], always: bigint): bigint[] {
  const { next, handlers } = flowOf(lines);
  const reads = lines.map((line) => (isLabel(line) ? 0n : readsOf(line)));
  const keeps = lines.map((line) => (isLabel(line) ? -1n : ~writesOf(line)));
  const before = lines.map(() => always);
  const after = lines.map(() => always);
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    // What throws leaves a value of its own in ret_val, so a handler never sees the one before.
    const caught = handlers.reduce((all, index) => all | (before[index] ?? 0n), always) & ~RET_VAL;
    for (let index = lines.length - 1; index >= 0; index--) {
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
