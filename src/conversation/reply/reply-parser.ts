/**
 * From a reply as it streams in to sentences that can be spoken, each with the gestures that go with it.
 *
 * A tag is `[nod:2]`; it may be cut anywhere by the stream. What stands in square brackets is never spoken, known or
 * not. `<think>…</think>` of reasoning models and the like, the fences of code, markdown and links are not spoken either.
 * Everything held back is bounded: an opening that does not close in time was text.
 */
import { isRepeating, TAIL_CHARS } from "./repetition.js";

export interface ParsedSentence {
  /** May be "" for gestures without words. */
  readonly text: string;
  /** Wishes as written; not authorised yet. */
  readonly wishes: readonly string[];
}

/** Longest tag that is waited for. */
const TAG_CHARS_MAX = 60;
/** A sentence that does not end is cut at the last space before this. */
const SENTENCE_CHARS_MAX = 240;
/** A whole reply; a minute and a half of speech. */
const REPLY_CHARS_MAX = 1200;
/** Shorter sentences are joined with the next, so that "No. 5" and "Hm." do not stumble. */
const SENTENCE_CHARS_MIN = 4;
/**
 * What models write for nobody's ear when their server does not take it out: thoughts, and tool calls as text. Some servers
 * give only the closing half of a thought.
 */
const HIDDEN = ["think", "thinking", "thought", "reasoning", "tool_call"] as const;
const HIDDEN_TAG = new RegExp(`^<(/?)(${HIDDEN.join("|")})>`);
/** Titles and the like, whose dot does not end a sentence; nor does that of "am 3. Oktober". */
const ABBREVIATION =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|etc|approx|inc|jr|sr|sra|mme|mlle|bzw|ca|nr|usw|vgl|e\.g|i\.e|z\.b|[a-z]|\d{1,2})\.$/i;

/** Stands in the text where a tag stood, so that each tag stays with its sentence. A private-use character. */
const MARK = "\ue000";

/** Why the parser takes no more. */
export type ReplyLimit = "repeats" | "long";

export class ReplyParser {
  /** Set when the reply is stuck or too long: the rest is not wanted. */
  limit: ReplyLimit | undefined;
  private raw = "";
  private text = "";
  private shown = "";
  private tail = "";
  private chars = 0;
  private wishes: string[] = [];
  /** What ends the hidden part that is being read; "" outside of one. */
  private hiddenUntil = "";

  /** Takes the next piece. @returns the sentences that are complete now. */
  feed(piece: string): ParsedSentence[] {
    if (this.limit !== undefined) return [];
    const ready: ParsedSentence[] = [];
    // In small steps, so that a piece of any size is judged as it would be in a stream.
    for (let at = 0; at < piece.length && this.limit === undefined; at += TAIL_CHARS) {
      const part = piece.slice(at, at + TAIL_CHARS);
      this.raw += part.replaceAll(MARK, "");
      this.consume(false);
      this.collect(ready);
      this.judge(part);
    }
    return ready;
  }

  /** A wish that came by a tool call. */
  wish(wish: string): void {
    this.wishes.push(wish);
    this.text += MARK;
  }

  /** The stream has ended well. @returns what is left. */
  end(): ParsedSentence[] {
    const ready: ParsedSentence[] = [];
    if (this.limit === undefined) this.consume(true);
    this.collect(ready);
    const rest = spoken(this.text);
    if (rest !== "" || this.text.includes(MARK)) ready.push(this.take(this.text, rest));
    this.text = "";
    return ready;
  }

