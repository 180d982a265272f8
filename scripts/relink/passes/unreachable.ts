/** Takes out statements that cannot be run, labels that nothing leads to and jumps to what follows anyway. */
import { isLabel, type Label, type Line } from "../code.js";
import { reachable } from "../flow.js";
import { Op } from "../opcodes.js";

/** True when something was taken out. */
export function removeUnreachable(lines: Line[]): boolean {
  const seen = reachable(lines);
  let kept = lines.filter((_, index) => seen[index]);
  kept = kept.filter((line, index) => !isJumpToNext(kept, line, index));
  const wanted = new Set<Label>();
  for (const line of kept) if (!isLabel(line) && line.target !== null) wanted.add(line.target);
  kept = kept.filter((line) => !isLabel(line) || wanted.has(line));
  const isChanged = kept.length < lines.length;
  lines.splice(0, lines.length, ...kept);
  return isChanged;
}

function isJumpToNext(lines: readonly Line[], line: Line, index: number): boolean {
  if (isLabel(line) || line.op !== Op.jump || line.anchor === true) return false;
  for (let at = index + 1; at < lines.length; at++) {
    const next = lines[at] as Line;
    if (!isLabel(next)) return false;
    if (next === line.target) return true;
  }
  return false;
}
