/**
 * A function's body at the place of its call: locals moved, returns turned into jumps.
 */
import { LABEL, expr, isLabel, type Expr, type Label, type Line, type Statement } from "./code.js";
import { factsOf } from "./effects.js";
import { wantedAfter } from "./flow.js";
import type { Fn } from "./image.js";
import { Op } from "./opcodes.js";

/** The statements that do what the call does; the callee's locals begin at `base`. */
export function bodyAt(call: Statement, callee: Fn, base: number, isValueWanted: boolean): Line[] {
  const body: Line[] = [];
  const add = (op: number, num: number, args: Expr[], from: Statement): void => {
    const { source, anchor } = from;
    body.push({ op, num, args, target: null, source, ...(anchor === true && { anchor }) });
  };
  // Later ones need not be stopped at.
  const { anchor, ...later } = call;
  const fromCall = (): Statement => (body.length === 0 ? call : later);
  // All operands are read before any is stored: a value of `ret_val()` stays what it was, locals are others.
  call.args.slice(1).forEach((arg, index) => {
    add(Op.storeLocal, base + index, [arg], fromCall());
  });
  for (const slot of readBeforeWritten(callee, call.args.length - 1)) {
    add(Op.storeLocal, base + slot, [expr(Op.undefined)], fromCall());
  }
  const labels = new Map<Label, Label>();
  const labelOf = (label: Label): Label => {
    const copy = labels.get(label) ?? { op: LABEL };
    labels.set(label, copy);
    return copy;
  };
  const end: Label = { op: LABEL };
  let leadsToEnd = false;
  /** A statement that does nothing: only for a debugger to stop at. */
  const stopAt = (statement: Statement): void => {
    const here: Label = { op: LABEL };
    body.push({ ...statement, op: Op.jump, num: 0, args: [], target: here }, here);
  };
  if (anchor === true && body.length === 0) stopAt(call);
  callee.lines.forEach((line, index) => {
    if (isLabel(line)) {
      body.push(labelOf(line));
      return;
    }
    const args = line.args.map((arg) => moved(arg, base));
    if (line.op !== Op.return) {
      const num = line.op === Op.storeLocal ? line.num + base : line.num;
      const target = line.target === null ? null : labelOf(line.target);
      body.push({ ...line, num, args, target });
      return;
    }
    const value = args[0] as Expr;
    const isThere = value.op === Op.retVal;
    const isStored = !isThere && (isValueWanted || factsOf(value).canThrow);
    if (isStored) add(Op.storeRetVal, 0, [value], line);
    else if (line.anchor === true) stopAt(line);
    if (index === callee.lines.length - 1) return;
    leadsToEnd = true;
    add(Op.jump, 0, [], { ...line, anchor: false });
    (body.at(-1) as Statement).target = end;
  });
  if (leadsToEnd || isLabel(body.at(-1) ?? end)) body.push(end);
  return body;
}

/** Locals, and parameters that get no argument, that are undefined when the function reads them. */
function readBeforeWritten(fn: Fn, given: number): number[] {
  const start: Label = { op: LABEL };
  const wanted = wantedAfter([start, ...fn.lines], 0n)[0] ?? 0n;
  const slots = Array.from({ length: fn.slots }, (_, slot) => slot);
  return slots.filter((slot) => slot >= given && ((wanted >> BigInt(slot)) & 1n) === 1n);
}

function moved(node: Expr, base: number): Expr {
  const num = node.op === Op.loadLocal ? node.num + base : node.num;
  return { op: node.op, num, args: node.args.map((arg) => moved(arg, base)) };
}
