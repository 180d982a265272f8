/**
 * Turns `if c goto A`, which the VM has only as `if not not c goto A`, into `if not c goto B`: what stands at A comes
 * next, and what came next stands behind it, at B. Saves the second `not`. A must be reached by jumps only and lead
 * elsewhere at its end.
 */
import { isLabel, LABEL, sizeOfPiece, type Label, type Line } from "../code.js";
import type { Image } from "../image.js";
import { layoutOf, Op } from "../opcodes.js";

/** What may be put between a condition and what came next: a jump over more of it would take more bytes. */
const MOVED_BYTES_MAX = 200;

/** Changes the image in place. */
export function turnConditions(image: Image): void {
  for (const { lines } of image.functions) while (turnOne(lines));
}

function turnOne(lines: Line[]): boolean {
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (isLabel(line) || line.op !== Op.jumpIfFalse || line.args[0]?.op !== Op.not) continue;
    const piece = pieceAt(lines, index, line.target as Label);
    if (piece === null) continue;
    const behind: Label = { op: LABEL };
    line.args = line.args[0].args;
    line.target = behind;
    lines.splice(piece.start, piece.length);
    const at = lines.indexOf(line);
    lines.splice(at + 1, 0, ...piece.lines, behind);
    return true;
  }
  return false;
}

/** From a label up to where control leaves for good; null when it is also reached from above, or too long. */
function pieceAt(
  lines: readonly Line[],
  condition: number,
  label: Label,
): { start: number; length: number; lines: Line[] } | null {
  let start = lines.indexOf(label);
  for (let line = lines[start - 1]; line !== undefined && isLabel(line); line = lines[start - 1]) {
    start--;
  }
  const above = lines[start - 1];
  if (above === undefined || isLabel(above) || !layoutOf(above.op).isFinal) return null;
  let end = start;
  for (; end < lines.length; end++) {
    const line = lines[end] as Line;
    if (!isLabel(line) && layoutOf(line.op).isFinal) break;
  }
  // A loop around the condition would be moved into itself.
  if (end >= lines.length || (start <= condition && condition <= end)) return null;
  const piece = lines.slice(start, end + 1);
  const between = lines.slice(condition + 1, start).concat(lines.slice(end + 1));
  // Jumps back are longer than jumps ahead.
  if (between.some((line) => !isLabel(line) && line.target && piece.includes(line.target)))
    return null;
  return sizeOfPiece(piece) > MOVED_BYTES_MAX
    ? null
    : { start, length: piece.length, lines: piece };
}
