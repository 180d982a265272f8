/**
 * Lets a local and its copy be one local where both are never wanted with different values at the same time; then the
 * copying goes. The compiler copies what `?:`, `&&` and `||` give through a local of its own.
 */
import { isLabel, visitExprs, type Line, type Statement } from "../code.js";
import { bit } from "../effects.js";
import { readsOf, wantedAfter, wantedBefore } from "../flow.js";
import { Op } from "../opcodes.js";

/**
 * Parameters (the first `args` locals) keep their places, and so do the locals `kept`, although a copy may join them. True when two
 * became one.
 */
export function coalesceCopies(lines: Line[], always: bigint, args: number, kept = 0n): boolean {
  const after = wantedAfter(lines, always);
  const isFree = (slot: number): boolean => slot >= args && (bit(slot) & (always | kept)) === 0n;
  for (const line of lines) {
    if (isLabel(line) || line.op !== Op.storeLocal) continue;
    const [value] = line.args;
    if (value?.op !== Op.loadLocal) continue;
    const [to, from] = [line.num, value.num];
    if (to === from || (bit(to) & always) !== 0n || (bit(from) & always) !== 0n) continue;
    if (!isFree(to) && !isFree(from)) continue;
    if (((bit(to) | bit(from)) & kept) !== 0n && !isOfOneStatement(lines, line, from, kept))
      continue;
    if (meet(lines, after, to, from, args)) continue;
    rename(lines, isFree(from) ? from : to, isFree(from) ? to : from);
    return true;
  }
  return false;
}

/** A local that is shown may take in only what is made on the way to it: elsewhere it would show what is not its own. */
function isOfOneStatement(
  lines: readonly Line[],
  copy: Statement,
  from: number,
  kept: bigint,
): boolean {
  if ((bit(from) & kept) !== 0n) return false;
  return lines.every(
    (line) =>
      isLabel(line) ||
      line.source === copy.source ||
      ((readsOf(line) & bit(from)) === 0n && !(line.op === Op.storeLocal && line.num === from)),
  );
}

/** Whether one is changed while the other is still wanted with its own value. */
function meet(
  lines: readonly Line[],
  after: readonly bigint[],
  a: number,
  b: number,
  args: number,
): boolean {
  return lines.some((line, index) => {
    // A parameter has its value from before the first line.
    if (index === 0 && startsWanted(lines, after, a, b, args)) return true;
    if (isLabel(line) || line.op !== Op.storeLocal) return false;
    if (line.num !== a && line.num !== b) return false;
    const other = line.num === a ? b : a;
    const [value] = line.args;
    if (value?.op === Op.loadLocal && value.num === other) return false;
    return ((after[index] ?? 0n) & bit(other)) !== 0n;
  });
}

/** Whether, at the start, one has a value (a parameter's, or undefined) and the other is wanted as it is then. */
function startsWanted(
  lines: readonly Line[],
  after: readonly bigint[],
  a: number,
  b: number,
  args: number,
): boolean {
  const before = wantedBefore(lines, after);
  const isWanted = (slot: number): boolean => (before & bit(slot)) !== 0n;
  if (isWanted(a) && isWanted(b)) return true;
  // The one that is no parameter is wanted as undefined, and would have the parameter's value instead.
  return (a < args && isWanted(b)) || (b < args && isWanted(a));
}

function rename(lines: Line[], from: number, to: number): void {
  for (const line of lines) {
    if (isLabel(line)) continue;
    if (line.op === Op.storeLocal && line.num === from) line.num = to;
    visitExprs(line, (node) => {
      if (node.op === Op.loadLocal && node.num === from) node.num = to;
    });
  }
}
