/**
 * From a reply as it streams in to sentences, each with the gestures that go with it. What of the stream is speech is decided
 * by `speech-filter.ts`; here it is cut into sentences, of which each has a form for the eye and one for the ear.
 * The same sentences come out however the stream is cut.
 */
import { asideWords, type AsideKind } from "./asides.js";
import { isRepeating, TAIL_CHARS } from "./repetition.js";
import { SpeechFilter } from "./speech-filter.js";
import type { FilterOptions } from "./speech-regions.js";
import { SENTENCE_CHARS_MAX, sentenceEnd, speakable } from "./sentences.js";
import { emojiWish } from "./stage-directions.js";
import { isOpeningOver, isThoughtful, mayBeThought } from "./thought-opening.js";

export interface ParsedSentence {
  /** For the eye, and what is remembered; may be "" for gestures without words. */
  readonly text: string;
  /** For the ear: no markup, code, addresses or emoji; "" for what has no words. */
  readonly speech: string;
  /** Wishes as written; not authorised yet. */
  readonly wishes: readonly string[];
}

export interface ParserOptions extends FilterOptions {
  /** BCP 47, the character's language. */
  readonly language?: string;
  /** This model's thoughts have no beginning, only an end: nothing is speech before it. */
  readonly opensInThought?: boolean;
}

/** A whole reply; a minute and a half of speech. */
const REPLY_CHARS_MAX = 1200;
const WISHES_MAX = 20;

/** What a sentence can be over with; the sign of a Western one must have been followed by something. */
const ENDS = /[\s。！？؟۔।]/;
/** The tail is looked at each time that so many characters have come. */
const JUDGE_CHARS = 16;

/** Stand in the text where a tag or something for the eye only stood, so that it stays with its sentence. */
const MARK = "\ue000";
const ASIDE = "\ue001";

/** Why the parser takes no more. */
export type ReplyLimit = "repeats" | "long" | "ended";

interface Aside {
  readonly shown: string;
  readonly kind: AsideKind | undefined;
  readonly said: string | undefined;
}

export class ReplyParser {
  /** Set when the reply is stuck, too long or over: the rest is not wanted. */
  limit: ReplyLimit | undefined;
  /** How often all before was found to be a thought: what was handed out before is void. */
  recants = 0;
  private text = "";
  private shown = "";
  private tail = "";
  private chars = 0;
  private wishes: string[] = [];
  private asides: Aside[] = [];
  private ready: ParsedSentence[] = [];
  private opening = "";
  private isHeld: boolean | undefined;
  private hasWords = false;
  private readonly filter: SpeechFilter;

  constructor(private readonly options: ParserOptions = {}) {
    if (options.opensInThought === true) this.isHeld = true;
    this.filter = new SpeechFilter(
      {
        words: (text) => this.take(text),
        aside: (shown, kind, said) => this.setAside({ shown, kind, said }),
        wish: (wish) => this.wish(wish),
        recant: () => this.recant(),
      },
      options,
    );
  }

  /** Takes the next piece. @returns the sentences that are complete now. */
  feed(piece: string): ParsedSentence[] {
    // In small steps, so that a piece of any size is judged as it would be in a stream.
    for (const char of piece) {
      if (this.limit !== undefined) break;
      this.filter.feed(char);
      this.judge(char);
    }
    return this.released();
  }

  /** A wish that came by a tool call. */
  wish(wish: string): void {
    this.wishes.push(wish);
    this.text += MARK;
    if (this.wishes.length > WISHES_MAX) this.limit = "repeats";
  }

  /** The stream has ended. @returns what is left. */
  end(): ParsedSentence[] {
    if (this.limit === undefined) this.filter.end();
    this.collect(true);
    if (this.text !== "") this.hand(this.text);
    this.text = "";
    this.isHeld = false;
    return this.released();
  }

  /** Words since the last call, as they come, for showing; sentences are what counts. */
  takeShown(): string {
    if (this.isHeld !== false) return "";
    const { shown } = this;
    this.shown = "";
    return shown;
  }

  private released(): ParsedSentence[] {
    return this.isHeld === false ? this.ready.splice(0) : [];
  }

