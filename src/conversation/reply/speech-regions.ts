/**
 * How the filter of speech goes through a stream: character by character, and through regions that are no speech up to their
 * end. What opens them is decided by its heirs.
 */
import type { AsideKind } from "./asides.js";
import { CODE_CHARS_MAX, looksLikeCode } from "./speech-marks.js";
import { writtenCalls } from "./written-calls.js";

export interface FilterSink {
  /** For eye and ear. */
  words(text: string): void;
  /** For the eye; `kind` says what the ear is given instead, if anything. */
  aside(shown: string, kind: AsideKind | undefined, said?: string): void;
  wish(wish: string): void;
  /** Everything before was a thought. */
  recant(): void;
}

export interface FilterOptions {
  /** What the robot is called: its label before a line is no speech. */
  readonly self?: string | undefined;
  /** Whom it talks to: a line under this name is not the robot's to say. */
  readonly person?: string | undefined;
}

/** How much of `raw` is decided: `take` characters; undefined: more is needed. 0: it is text. */
export type Verdict = number | undefined;

export interface Region {
  /** What ends it. */
  readonly until: RegExp;
  /** Longest end, characters: as much is kept while looking for it. */
  readonly untilMax: number;
  readonly kind: "thought" | "call" | "code";
  readonly name: string;
}

export abstract class SpeechRegions {
  /** No more of the reply is wanted. */
  isEnded = false;
  protected raw = "";
  protected region: Region | undefined;
  protected inside = "";
  /** Last character that went out, to tell a boundary. */
  protected last = "\n";
  protected hasWords = false;
  protected carry = "";
  /** How many elements of the block's own name are open. */
  protected depth = 0;

  constructor(protected readonly sink: FilterSink) {}

  /** What `raw` begins with. */
  protected abstract decide(isEnd: boolean): Verdict;

  /** Whether what comes now is a thought that has not ended. */
  get isInThought(): boolean {
    return this.region?.kind === "thought";
  }

  /** Takes the next piece, cut anywhere. */
  feed(piece: string): void {
    const text = this.carry + piece;
    const isHalf = /[\ud800-\udbff]$/.test(text);
    this.carry = isHalf ? text.slice(-1) : "";
    for (const char of (isHalf ? text.slice(0, -1) : text).toWellFormed()) {
      if (this.isEnded) return;
      // Private-use characters are marks of the parser's own.
      if (/[\ue000-\uf8ff]/.test(char)) continue;
      this.raw += char;
      this.consume(false);
    }
  }

  /** The stream has ended. @param isWhole false when the service cut it: a call that is half is none. */
  end(): void {
    this.carry = "";
    if (this.isEnded) return;
    this.consume(true);
    const { region } = this;
    if (region === undefined) return;
    this.inside += this.raw;
    this.raw = "";
    this.close(region);
  }

  protected consume(isEnd: boolean): void {
    while (this.raw !== "" && !this.isEnded) {
      if (this.region !== undefined) {
        if (!this.inRegion(this.region)) return;
        continue;
      }
      const take = this.decide(isEnd);
      if (take === undefined) return;
      if (take === 0) this.literal();
      else this.raw = this.raw.slice(take);
    }
  }

  /** @returns false while its end has not come. */
  protected inRegion(region: Region): boolean {
    if (region.kind === "code" && region.name !== "```" && region.name !== "") {
      const opens = new RegExp(`<${region.name}[\\s>]$`, "i");
      if (opens.test(this.raw)) this.depth++;
    }
    const end = region.until.exec(this.raw);
    if (end === null) {
      const max = region.kind === "thought" ? region.untilMax : CODE_CHARS_MAX;
      const over = this.raw.length - max;
      if (region.kind === "thought") {
        if (over > 0) this.raw = this.raw.slice(over);
      } else if (over > 0) {
        this.inside += this.raw;
        this.raw = "";
        this.close(region);
      }
      return false;
    }
    if (this.depth > 0) {
      this.depth--;
      const upTo = end.index + end[0].length;
      this.inside += this.raw.slice(0, upTo);
      this.raw = this.raw.slice(upTo);
      return true;
    }
    this.inside += this.raw.slice(0, end.index);
    const isPart = region.kind === "code" && region.name !== "```";
    if (isPart) this.inside += end[0];
    this.raw = this.raw.slice(end.index + end[0].length);
    // What opens the next part of harmony belongs to that part.
    if (/^<\|(?:start|channel)\|>$|^assistant/i.test(end[0])) this.raw = end[0] + this.raw;
    this.close(region);
    return true;
  }

  protected close(region: Region): void {
    const { inside } = this;
    this.region = undefined;
    this.inside = "";
    this.depth = 0;
    if (region.kind === "thought") return;
    if (region.kind === "call") {
      for (const wish of writtenCalls(inside).wishes) this.sink.wish(wish);
      return;
    }
    this.code(region, inside);
  }

  protected code({ name }: Region, inside: string): void {
    if (name !== "```") {
      this.sink.aside(inside, /^<(?:table|TABLE)/.test(inside) ? "table" : "code");
      this.note("\n");
      return;
    }
    const info = /^[^\n]*/.exec(inside)?.[0] ?? "";
    const body = inside.slice(info.length + 1);
    const language = info.trim().toLowerCase();
    if (/^(?:json|tool_code|tool_call|tool|python|xml|js|javascript)?$/.test(language)) {
      const { isCall, wishes } = writtenCalls(body);
      if (isCall) {
        for (const wish of wishes) this.sink.wish(wish);
        return;
      }
    }
    // Small models put a whole answer into a fence.
    if (/^(?:|text|txt|markdown|md|plaintext)$/.test(language) && !looksLikeCode(body)) {
      this.raw = `${body}\n${this.raw}`;
      return;
    }
    this.sink.aside(`\`\`\`${inside}\`\`\``, "code");
    this.note("\n");
  }

  protected literal(): void {
    const char = String.fromCodePoint(this.raw.codePointAt(0) as number);
    this.raw = this.raw.slice(char.length);
    this.say(char);
  }

  protected say(text: string): void {
    this.sink.words(text);
    this.note(text);
  }

  protected note(text: string): void {
    if (text === "") return;
    this.last = String.fromCodePoint([...text].at(-1)?.codePointAt(0) ?? 10);
    if (/[\p{L}\p{N}]/u.test(text)) this.hasWords = true;
  }

  protected get isLineStart(): boolean {
    return this.last === "\n";
  }

  /** Where a mark can open: after a space, a line's start, an opening bracket or a sign of punctuation. */
  protected get isBoundary(): boolean {
    return (
      /[\s([{"“”'‘’«».,!?:;…—–\-。！？、「」*_]/.test(this.last) ||
      !/[\p{L}\p{N})\]]/u.test(this.last)
    );
  }

  protected open(kind: Region["kind"], until: RegExp, untilMax: number, name: string): void {
    this.region = { kind, until, untilMax, name };
    this.inside = "";
    this.depth = 0;
  }

  /** Opens a region with its own opening in it. */
  protected keep(before: string, length: number): number {
    this.inside = before + this.raw.slice(0, length);
    return length;
  }

  /** The words before were a thought: it has not begun to speak. */
  protected takeBack(): void {
    this.sink.recant();
    this.hasWords = false;
    this.last = "\n";
  }
}
