/** Takes out stores that nothing reads, when nobody notices that their value is not computed. */
import { canGo, isLabel, takeOut, type Line, type Statement } from "../code.js";
import { bit, factsOfAll } from "../effects.js";
import { RET_VAL, wantedAfter } from "../flow.js";
import { Op } from "../opcodes.js";

/** `always`: locals that must not be thought unused. True when something was taken out. */
export function removeUnreadStores(lines: Line[], always: bigint): boolean {
  const after = wantedAfter(lines, always);
  let isChanged = false;
  // From the end, so that what is not looked at yet keeps its number.
  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index] as Line;
    if (isLabel(line) || isWanted(line, after[index] ?? 0n) || !canGo(lines, index)) continue;
    takeOut(lines, index);
    isChanged = true;
  }
  return isChanged;
}

function isWanted(line: Statement, wanted: bigint): boolean {
  if (factsOfAll(line.args).canThrow) return true;
  if (line.op === Op.storeLocal) {
    const [value] = line.args;
    if (value?.op === Op.loadLocal && value.num === line.num) return false;
    return (wanted & bit(line.num)) !== 0n;
  }
  return line.op !== Op.storeRetVal || (wanted & RET_VAL) !== 0n;
}
