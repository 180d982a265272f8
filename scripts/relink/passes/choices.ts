/**
 * `if not c goto A; x := 1; goto B; A: x := 2; B:` is `x := 2; if not c goto B; x := 1; B:`, which spares a jump. What
 * is stored first must be there at once, without another look at anything, and not matter to the condition.
 */
import { isLabel, type Expr, type Label, type Line, type Statement } from "../code.js";
import { bit, factsOf, factsOfAll } from "../effects.js";
import { alwaysWanted, sharedLocals } from "../flow.js";
import type { Fn, Image } from "../image.js";
import { Op } from "../opcodes.js";

/** Changes the image in place. */
export function storeBeforeChoices(image: Image): void {
  const shared = sharedLocals(image);
  for (const fn of image.functions) {
    const always = alwaysWanted(fn, shared);
    while (storeOne(fn, always));
  }
}

function storeOne({ lines, tryFrames }: Fn, always: bigint): boolean {
  for (let index = 0; index + 6 <= lines.length; index++) {
    const [choice, first, leave, label, second, ...labels] = lines.slice(
      index,
      index + 8,
    ) as Line[];
    if (!isOp(choice, Op.jumpIfFalse) || !isStore(first) || !isOp(leave, Op.jump)) continue;
    if (label === undefined || choice.target !== label || !isStore(second)) continue;
    if (usesOf(lines, label as Label) > 1 || !labels.includes(leave.target as Line)) continue;
    if (labels.slice(0, labels.indexOf(leave.target as Line)).some((line) => !isLabel(line)))
      continue;
    if (first.op !== second.op || first.num !== second.num) continue;
    // A debugger stops in the place of each.
    if ([first, leave, second].some(({ anchor }) => anchor === true)) continue;
    const value = second.args[0] as Expr;
    const condition = choice.args[0] as Expr;
    if (value.args.length > 0 || factsOf(value).canThrow) continue;
    // A handler would see what was stored too early.
    if (tryFrames > 0 && factsOf(condition).canThrow) continue;
    if (isStoredIn(first, [...choice.args, ...first.args, value], always)) continue;
    choice.target = leave.target;
    if (choice.anchor === true) second.anchor = true;
    lines.splice(index, 5, second, choice, first);
    return true;
  }
  return false;
}

function isOp(line: Line | undefined, op: number): line is Statement {
  return line !== undefined && line.op === op;
}

function isStore(line: Line | undefined): line is Statement {
  return isOp(line, Op.storeLocal) || isOp(line, Op.storeRetVal);
}

/** Whether one of these reads what the statement stores into, or others may. */
function isStoredIn({ op, num }: Statement, read: readonly Expr[], always: bigint): boolean {
  const facts = factsOfAll(read);
  if (op === Op.storeRetVal) return facts.readsRetVal;
  return ((facts.locals | always) & bit(num)) !== 0n;
}

function usesOf(lines: readonly Line[], label: Label): number {
  return lines.filter((line) => !isLabel(line) && line.target === label).length;
}
