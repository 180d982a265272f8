/** Takes out stores that nothing reads, when nobody notices that their value is not computed. */
import { isLabel, type Line } from "../code.js";
import { bit, factsOfAll } from "../effects.js";
import { RET_VAL, wantedAfter } from "../flow.js";
import { Op } from "../opcodes.js";

/** `always`: locals that must not be thought unused. True when something was taken out. */
export function removeUnreadStores(lines: Line[], always: bigint): boolean {
  const after = wantedAfter(lines, always);
  const kept = lines.filter((line, index) => {
    if (isLabel(line) || factsOfAll(line.args).canThrow) return true;
    const wanted = after[index] ?? 0n;
    if (line.op === Op.storeLocal) {
      const [value] = line.args;
      if (value?.op === Op.loadLocal && value.num === line.num) return false;
      return (wanted & bit(line.num)) !== 0n;
    }
    if (line.op === Op.storeRetVal) return (wanted & RET_VAL) !== 0n;
    return true;
  });
  const isChanged = kept.length < lines.length;
  lines.splice(0, lines.length, ...kept);
  return isChanged;
}
