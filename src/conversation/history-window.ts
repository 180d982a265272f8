/**
 * Which words of the past a model is given. The window only grows at its end, so that each request begins as the one
 * before; when it is full, its older half leaves at once, and when nobody has talked for long, it begins anew. With the
 * window begins what was known of the person then.
 */
import type { Memory, Said } from "./memory/memory.js";
import type { Known } from "./prompt.js";

const HISTORY_CHARS = 6000;
/** After such a silence a new conversation begins. */
const GAP_MS = 2 * 3600 * 1000;

export class HistoryWindow {
  private first: Said | undefined;
  private known: Known | undefined;

  constructor(private readonly memory: Pick<Memory, "recent" | "since">) {}

  /**
   * @param nowKnown what is known of the person now.
   * @returns oldest first.
   */
  read(
    wallMs: number,
    nowKnown: Known,
  ): { readonly history: readonly Said[]; readonly known: Known } {
    const before = this.first && this.memory.since(this.first);
    const isOver = wallMs - (before?.at(-1)?.wallMs ?? wallMs) > GAP_MS;
    const isFull = before !== undefined && charsOf(before) > HISTORY_CHARS;
    if (before !== undefined && this.known !== undefined && !isOver && !isFull) {
      return { history: before, known: this.known };
    }
    const sinceMs = wallMs - GAP_MS;
    const history = this.memory.recent(HISTORY_CHARS / 2, isOver ? wallMs : sinceMs);
    [this.first] = history;
    // Until something was said there is no window to keep.
    this.known = nowKnown;
    return { history, known: nowKnown };
  }
}

function charsOf(said: readonly Said[]): number {
  return said.reduce((sum, { text }) => sum + text.length, 0);
}
