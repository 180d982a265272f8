/**
 * How long a reply may be, and when it has begun to go round in circles. A small model reads its own babble back in the next
 * turn and babbles on, so what goes beyond this is neither said nor remembered. Pure.
 */

/** Unless more was asked for. */
const SENTENCES_MAX = 4;
/** Shorter sentences may come again: "Yes.", "Look at that!" */
const SAME_WORDS_MIN = 4;
/** "No. No." is stress; a third time is a circle. */
const SAME_SHORT_MAX = 2;
/** In scripts without spaces, characters stand for words. */
const SAME_CHARS_MIN = 16;

/** What takes more than four sentences to answer. */
const LONG =
  /\b(?:story|stories|tale|poem|song|list|explain|explanation|describe|recipe|steps?|in detail|details|how (?:does|do|did|is|are) .{0,40}\b(?:work|works|made|happen)|why (?:is|are|do|does|did)|tell me (?:about|more|everything)|teach me|go on|continue|read me|summar|compare|difference|instructions?|history of|geschichte|märchen|gedicht|lied|liste|erklär\w*|beschreib\w*|rezept|erzähl\w*|warum|wie funktioniert|mehr über|weiter|historia|cuento|poema|canción|lista|explica\w*|describe|receta|cuéntame|cuenta|por qué|cómo funciona|sigue|continúa|histoire|conte|poème|chanson|liste|explique\w*|décris|recette|raconte\w*|pourquoi|comment (?:ça )?(?:marche|fonctionne)|continue[rz]?)\b|物語|話して|説明|教えて|詳しく|リスト|一覧|詩|歌って|なぜ|どうして|続けて|昔話/iu;

/** Whether somebody asked for a story, a list or an explanation. */
export function wantsLong(said: string): boolean {
  return LONG.test(said);
}

export class ReplyBounds {
  private readonly before: ReadonlySet<string>;
  /** How often each was said. */
  private readonly said = new Map<string, number>();
  private count = 0;

  /**
   * @param isLong more than a few sentences were asked for.
   * @param last sentences of the reply before this one.
   */
  constructor(
    private readonly isLong: boolean,
    last: readonly string[],
  ) {
    this.before = new Set(last.map(plain));
  }

  /** @returns whether the sentence is said; false ends the reply. */
  admit(sentence: string): boolean {
    if (sentence === "") return true;
    if (!this.isLong && this.count >= SENTENCES_MAX) return false;
    const words = plain(sentence);
    const isLongEnough =
      words.split(" ").length >= SAME_WORDS_MIN || words.length >= SAME_CHARS_MIN;
    // Asked the same again it may say the same again, but not go on with it.
    const isAgain = this.said.has(words) || (this.count > 0 && this.before.has(words));
    if (isLongEnough && isAgain) return false;
    const times = this.said.get(words) ?? 0;
    if (words !== "" && times >= SAME_SHORT_MAX) return false;
    this.said.set(words, times + 1);
    this.count++;
    return true;
  }
}

/** Splits what was said as a whole. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?…])\s+|(?<=[。！？])|\n+/)
    .filter((sentence) => sentence.trim() !== "");
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
