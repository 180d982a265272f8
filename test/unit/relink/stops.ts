/** What the passes' tests for a debugger say of lines: what it stops at, what it shows. */
import { isLabel, type Line, type Statement } from "../../../scripts/relink/code.js";
import type { FnDebug } from "../../../scripts/relink/image.js";
import { Op } from "../../../scripts/relink/opcodes.js";

/** A statement that is the first of a line of the sources. */
export function anchor(line: Statement, source: number): Statement {
  return { ...line, source, anchor: true };
}

export function shows(names: string[], kept: bigint, isWhole = false): FnDebug {
  return {
    functionName: "inner",
    names: names.map((name) => ({ name, type: "loc" })),
    kept,
    isWhole,
  };
}

export function statements(lines: readonly Line[]): Statement[] {
  return lines.filter((line): line is Statement => !isLabel(line));
}

/** Operations by name, and where in the source each comes from; `!` marks what a debugger stops at. */
export function said(lines: readonly Line[]): string[] {
  const nameOf = (op: number): string =>
    Object.entries(Op).find(([, value]) => value === op)?.[0] ?? String(op);
  return statements(lines).map(
    ({ op, source, anchor: isAnchor }) => `${nameOf(op)} ${source}${isAnchor ? "!" : ""}`,
  );
}
