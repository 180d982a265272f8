/**
 * Statements that stand at the end of two ways to the same place are kept once: the other way jumps to them. Where one of the
 * ways goes on without a jump this costs nothing; elsewhere it costs a step, and is done where it saves enough.
 */
import {
  isLabel,
  sizeOfPiece,
  LABEL,
  type Expr,
  type Label,
  type Line,
  type Statement,
} from "../code.js";
import type { Image } from "../image.js";
import { layoutOf, Op } from "../opcodes.js";
import { isSame } from "./expressions.js";

/** What a step more must save, in bytes: about what so many bytes take to run. */
const BYTES_PER_STEP = 4;

/** Changes the image in place. */
export function mergeTails(image: Image): void {
  for (const { lines } of image.functions) {
    for (let pair = bestPair(lines); pair !== null; pair = bestPair(lines)) merge(lines, pair);
  }
}

/** Where a way ends: in front of this line, which is a jump, or a label that the way goes on to. */
interface End {
  behind: number;
  jump: Statement | null;
}

interface Pair {
  kept: End;
  gone: End & { jump: Statement };
  /** Statements that are the same. */
  length: number;
  bytes: number;
}

function bestPair(lines: readonly Line[]): Pair | null {
  const ends = endsOf(lines);
  let best: Pair | null = null;
  for (const kept of ends) {
    for (const { behind, jump } of ends) {
      if (
        jump === null ||
        jump.anchor === true ||
        behind === kept.behind ||
        !leadsSame(lines, kept, jump)
      )
        continue;
      const gone = { behind, jump };
      const length = commonLength(lines, kept, gone);
      if (length === 0) continue;
      const tail = lines.slice(behind - length, behind) as Statement[];
      const bytes = sizeOfPiece([...tail, jump]) - jumpBytes(kept, gone);
      if (bytes < (kept.jump === null ? 1 : BYTES_PER_STEP)) continue;
      if (best === null || bytes > best.bytes) best = { kept, gone, length, bytes };
    }
  }
  return best;
}

function merge(lines: Line[], { kept, gone, length }: Pair): void {
  const start = lines[kept.behind - length] as Line;
  lines.splice(gone.behind - length, length);
  const at = lines.indexOf(start);
  const above = lines[at - 1];
  const target: Label = above !== undefined && isLabel(above) ? above : { op: LABEL };
  if (target !== above) lines.splice(at, 0, target);
  Object.assign(gone.jump, { op: Op.jump, num: 0, args: [], target });
}

function endsOf(lines: readonly Line[]): End[] {
  return lines.flatMap((line, behind): End[] => {
    if (!isLabel(line)) {
      const isEnd = line.op === Op.jump || line.op === Op.return || line.op === Op.throw;
      return isEnd ? [{ behind, jump: line }] : [];
    }
    const above = lines[behind - 1];
    const isReached = above !== undefined && !isLabel(above) && !layoutOf(above.op).isFinal;
    return isReached ? [{ behind, jump: null }] : [];
  });
}

/** Whether a way that ends like this goes where a jump leads. */
function leadsSame(lines: readonly Line[], { behind, jump }: End, other: Statement): boolean {
  if (jump !== null) return isSameStatement(jump, other);
  if (other.op !== Op.jump) return false;
  let at = behind;
  for (let line = lines[at]; line !== undefined && isLabel(line); line = lines[++at]) {
    if (line === other.target) return true;
  }
  return false;
}

/** How many statements are the same; no label stands between them. */
function commonLength(lines: readonly Line[], kept: End, gone: End): number {
  for (let length = 0; ; length++) {
    const a = lines[kept.behind - 1 - length];
    const b = lines[gone.behind - 1 - length];
    if (a === undefined || b === undefined || isLabel(a) || isLabel(b)) return length;
    // Two tails that overlap are no two.
    if (a === lines[gone.behind - 1] || b === lines[kept.behind - 1]) return length;
    // A debugger stops in the place of each.
    if (b.anchor === true || !isSameStatement(a, b) || !mayMove(a)) return length;
  }
}

function isSameStatement(a: Statement, b: Statement): boolean {
  return (
    a.op === b.op &&
    a.num === b.num &&
    a.target === b.target &&
    a.args.length === b.args.length &&
    a.args.every((arg, index) => isSame(arg, b.args[index] as Expr))
  );
}

/** Handlers know where they begin. */
function mayMove({ op }: Statement): boolean {
  return op !== Op.try && op !== Op.endTry && op !== Op.catch && op !== Op.finally;
}

/** A jump ahead takes two bytes, as far as most functions go, one back takes three. */
function jumpBytes(kept: End, gone: End): number {
  return kept.behind > gone.behind ? 2 : 3;
}