  /** Moves what is certain from `raw` to `text`; keeps what may be the beginning of something. */
  private consume(isEnd: boolean): void {
    for (;;) {
      const { hiddenUntil } = this;
      if (hiddenUntil !== "") {
        const close = this.raw.indexOf(hiddenUntil);
        if (close < 0) {
          this.raw = this.raw.slice(-(hiddenUntil.length - 1));
          return;
        }
        this.raw = this.raw.slice(close + hiddenUntil.length);
        this.hiddenUntil = "";
        continue;
      }
      const at = this.raw.search(/[[<]/);
      if (at < 0) {
        this.say(this.raw);
        this.raw = "";
        return;
      }
      this.say(this.raw.slice(0, at));
      this.raw = this.raw.slice(at);
      if (!this.special(isEnd)) return;
    }
  }

  /** `raw` begins with an opening. @returns false while more is needed to know what it is. */
  private special(isEnd: boolean): boolean {
    const tag = HIDDEN_TAG.exec(this.raw);
    if (tag !== null) {
      this.raw = this.raw.slice(tag[0].length);
      if (tag[1] === "") this.hiddenUntil = `</${tag[2]}>`;
      return true;
    }
    if (this.raw.startsWith("<")) {
      if (!isEnd && mayBeHidden(this.raw)) return false;
      return this.literal();
    }
    const close = this.raw.indexOf("]");
    if (close >= 0 && close <= TAG_CHARS_MAX) {
      // `[text](link)` is markdown: the text is spoken.
      if (!isEnd && close + 1 === this.raw.length) return false;
      const wish = this.raw.slice(1, close);
      this.raw = this.raw.slice(close + 1);
      if (this.raw.startsWith("(")) this.say(wish);
      else this.wish(wish);
      return true;
    }
    if (!isEnd && close < 0 && this.raw.length <= TAG_CHARS_MAX) return false;
    if (isEnd && close < 0) {
      // A tag that was cut off by the end of the reply.
      this.raw = "";
      return true;
    }
    return this.literal();
  }

  private literal(): boolean {
    this.say(this.raw.slice(0, 1));
    this.raw = this.raw.slice(1);
    return true;
  }

  private say(text: string): void {
    this.text += text;
    this.shown += text;
  }

  /** Words since the last call, as they come, for showing; sentences are what counts. */
  takeShown(): string {
    const { shown } = this;
    this.shown = "";
    return shown;
  }

  private collect(ready: ParsedSentence[]): void {
    for (;;) {
      const end = sentenceEnd(this.text);
      if (end < 0) return;
      const part = this.text.slice(0, end);
      this.text = this.text.slice(end);
      const sentence = spoken(part);
      if (sentence !== "") ready.push(this.take(part, sentence));
      // What is left of "…" or "?!" has no words; its tags go with the next sentence.
      else this.text = MARK.repeat(marksIn(part)) + this.text;
    }
  }

  private take(part: string, text: string): ParsedSentence {
    this.chars += text.length;
    return { text, wishes: this.wishes.splice(0, marksIn(part)) };
  }

  private judge(part: string): void {
    this.tail = (this.tail + part).slice(-TAIL_CHARS);
    if (isRepeating(this.tail)) this.limit = "repeats";
    else if (this.chars > REPLY_CHARS_MAX) this.limit = "long";
    // Tags without end are no reply either.
    else if (this.wishes.length > 20) this.limit = "repeats";
  }
}

/** Whether more of the stream could make it a tag of `HIDDEN`. */
function mayBeHidden(raw: string): boolean {
  return HIDDEN.some((name) => `<${name}>`.startsWith(raw) || `</${name}>`.startsWith(raw));
}

/** Index after the first complete sentence, or −1. */
function sentenceEnd(text: string): number {
  const pattern = /[.!?…]+["'”’)\]]*(?=\s|$)|[。！？؟۔।]|\n/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const end = match.index + match[0].length;
    const sentence = text.slice(0, end);
    if (/[\n。！？؟۔।]/.test(match[0])) return end;
    if (sentence.trim().length < SENTENCE_CHARS_MIN || ABBREVIATION.test(sentence)) continue;
    if (end < text.length || isCertain(sentence)) return end;
  }
  if (text.length <= SENTENCE_CHARS_MAX) return -1;
  const comma = text.lastIndexOf(", ", SENTENCE_CHARS_MAX);
  const space = text.lastIndexOf(" ", SENTENCE_CHARS_MAX);
  if (comma > SENTENCE_CHARS_MAX / 2) return comma + 1;
  return space > 0 ? space : SENTENCE_CHARS_MAX;
}

/**
 * Whether a sentence is over although what follows is not known yet: waiting for the next token would cost the
 * first sound its time. "3." may become 3.5, and "www." an address; a word's full stop rarely becomes anything else.
 */
function isCertain(sentence: string): boolean {
  return sentence.length >= 12 && /(?:\s\p{L}{3,}\.|[!?])["'”’)]*$/u.test(sentence);
}

function marksIn(text: string): number {
  return text.split(MARK).length - 1;
}

/** What of a sentence is for the ear: no markup, no links, no control characters; "" when no word is left. */
function spoken(text: string): string {
  const words = text
    .replaceAll(MARK, "")
    .replace(/```\w*/g, " ")
    .replace(/\]?\(https?:\/\/[^\s)]*\)/g, " ")
    .replace(/https?:\/\/\S+/g, " ")
    .replace(/^\s{0,3}(?:#{1,6}|[-*+]|\d{1,2}\.)\s+/gm, "")
    .replace(/[*_`~|\\]+/g, "")
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return /[\p{L}\p{N}]/u.test(words) ? words : "";
}