  private take(text: string): void {
    this.shown += text;
    for (const char of text) {
      this.text += char;
      if (ENDS.test(char) || this.text.length > SENTENCE_CHARS_MAX) this.collect(false);
    }
    if (this.isHeld === undefined) this.weigh(text);
  }

  /** Whether the reply begins like a thought. */
  private weigh(text: string): void {
    this.opening += text;
    if (isThoughtful(this.opening)) this.isHeld = true;
    else if (isOpeningOver(this.opening) || !mayBeThought(this.opening)) this.isHeld = false;
  }

  private setAside(aside: Aside): void {
    this.shown += aside.shown;
    this.asides.push(aside);
    this.text += ASIDE;
    this.chars += aside.kind === undefined ? 0 : aside.shown.length / 4;
    const isBlock = aside.kind !== undefined && aside.kind !== "link" && aside.said === undefined;
    if (isBlock) {
      this.text = this.text.replace(/([^\n])(?=\ue001$)/, "$1\n");
      this.text += "\n";
      this.collect(false);
    }
  }

  private recant(): void {
    this.text = "";
    this.shown = "";
    this.wishes = [];
    this.asides = [];
    this.ready = [];
    this.isHeld = false;
    this.hasWords = false;
    this.chars = 0;
    this.recants++;
  }

  private collect(isEnd: boolean): void {
    for (;;) {
      const end = sentenceEnd(this.text, isEnd);
      if (end <= 0) return;
      const part = this.text.slice(0, end);
      this.text = this.text.slice(end);
      this.hand(part);
    }
  }

  private hand(part: string): void {
    const asides = this.asides.slice(0, count(part, ASIDE));
    const text = seen(part, asides);
    const speech = this.spoken(part, asides);
    const isSilent = speech === "" && text === "";
    if (isSilent && !part.includes(MARK)) return;
    if (
      speech === "" &&
      !/[\p{L}\p{N}]/u.test(text) &&
      !/\p{Extended_Pictographic}/u.test(text) &&
      !part.includes(MARK)
    ) {
      // What is left of "…" or "?!" has no words.
      return;
    }
    this.asides.splice(0, asides.length);
    const wishes = this.wishes.splice(0, count(part, MARK));
    const emoji =
      speech === "" && !this.hasWords && wishes.length === 0 ? emojiWish(text) : undefined;
    if (emoji !== undefined) wishes.push(emoji);
    if (speech !== "") this.hasWords = true;
    this.chars += speech.length;
    this.ready.push({ text, speech, wishes });
    if (this.chars > REPLY_CHARS_MAX) this.limit ??= "long";
  }

  private judge(piece: string): void {
    this.tail += piece;
    if (this.limit !== undefined) return;
    if (this.filter.isEnded) this.limit = "ended";
    if (this.tail.length % JUDGE_CHARS !== 0) return;
    this.tail = this.tail.slice(-TAIL_CHARS);
    if (this.limit === undefined && isRepeating(this.tail) && !this.filter.isInThought)
      this.limit = "repeats";
  }

  /** What of a sentence is for the ear; "" when no word is left. */
  private spoken(part: string, asides: readonly Aside[]): string {
    const { language = "en" } = this.options;
    let index = 0;
    const around = part.replace(/[\ue000\ue001]/g, " ");
    const words = part.replaceAll(MARK, "").replace(/\ue001/g, () => {
      const { kind, said } = asides[index++] as Aside;
      if (kind === undefined) return " ";
      return said === ""
        ? ` ${asideWords("link", around, language)
            .replace(/link|Link|lien|enlace|リンク/, "code")
            .replace("der code", "der Code")} `
        : ` ${asideWords(kind, around, language)} `;
    });
    return speakable(words);
  }
}

function seen(part: string, asides: readonly Aside[]): string {
  let index = 0;
  return part
    .replaceAll(MARK, "")
    .replace(/\ue001/g, () => (asides[index++] as Aside).shown)
    .replace(/^\s{0,3}(?:#{1,6}|[-*+])\s+/gm, "")
    .replace(/[^\S\n]+/g, " ")
    .trim();
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
