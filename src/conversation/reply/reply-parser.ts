/**
 * From a reply as it streams in to sentences, each with the gestures that go with it. What of the stream is speech is decided
 * by `speech-filter.ts`; here it is cut into sentences, of which each has a form for the eye and one for the ear.
 * The same sentences come out however the stream is cut.
 */
import { asideWords, type AsideKind } from "./asides.js";
import { isRepeating, TAIL_CHARS } from "./repetition.js";
import { SpeechFilter } from "./speech-filter.js";
import type { FilterOptions } from "./speech-regions.js";
import { emojiWish } from "./stage-directions.js";
import { cutText } from "../../host/cut-text.js";

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

/** A sentence that does not end is cut at the last space before this. */
const SENTENCE_CHARS_MAX = 240;
/** A whole reply; a minute and a half of speech. */
const REPLY_CHARS_MAX = 1200;
/** Shorter sentences are joined with the next, so that "No. 5" and "Hm." do not stumble. */
const SENTENCE_CHARS_MIN = 4;
const WISHES_MAX = 20;
/** Titles and the like, whose dot does not end a sentence; nor does that of "am 3. Oktober". */
const ABBREVIATION =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|etc|approx|inc|jr|sr|sra|mme|mlle|bzw|ca|nr|usw|vgl|e\.g|i\.e|z\.b|[a-z]|\d{1,2})\.$/i;
/**
 * How a thought begins whose opening mark the template has kept to itself. What begins like this waits for the end of the
 * thought, or of the reply.
 */
const THOUGHTFUL =
  /^\s*(?:(?:okay|ok|alright|hmm+|so|let me|let's|first|now|wait)\b[^]{0,90}\b(?:the )?(?:user|human|person|they|he|she)\b|(?:the )?(?:user|human)\b|(?:we|i) (?:should|need to|have to|must)\b|let me (?:think|see|break|analy)|(?:der|die) (?:nutzer|benutzer|person)\b)/i;
/** By then a thought has shown itself. */
const OPENING_CHARS = 120;

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
    if (THOUGHTFUL.test(this.opening)) this.isHeld = true;
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

/** By the end of the first sentence a thought has shown itself, unless that was "Hmm." only. */
function isOpeningOver(opening: string): boolean {
  return opening.length > OPENING_CHARS || /^[^]{12,}[.!?]\s/.test(opening);
}

/** Whether more words could make it a thought's beginning. */
function mayBeThought(opening: string): boolean {
  const text = opening.trimStart().toLowerCase();
  if (text === "") return true;
  return THOUGHT_STARTS.some(
    (start) =>
      start.startsWith(text) ||
      text.startsWith(`${start} `) ||
      text.startsWith(`${start},`) ||
      text === start,
  );
}

const THOUGHT_STARTS = [
  "okay",
  "ok",
  "alright",
  "hmm",
  "hm",
  "so",
  "let me",
  "let's",
  "first",
  "now",
  "wait",
  "the user",
  "the human",
  "user",
  "human",
  "we should",
  "we need to",
  "we have to",
  "we must",
  "i should",
  "i need to",
  "i have to",
  "i must",
  "der nutzer",
  "der benutzer",
  "die person",
];

function seen(part: string, asides: readonly Aside[]): string {
  let index = 0;
  return part
    .replaceAll(MARK, "")
    .replace(/\ue001/g, () => (asides[index++] as Aside).shown)
    .replace(/^\s{0,3}(?:#{1,6}|[-*+])\s+/gm, "")
    .replace(/[^\S\n]+/g, " ")
    .trim();
}

/**
 * Index after the first complete sentence, or −1. The sign of its end must have been followed by something: "3." may become
 * 3.5, and "www." an address.
 */
function sentenceEnd(text: string, isEnd: boolean): number {
  const pattern = /[.!?…]+["'”’)\]]*(?=\s)|[。！？؟۔।]|\n/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const end = match.index + match[0].length;
    const sentence = text.slice(0, end);
    if (/[\n。！？؟۔।]/.test(match[0])) return end;
    if (sentence.trim().length < SENTENCE_CHARS_MIN || ABBREVIATION.test(sentence)) continue;
    return end;
  }
  if (isEnd || text.length <= SENTENCE_CHARS_MAX) return -1;
  const comma = text.lastIndexOf(", ", SENTENCE_CHARS_MAX);
  const space = text.lastIndexOf(" ", SENTENCE_CHARS_MAX);
  if (comma > SENTENCE_CHARS_MAX / 2) return comma + 1;
  return space > 0 ? space : cutText(text, SENTENCE_CHARS_MAX).length;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

/** Words as they are said: no markup, no emoji, no control characters; "" when no word is left. */
function speakable(text: string): string {
  const words = text
    .replace(/(\d)\s*\*\s*(?=\d)/g, "$1 × ")
    .replace(/^\s{0,3}(?:#{1,6}|[-*+]|\d{1,2}\.)\s+/gm, "")
    .replace(/(?<![\p{L}\p{N}])[*_`~|\\]+|[*_`~|\\]+(?![\p{L}\p{N}])/gu, "")
    .replace(
      /\p{Extended_Pictographic}(?:\ufe0f|\u200d\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}])*|[\u{1f1e6}-\u{1f1ff}]{2}|\ufe0f/gu,
      " ",
    )
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^["”’)\]]\s+/, "")
    .replace(/\s+([.,!?;:])/g, "$1")
    .trim();
  return /[\p{L}\p{N}]/u.test(words) ? words : "";
}
