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

/** A look that fails is a finding and must not hide all others. */
export function guarded(id: string, title: string, look: () => Line): Line;
export function guarded(id: string, title: string, look: () => Promise<Line>): Promise<Line>;
export function guarded(
  id: string,
  title: string,
  look: () => Line | Promise<Line>,
): Line | Promise<Line> {
  try {
    const found = look();
    return found instanceof Promise ? found.catch((error) => blind(id, title, error)) : found;
  } catch (error) {
    return blind(id, title, error);
  }
}

function blind(id: string, title: string, error: unknown): Line {
  const { message } = error as Error;
  const next = "see whose file it is and what this user may do there";
  return line(id, title, "mend", `It could not be looked at: ${message}.`, next);
}

const MARK = { ok: "ok  ", note: "note", mend: "MEND" } as const;

/** For a terminal: one row, a second one with the next step. */
export function lineText({ title, state, text, next }: Line): string {
  const row = `${MARK[state]}  ${title.padEnd(18)} ${text}`;
  return next === "" ? row : `${row}\n      ${" ".repeat(18)} next: ${next}`;
}
