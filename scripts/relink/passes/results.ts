/**
 * `?:`, and functions put into place, leave their results in `ret_val()` on every way and store them where the ways
 * meet. Storing them on the ways spares the store behind; a way whose result comes from a call gets that store itself.
 */
import { expr, isLabel, type Line, type Statement } from "../code.js";
import { bit } from "../effects.js";
import { RET_VAL, wantedAfter } from "../flow.js";
import { layoutOf, Op } from "../opcodes.js";

/** A store on a way is this much longer than one in `ret_val()`, */
const STORE_BYTES = 1;
/** and one of `ret_val()` itself is this long. */
const COPY_BYTES = 3;
/** What the stores on all ways may take: the one behind them goes, and two steps on each way with a store. */
const BYTES_MAX = 6;

/** Where a way to the meeting ends: in front of this line, behind a store in `ret_val()` or behind something else. */
interface Way {
  before: number;
  store: Statement | null;
}

/** `always`: locals that closures share. True when something changed. */
export function storeResults(lines: Line[], always: bigint): boolean {
  const wanted = wantedAfter(lines, always);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line) || line.op !== Op.storeLocal || line.args[0]?.op !== Op.retVal) continue;
    if (line.anchor === true) continue;
    if ((bit(line.num) & always) !== 0n || ((wanted[index] ?? 0n) & RET_VAL) !== 0n) continue;
    const ways = waysTo(lines, index);
    if (ways === null) continue;
    const bytes = ways.reduce((sum, { store }) => sum + (store ? STORE_BYTES : COPY_BYTES), 0);
    const copies = ways.filter(({ store }) => store === null).map(({ before }) => before);
    if (copies.length === ways.length || bytes > BYTES_MAX) continue;
    for (const { store } of ways) {
      if (store !== null) Object.assign(store, { op: Op.storeLocal, num: line.num });
    }
    const changed = lines.flatMap((each, at): Line[] => {
      if (at === index) return [];
      return copies.includes(at) ? [{ ...line, args: [expr(Op.retVal)] }, each] : [each];
    });
    lines.splice(0, lines.length, ...changed);
    return true;
  }
  return false;
}

/** All ways to a line behind labels, in order; null when there is none but from above, or one is no plain jump. */
function waysTo(lines: readonly Line[], index: number): Way[] | null {
  const labels = new Set<Line>();
  let first = index;
  for (let line = lines[first - 1]; line !== undefined && isLabel(line); line = lines[first - 1]) {
    labels.add(line);
    first--;
  }
  if (labels.size === 0) return null;
  const ways: Way[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as Line;
    if (isLabel(line)) continue;
    const isJump = line.target !== null && labels.has(line.target);
    if (isJump && line.op !== Op.jump) return null;
    const comesFromAbove = at === first - 1 && !layoutOf(line.op).isFinal;
    if (!isJump && !comesFromAbove) continue;
    const last = isJump ? lines[at - 1] : line;
    const store = last !== undefined && !isLabel(last) && last.op === Op.storeRetVal ? last : null;
    ways.push({ before: isJump ? at : first, store });
  }
  return ways;
}
