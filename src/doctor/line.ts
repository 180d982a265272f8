/** One line of what the doctor says. */

export interface Line {
  readonly id: string;
  readonly title: string;
  /**
   * ok; note: worth knowing, nothing has to be done; mend: does not work, or will soon not (exit code 1).
   */
  readonly state: "ok" | "note" | "mend";
  /** How it is, a sentence. Never holds a secret. */
  readonly text: string;
  /** The command or the step that mends it; "" when nothing is to be done. */
  readonly next: string;
}

export function line(
  id: string,
  title: string,
  state: Line["state"],
  text: string,
  next = "",
): Line {
  return { id, title, state, text, next };
}

const MARK = { ok: "ok  ", note: "note", mend: "MEND" } as const;

/** For a terminal: one row, a second one with the next step. */
export function lineText({ title, state, text, next }: Line): string {
  const row = `${MARK[state]}  ${title.padEnd(18)} ${text}`;
  return next === "" ? row : `${row}\n      ${" ".repeat(18)} next: ${next}`;
}
