/**
 * Which words of the past a model is given. The window only grows at its end, so that each request begins as the one
 * before; when it is full, its older half leaves at once, and when nobody has talked for long, it begins anew. With the
 * window begins what was known of the person then, and with the conversation what was known when it began: a model at home
 * moves what it has read when the older half leaves, but only if what stands before it is still the same.
 */
import type { Memory, Said } from "./memory/memory.js";
import type { Known } from "./prompt.js";

const HISTORY_CHARS = 6000;
/** After such a silence a new conversation begins. */
const GAP_MS = 2 * 3600 * 1000;

export class HistoryWindow {
  private first: Said | undefined;
  private known: Known | undefined;
  private begun: Known | undefined;

  constructor(private readonly memory: Pick<Memory, "recent" | "since">) {}

  /**
   * @param nowKnown what is known of the person now.
   * @returns oldest first.
   */
  read(
    wallMs: number,
    nowKnown: Known,
  ): { readonly history: readonly Said[]; readonly known: Known; readonly begun: Known } {
    const before = this.first && this.memory.since(this.first);
    const isOver = wallMs - (before?.at(-1)?.wallMs ?? wallMs) > GAP_MS;
    const isFull = before !== undefined && charsOf(before) > HISTORY_CHARS;
    if (isOver || !isStill(this.begun, nowKnown)) this.begun = nowKnown;
    if (before !== undefined && this.known !== undefined && !isOver && !isFull) {
      // What was forgotten or put right is told no more.
      if (!isStill(this.known, nowKnown)) this.known = nowKnown;
      return { history: before, known: this.known, begun: this.begun ?? nowKnown };
    }
    if (this.begun?.name !== nowKnown.name) this.begun = nowKnown;
    const sinceMs = wallMs - GAP_MS;
    const history = this.memory.recent(HISTORY_CHARS / 2, isOver ? wallMs : sinceMs);
    [this.first] = history;
    // Until something was said there is no window to keep.
    this.known = nowKnown;
    return { history, known: nowKnown, begun: this.begun ?? nowKnown };
  }
}

/** Whether all of it is still known, of the same person. */
function isStill(before: Known | undefined, now: Known): boolean {
  if (before === undefined) return false;
  // Who talks now is told with the newest words; what was known of the other one is theirs.
  return before.name !== now.name || before.facts.every((fact) => now.facts.includes(fact));
}

function charsOf(said: readonly Said[]): number {
  return said.reduce((sum, { text }) => sum + text.length, 0);
}
