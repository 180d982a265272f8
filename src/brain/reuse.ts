/** What of a context need not be read again for the next request, and what a model is not to write again. Pure. */
import type { Token } from "./runtime-api.js";

/** So many tokens in a row are no accident: a common phrase or the marks between two turns are shorter. */
const MOVED_TOKENS_MIN = 32;
/** So many tokens in a row may be as they were said before: names, "I don't know", the beginning of a sentence. */
const FREE_TOKENS = 4;
/** How fast the dislike grows with each more, in logits. The figures of DRY, the sampler that has it from text completion. */
const STRENGTH = 0.8;
const BASE = 1.75;
/** Less likely by e^-15 is never. */
const LOGITS_MAX = 15;

export interface Reuse {
  /** Left out of the middle, half-open; `start === end` when nothing is. */
  readonly gap: { readonly start: number; readonly end: number };
  /** End of what stays, in the numbering of `held`. */
  readonly end: number;
}

/**
 * A conversation that has become too long loses its oldest turns, in the middle: behind the character, before the rest. What
 * stands behind the gap is kept, too, and only moved. It was read when the old turns still stood before it; that is what
 * llama.cpp's context shift does, and it spares a thousand tokens at once.
 * @param held tokens of the context. @param prompt tokens that are to stand there.
 */
export function reusable(held: readonly Token[], prompt: readonly Token[]): Reuse {
  const same = runLength(held, 0, prompt, 0);
  const nothing = { gap: { start: same, end: same }, end: same };
  if (prompt.length - same < MOVED_TOKENS_MIN) return nothing;
  let best = { at: same, run: MOVED_TOKENS_MIN - 1 };
  // The longest one: people and small models say the same more than once.
  for (let at = same + 1; at + best.run < held.length; at++) {
    const run = runLength(held, at, prompt, same);
    if (run > best.run) best = { at, run };
  }
  return best.at === same
    ? nothing
    : { gap: { start: same, end: best.at }, end: best.at + best.run };
}

function runLength(a: readonly Token[], atA: number, b: readonly Token[], atB: number): number {
  let run = 0;
  while (atA + run < a.length && atB + run < b.length && a[atA + run] === b[atB + run]) run++;
  return run;
}

/**
 * Tokens that would go on with what was said before word for word, and how much less likely they are to be, in logits. A small
 * model that reads its own words says them again, and soon nothing else.
 * @param earlier replies. @param written the reply so far.
 */
export function repeatingTokens(
  earlier: readonly (readonly Token[])[],
  written: readonly Token[],
): Map<Token, number> {
  const disliked = new Map<Token, number>();
  for (const reply of earlier) {
    for (let at = FREE_TOKENS; at < reply.length; at++) {
      let run = 0;
      while (run < at && run < written.length && reply[at - 1 - run] === written.at(-1 - run))
        run++;
      if (run < FREE_TOKENS) continue;
      const token = reply[at] as Token;
      const logits = Math.min(LOGITS_MAX, STRENGTH * BASE ** (run - FREE_TOKENS));
      disliked.set(token, Math.max(logits, disliked.get(token) ?? 0));
    }
  }
  return disliked;
}
