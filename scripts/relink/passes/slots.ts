/**
 * Lets locals that are never wanted at the same time share a place, and numbers them without gaps. Costs no code and saves
 * memory: each frame of the VM has eight bytes for every local, and putting functions into others makes frames long.
 */
import { isLabel, visitExprs, type Line } from "../code.js";
import { bit } from "../effects.js";
import { alwaysWanted, sharedLocals, wantedAfter, wantedBefore } from "../flow.js";
import type { Fn, Image } from "../image.js";
import { Op } from "../opcodes.js";

/** Changes the image in place. Functions whose locals closures share keep theirs: closures know them by number. */
export function packLocals(image: Image): void {
  const shared = sharedLocals(image);
  for (const fn of image.functions) {
    if ((shared.get(fn) ?? 0n) === 0n) packFunction(fn, alwaysWanted(fn, shared));
  }
}

function packFunction(fn: Fn, always: bigint): void {
  const after = wantedAfter(fn.lines, always);
  const conflicts = conflictsOf(fn, after, wantedBefore(fn.lines, after));
  const places = new Map<number, number>();
  /** By place: the locals that have it. */
  const users: bigint[] = Array.from({ length: fn.args }, (_, slot) => bit(slot));
  for (const slot of localsOf(fn.lines)) {
    if (slot < fn.args) continue;
    let place = fn.args;
    while (((users[place] ?? 0n) & (conflicts.get(slot) ?? 0n)) !== 0n) place++;
    users[place] = (users[place] ?? 0n) | bit(slot);
    places.set(slot, place);
  }
  for (const line of fn.lines) {
    if (isLabel(line)) continue;
    if (line.op === Op.storeLocal) line.num = places.get(line.num) ?? line.num;
    visitExprs(line, (node) => {
      if (node.op === Op.loadLocal) node.num = places.get(node.num) ?? node.num;
    });
  }
  fn.slots = Math.max(fn.args, users.length);
}

/** All locals that are read or written, in order. */
function localsOf(lines: readonly Line[]): number[] {
  const found = new Set<number>();
  for (const line of lines) {
    if (isLabel(line)) continue;
    if (line.op === Op.storeLocal) found.add(line.num);
    visitExprs(line, (node) => {
      if (node.op === Op.loadLocal) found.add(node.num);
    });
  }
  return [...found].sort((a, b) => a - b);
}

/** By local: all that are wanted where it is stored, or at the start together with it. */
function conflictsOf(fn: Fn, after: readonly bigint[], atStart: bigint): Map<number, bigint> {
  const conflicts = new Map<number, bigint>();
  const all = localsOf(fn.lines);
  const differ = (slot: number, others: bigint): void => {
    conflicts.set(slot, (conflicts.get(slot) ?? 0n) | (others & ~bit(slot)));
    for (const other of all) {
      if (other !== slot && (others & bit(other)) !== 0n) {
        conflicts.set(other, (conflicts.get(other) ?? 0n) | bit(slot));
      }
    }
  };
  // What is wanted as it is at the start (undefined) must have a place that nothing was stored in.
  for (const slot of all) if ((atStart & bit(slot)) !== 0n) differ(slot, (1n << 256n) - 1n);
  fn.lines.forEach((line, index) => {
    if (!isLabel(line) && line.op === Op.storeLocal) differ(line.num, after[index] ?? 0n);
  });
  return conflicts;
}
