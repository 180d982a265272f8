/**
 * Leaves out stores in globals that nothing reads, and reads of those that hold one constant: fields that their object had before
 * anybody saw it (`makeGlobals`), and that nothing else stores.
 */
import { clone, isLabel, visitExprs, type Expr, type Line, type Statement } from "../code.js";
import { factsOfAll, isConstant } from "../effects.js";
import { alwaysWanted, RET_VAL, sharedLocals, wantedAfter } from "../flow.js";
import { statementsOf, type Image } from "../image.js";
import { Op } from "../opcodes.js";

/** Changes the image in place, until there is nothing to leave out. */
export function settleGlobals(image: Image): void {
  const firstField = image.globals.length - (image.fields?.length ?? 0);
  for (let isChanged = true; isChanged;) {
    const loads = new Map<number, Expr[]>();
    const stores = new Map<number, Statement[]>();
    for (const statement of statementsOf(image)) {
      if (statement.op === Op.storeGlobal) add(stores, statement.num, statement);
      visitExprs(statement, (node) => {
        if (node.op === Op.loadGlobal) add(loads, node.num, node);
      });
    }
    const gone = new Set<Line>();
    isChanged = false;
    for (const [global, all] of stores) {
      const [value] = all.length === 1 ? (all[0] as Statement).args : [];
      if (
        image.fields?.[global - firstField]?.isSetFirst &&
        value !== undefined &&
        isConstant(value)
      ) {
        for (const load of loads.get(global) ?? []) Object.assign(load, clone(value));
        loads.delete(global);
      }
      if ((loads.get(global) ?? []).length > 0) continue;
      for (const store of all) if (!factsOfAll(store.args).canThrow) gone.add(store);
    }
    for (const fn of image.functions) {
      const kept = fn.lines.filter((line) => !gone.has(line));
      if (kept.length < fn.lines.length) isChanged = true;
      fn.lines = kept;
    }
    if (removeUnusedObjects(image)) isChanged = true;
  }
}

function add<T>(map: Map<number, T[]>, key: number, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

/** Empty objects that nobody takes from `ret_val()`. */
function removeUnusedObjects(image: Image): boolean {
  const shared = sharedLocals(image);
  let isChanged = false;
  for (const fn of image.functions) {
    const wanted = wantedAfter(fn.lines, alwaysWanted(fn, shared));
    const kept = fn.lines.filter(
      (line, index) =>
        isLabel(line) || line.op !== Op.allocMap || ((wanted[index] ?? 0n) & RET_VAL) !== 0n,
    );
    if (kept.length < fn.lines.length) isChanged = true;
    fn.lines = kept;
  }
  return isChanged;
}
