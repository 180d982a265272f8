/**
 * Functions that do the same become one: those that do nothing, above all. Not constructors, methods and closures' makers, which are
 * more than what they do. A trace names the one that is left.
 */
import { BUILTIN_STRINGS } from "../builtin-strings.js";
import { isLabel, visitExprs, type Expr, type Line } from "../code.js";
import { statementsOf, type Fn, type Image } from "../image.js";
import { Op } from "../opcodes.js";
import { dropUnnamed } from "./unnamed.js";

const PROTOTYPE = BUILTIN_STRINGS.indexOf("prototype");

/** Changes the image in place. */
export function mergeTwins(image: Image): void {
  const kept = keptFunctions(image);
  const first = new Map<string, number>();
  const twins = new Map<number, number>();
  image.functions.forEach((fn, number) => {
    const key = kept.has(number) ? null : keyOf(fn);
    if (key === null) return;
    const other = first.get(key);
    if (other === undefined) first.set(key, number);
    else twins.set(number, other);
  });
  for (const statement of statementsOf(image)) {
    visitExprs(statement, (node) => {
      if (node.op === Op.staticFunction) node.num = twins.get(node.num) ?? node.num;
    });
  }
  dropUnnamed(image);
}

/** Where the VM starts, and functions that have things of their own. */
function keptFunctions(image: Image): ReadonlySet<number> {
  const kept = new Set([0]);
  for (const statement of statementsOf(image)) {
    visitExprs(statement, ({ op, num, args }) => {
      if (op === Op.makeClosure) kept.add(num);
      const [object, other] = args;
      const owner = op === Op.instanceOf ? other : object;
      const hasOwn = op === Op.instanceOf || (op === Op.builtinField && num === PROTOTYPE);
      if (hasOwn && owner?.op === Op.staticFunction) kept.add(owner.num);
    });
  }
  return kept;
}

/** The same for functions that do the same; null for those that must stay what they are. */
function keyOf({ lines, args, slots, flags, tryFrames }: Fn): string | null {
  if (flags !== 0) return null;
  const labels = new Map<Line, number>();
  lines.forEach((line) => {
    if (isLabel(line)) labels.set(line, labels.size);
  });
  let usesLocals = false;
  let hasClosures = false;
  const texts = lines.map((line) => {
    if (isLabel(line)) return `:${labels.get(line)}`;
    if (line.op === Op.storeLocal) usesLocals = true;
    if (line.op === Op.storeClosure) hasClosures = true;
    visitExprs(line, ({ op }) => {
      if (op === Op.loadLocal) usesLocals = true;
      if (op === Op.makeClosure || op === Op.loadClosure) hasClosures = true;
    });
    return JSON.stringify([
      line.op,
      line.num,
      line.args.map(plain),
      line.target && labels.get(line.target),
    ]);
  });
  if (hasClosures) return null;
  return [tryFrames, ...(usesLocals ? [args, slots] : []), ...texts].join("\n");
}

/** Without notes, which do not change what it does. */
function plain({ op, num, args }: Expr): unknown {
  return [op, num, args.map(plain)];
}
