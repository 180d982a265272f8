/** Where labels lead, for rules that look at a few lines at a time. */
import { isLabel, LABEL, type Label, type Line, type Statement } from "../code.js";

/** Looks up where labels lead; made anew after every change. */
export class Places {
  readonly #at = new Map<Label, number>();
  readonly #uses = new Map<Label, number>();

  constructor(readonly lines: Line[]) {
    lines.forEach((line, index) => {
      if (isLabel(line)) this.#at.set(line, index);
      else if (line.target) this.#uses.set(line.target, (this.#uses.get(line.target) ?? 0) + 1);
    });
  }

  /** The first statement at or behind a label, with its line. */
  leadsTo(label: Label): { statement: Statement; index: number } | null {
    const at = this.#at.get(label);
    return at === undefined ? null : this.first(at);
  }

  first(from: number): { statement: Statement; index: number } | null {
    for (let index = from; index < this.lines.length; index++) {
      const line = this.lines[index] as Line;
      if (!isLabel(line)) return { statement: line, index };
    }
    return null;
  }

  uses(label: Label): number {
    return this.#uses.get(label) ?? 0;
  }

  /** True when going on behind line `index` without a jump passes the label. */
  passes(index: number, label: Label): boolean {
    for (let at = index + 1; at < this.lines.length; at++) {
      const line = this.lines[at] as Line;
      if (!isLabel(line)) return false;
      if (line === label) return true;
    }
    return false;
  }
}

/** Changes the lines at this statement if it applies; true when it did. `always`: locals that closures share. */
export type Rule = (places: Places, line: Statement, index: number, always: bigint) => boolean;

/** A label behind this line. */
export function labelBehind(lines: Line[], index: number): Label {
  const next = lines[index + 1];
  if (next !== undefined && isLabel(next)) return next;
  const label: Label = { op: LABEL };
  lines.splice(index + 1, 0, label);
  return label;
}
