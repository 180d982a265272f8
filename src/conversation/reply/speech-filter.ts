/**
 * The one place that decides what of a model's stream is speech. Text goes in as it comes; out come words, wishes of the
 * body, what can only be shown, and two verdicts: that all before was a thought, and that no more is wanted.
 *
 * It looks at one character after the other and decides by what came, never by how it was cut into pieces: the same for
 * every split of the stream. Everything held back is bounded; an opening that does not close in time was text.
 *
 * | what comes                                                          | becomes                                    |
 * | ------------------------------------------------------------------- | ------------------------------------------ |
 * | thoughts: `<think>`, `[THINK]`, `◁think▷`, harmony's analysis        | nothing                                    |
 * | a closing half alone, where the template has opened the thought     | `recant`: what came before was the thought |
 * | tool calls as text, fenced, bare, or in a family's own marks        | wishes                                     |
 * | `[nod:2]`, `*nods*`, `(smiles)`                                     | a wish, or nothing                         |
 * | code, HTML, tables, addresses                                       | shown; said in a few words                 |
 * | the model's own marks (`<|im_end|>`, `</s>`)                        | nothing; after words they end the reply    |
 * | "User: …": it speaks for the person                                 | the end of the reply                       |
 */
import { parseAction } from "./actions.js";
import type { AsideKind } from "./asides.js";
import { directionOf } from "./stage-directions.js";
import { jsonCalls, jsonLength, TOOL_NAME, writtenCalls } from "./written-calls.js";

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

/** Longest tag that is waited for. */
const TAG_CHARS_MAX = 60;
/** Longest call that is waited for. */
const CALL_CHARS_MAX = 2000;
/** Longest code that is shown. */
const CODE_CHARS_MAX = 6000;
const STRESS_CHARS_MAX = 120;

const THOUGHT =
  "think|thinking|thought|thoughts|reasoning|reflection|scratchpad|seed:think|antthinking";
const CALL =
  "tool_calls?|function_calls?|invoke|tool_code|tool_use|antml:function_calls|antml:invoke|tools?|action";
const RESULT = "tool_responses?|tool_results?|tool_outputs?|function_results?";
const WRAP =
  "answer|response|final|output|reply|speech|say|speak|assistant|final_answer|break|emphasis|prosody|voice";
const MARKUP =
  "b|i|em|strong|u|s|p|span|a|ul|ol|li|h[1-6]|small|sub|sup|mark|br|hr|img|blockquote|center|font|label|kbd|q|tt|del|ins";
const BLOCK =
  "table|script|style|svg|html|form|pre|iframe|video|canvas|head|body|div|section|article|button|nav|main|math";
const BREAKING = /^(?:br|p|li|h[1-6]|hr|ul|ol|blockquote)$/;
const TAG = /^<(\/?)([a-z][\w:-]*)(=[\w."'-]{1,60})?((?:\s[^<>]{0,300})?)(\/?)>/i;
const TAG_START = /^<(?:\/?(?:[a-z][\w:-]{0,30}(?:=[\w."'-]{0,60})?(?:\s[^<>]{0,300})?\/?)?)?$/i;
const whole = (names: string): RegExp => new RegExp(`^(?:${names})$`, "i");
const IS_THOUGHT = whole(THOUGHT);
const IS_CALL = whole(CALL);
const IS_RESULT = whole(RESULT);
const IS_WRAP = whole(WRAP);
const IS_MARKUP = whole(MARKUP);
const IS_BLOCK = whole(BLOCK);

/** Marks of models' own templates. DeepSeek writes them with wide bars. */
const SPECIAL = /^<[|｜]([^|｜<>\n]{1,40})[|｜]>/;
const SPECIAL_START = /^<(?:[|｜](?:[^|｜<>\n]{1,40}[|｜]?)?)?$/;
const END_MARK =
  /^(?:im_end|eot_id|eot|end_of_text|endoftext|eom_id|return|end▁of▁sentence|end_of_turn|end_turn|eos)$/i;
const ROLE_MARK = /^(?:im_start|start_header_id|start|start_of_turn|im_user|im_assistant)$/i;
const PERSON_ROLE = /^\s*(?:user|human|person|customer)\b/i;

const LABELS = "user|human|person|customer|nutzer|benutzer|mensch|usuario|utilisateur|ユーザー";
const OWN_LABELS = "assistant|ai|bot|robot|model|chatbot|final answer|answer|response|antwort";
const THOUGHT_LABELS = "thought|thoughts|thinking|reasoning|internal|observation";
const ACTION_LABELS = "action|gesture|tool|body|geste|aktion|acción|action input";

const ADDRESS = /^(?:https?:\/\/|www\.)[^\s<>"'`\u3000-\u303f（）]*$/i;
const ADDRESS_START = /^(?:h(?:t(?:t(?:p(?:s?(?::\/?)?)?)?)?)?|w(?:ww?\.?)?)$/i;
const CALL_NAME = new RegExp(`^(?:\\w{1,20}\\.)?${TOOL_NAME}`, "i");

/** How much of `raw` is decided: `take` characters; undefined: more is needed. 0: it is text. */
type Verdict = number | undefined;

interface Region {
  /** What ends it. */
  readonly until: RegExp;
  /** Longest end, characters: as much is kept while looking for it. */
  readonly untilMax: number;
  readonly kind: "thought" | "call" | "code";
  readonly name: string;
}

export class SpeechFilter {
  /** No more of the reply is wanted. */
  isEnded = false;
  private raw = "";
  private region: Region | undefined;
  private inside = "";
  /** Last character that went out, to tell a boundary. */
  private last = "\n";
  private hasWords = false;
  private carry = "";
  /** How many elements of the block's own name are open. */
  private depth = 0;

  /** Every label that a line can begin with, in lower case. */
  private readonly known: readonly string[];
  private readonly ownLabel: RegExp;
  private readonly personLabel: RegExp;

  constructor(
    private readonly sink: FilterSink,
    { self, person }: FilterOptions = {},
  ) {
    const all = [LABELS, OWN_LABELS, THOUGHT_LABELS, ACTION_LABELS, self ?? "", person ?? ""];
    this.known = all
      .join("|")
      .toLowerCase()
      .split("|")
      .filter((label) => label !== "");
    this.ownLabel = labels(`${OWN_LABELS}${named(self)}`);
    this.personLabel = labels(`${LABELS}${named(person)}`);
  }

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

  private consume(isEnd: boolean): void {
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
  private inRegion(region: Region): boolean {
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

  private close(region: Region): void {
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

  private code({ name }: Region, inside: string): void {
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

  private literal(): void {
    const char = String.fromCodePoint(this.raw.codePointAt(0) as number);
    this.raw = this.raw.slice(char.length);
    this.say(char);
  }

  private say(text: string): void {
    this.sink.words(text);
    this.note(text);
  }

  private note(text: string): void {
    if (text === "") return;
    this.last = String.fromCodePoint([...text].at(-1)?.codePointAt(0) ?? 10);
    if (/[\p{L}\p{N}]/u.test(text)) this.hasWords = true;
  }

  private get isLineStart(): boolean {
    return this.last === "\n";
  }

  /** Where a mark can open: after a space, a line's start, an opening bracket or a sign of punctuation. */
  private get isBoundary(): boolean {
    return (
      /[\s([{"“”'‘’«».,!?:;…—–\-。！？、「」*_]/.test(this.last) ||
      !/[\p{L}\p{N})\]]/u.test(this.last)
    );
  }

  /** What `raw` begins with. */
  private decide(isEnd: boolean): Verdict {
    if (this.isLineStart || !this.hasWords) {
      const label = this.label(isEnd);
      if (label !== 0) return label;
    }
    switch (this.raw[0]) {
      case "<":
        return this.angle(isEnd);
      case "◁":
        return this.triangle(isEnd);
      case "[":
        return this.bracket(isEnd);
      case "*":
      case "_":
        return this.stress(isEnd);
      case "(":
      case "（":
        return this.paren(isEnd);
      case "`":
        return this.ticks(isEnd);
      case "{":
        return this.json(isEnd);
      case "|":
        return this.isLineStart ? this.table(isEnd) : 0;
      default:
        return this.name(isEnd);
    }
  }

  /** Who speaks, at the beginning of a line. */
  private label(isEnd: boolean): Verdict {
    const { raw } = this;
    if (!this.hasWords) {
      const bare = this.bareHarmony(isEnd);
      if (bare !== 0) return bare;
    }
    const person = this.personLabel.exec(raw);
    if (person !== null) {
      // It repeats the question first: that line is left out.
      if (this.hasWords) this.isEnded = true;
      else this.open("thought", /\n/, 1, "");
      return person[0].length;
    }
    const own = this.ownLabel.exec(raw);
    if (own !== null) return own[0].length;
    const thought = THOUGHT_LABEL.exec(raw);
    if (thought !== null) {
      this.open("thought", /\n/, 1, "");
      return thought[0].length;
    }
    const action = ACTION_LINE.exec(raw);
    if (action !== null) {
      const wish = (action[1] as string).trim();
      if (parseAction(wish) !== undefined && !/^\w+$/.test(raw.slice(action[0].length, 1))) {
        this.sink.wish(wish);
        return action[0].length;
      }
      return 0;
    }
    if (isEnd) return ACTION_END.test(raw) ? this.actionAtEnd() : 0;
    return MAYBE_LABEL.test(raw) && this.mayBeLabel(raw) ? undefined : 0;
  }

  private actionAtEnd(): number {
    const wish = this.raw.slice(this.raw.indexOf(":") + 1).trim();
    if (parseAction(wish) === undefined) return 0;
    this.sink.wish(wish);
    return this.raw.length;
  }

  private mayBeLabel(raw: string): boolean {
    const word = raw.replace(/^[*_#\s]+/, "").toLowerCase();
    if (word === "") return raw.length < 6;
    return this.known.some((label) => mayBecome(word, label));
  }

  /** Harmony whose marks were taken out: "analysisThe user …assistantfinalHello". */
  private bareHarmony(isEnd: boolean): Verdict {
    const { raw } = this;
    if (/^assistantfinal/.test(raw)) return "assistantfinal".length;
    if (/^(?:assistant)?analysis(?=\p{Lu}|[\n:])/u.test(raw)) {
      this.open("thought", /assistantfinal|assistant(?=commentary)/, 24, "");
      return raw.indexOf("analysis") + "analysis".length;
    }
    const commentary = /^(?:assistant)?commentary\s?to=/.exec(raw);
    if (commentary !== null) {
      this.open(
        "call",
        /assistantfinal|assistant(?=analysis|commentary)|<\|(?:call|end|start)\|>/,
        24,
        "",
      );
      return commentary[0].length;
    }
    if (isEnd) return 0;
    return [
      "assistantfinal",
      "assistantanalysis",
      "assistantcommentary to=",
      "analysis",
      "commentary to=",
    ].some((mark) => mark.startsWith(raw)) && raw !== "a"
      ? undefined
      : raw === "analysis" ||
          /^(?:assistant)?(?:analysis|commentary\s?(?:t|to)?)$/.test(raw) ||
          raw === "a"
        ? undefined
        : 0;
  }

  private open(kind: Region["kind"], until: RegExp, untilMax: number, name: string): void {
    this.region = { kind, until, untilMax, name };
    this.inside = "";
    this.depth = 0;
  }

  private angle(isEnd: boolean): Verdict {
    const { raw } = this;
    const special = SPECIAL.exec(raw);
    if (special !== null) return this.special(special[0].length, special[1] as string, isEnd);
    if (!isEnd && SPECIAL_START.test(raw)) return undefined;
    if (/^<!(?:--|DOCTYPE)/i.test(raw)) {
      if (/^<!--/.test(raw)) this.open("thought", /-->/, 3, "");
      else this.open("code", /<\/html>/i, 7, "html");
      return raw.startsWith("<!--") ? 4 : this.keep("", raw.length);
    }
    if (!isEnd && /^<!(?:-|D(?:O(?:C(?:T(?:Y(?:P)?)?)?)?)?)?$/i.test(raw)) return undefined;
    const tag = TAG.exec(raw);
    if (tag !== null) return this.tag(tag);
    return !isEnd && TAG_START.test(raw) && raw.length <= 340 ? undefined : 0;
  }

  /** Opens a region with its own opening in it. */
  private keep(before: string, length: number): number {
    this.inside = before + this.raw.slice(0, length);
    return length;
  }

  private tag(tag: RegExpExecArray): Verdict {
    const [text, slash = "", named = "", , , selfClosing = ""] = tag;
    const name = named.toLowerCase();
    const isOpening = slash === "" && selfClosing === "";
    const until = new RegExp(`</${name}\\s*>`, "i");
    const untilMax = name.length + 6;
    if (IS_THOUGHT.test(name)) {
      if (isOpening) this.open("thought", until, untilMax, name);
      else if (slash !== "") (this.sink.recant(), this.forget());
      return text.length;
    }
    if (IS_RESULT.test(name)) {
      if (isOpening) this.open("thought", until, untilMax, name);
      return text.length;
    }
    if (IS_CALL.test(name) || /^(?:function|parameter)$/.test(name)) {
      if (!isOpening) return text.length;
      this.open("call", until, untilMax, name);
      return tag[3] !== undefined || name.endsWith("invoke")
        ? this.keep("", text.length)
        : text.length;
    }
    if (/^(?:s|bos|eos|end_of_turn|pad|unk)$/.test(name) && (slash !== "" || name !== "s")) {
      if (/^(?:s|eos|end_of_turn)$/.test(name) && this.hasWords) this.isEnded = true;
      return text.length;
    }
    if (name === "start_of_turn") return this.role(text.length, /^[^\n]*\n/);
    if (IS_WRAP.test(name)) return text.length;
    if (IS_BLOCK.test(name)) {
      if (isOpening) this.open("code", until, untilMax, name);
      else this.sink.aside(text, undefined);
      return isOpening ? this.keep("", text.length) : text.length;
    }
    if (!IS_MARKUP.test(name)) return 0;
    if (BREAKING.test(name)) this.say("\n");
    else this.sink.aside(text, undefined);
    return text.length;
  }

  /** The words before belong to nobody: it has not begun to speak. */
  private forget(): void {
    this.hasWords = false;
    this.last = "\n";
  }

  private special(length: number, given: string, isEnd: boolean): Verdict {
    const name = given.replaceAll("▁", "_").toLowerCase();
    if (name === "channel") return this.channel(length, isEnd);
    if (name === "python_tag") {
      this.open("call", /<\|(?:eom_id|eot_id|im_end)\|>|\n/, 10, name);
      return length;
    }
    if (/^tool_calls?_(?:section_)?begin$|^tool_calls?$|^start_action$|^action_start$/.test(name)) {
      this.open(
        "call",
        /<[|｜]\/?(?:tool[_▁]calls?(?:[_▁]section)?(?:[_▁]end)?|end_action|action_end)[|｜]>|<[|｜](?:im_end|eot_id)[|｜]>/i,
        30,
        name,
      );
      return length;
    }
    if (/^(?:start_thinking|begin_of_thought|think|thinking|thought_start)$/.test(name)) {
      this.open(
        "thought",
        /<[|｜]\/?(?:end_thinking|end_of_thought|think|thinking|thought_end)[|｜]>/i,
        30,
        name,
      );
      return length;
    }
    if (/^\/?(?:end_thinking|end_of_thought|\/think|\/thinking|thought_end)$/.test(name)) {
      this.sink.recant();
      this.forget();
      return length;
    }
    if (ROLE_MARK.test(name)) {
      if (name === "start_header_id") return this.role(length, /^[^<]*<\|end_header_id\|>/);
      if (name === "start") return this.role(length, /^[^<]*(?=<)/);
      return this.role(length, /^[^\n]*\n/);
    }
    if (END_MARK.test(given) && this.hasWords) this.isEnded = true;
    return length;
  }

  /** Who is to speak next, in a template's own words. */
  private role(length: number, pattern: RegExp): Verdict {
    const rest = this.raw.slice(length);
    const named = pattern.exec(rest);
    if (named === null) {
      if (rest.length < TAG_CHARS_MAX && !/\n/.test(rest)) return undefined;
      return length;
    }
    if (PERSON_ROLE.test(named[0])) this.isEnded = true;
    return length + named[0].length;
  }

  /** gpt-oss: `<|channel|>analysis<|message|>…<|end|>`. */
  private channel(length: number, isEnd: boolean): Verdict {
    const rest = this.raw.slice(length);
    const at = rest.indexOf("<|message|>");
    if (at < 0) {
      if (!isEnd && rest.length < 160) return undefined;
      this.open("thought", /<\|(?:end|call|return|start|channel)\|>/, 11, "");
      return length;
    }
    const header = rest.slice(0, at);
    const until = /<\|(?:end|call|return|start|channel)\|>/;
    if (/\bto=/.test(header)) {
      this.open("call", until, 11, "");
      this.inside = `${header.replace(/<\|[^|]*\|>/g, " ")} `;
    } else if (!/final|commentary/.test(header)) {
      this.open("thought", until, 11, "");
    }
    return length + at + "<|message|>".length;
  }

  private triangle(isEnd: boolean): Verdict {
    const mark = /^◁(\/?)think▷/.exec(this.raw);
    if (mark !== null) {
      if (mark[1] === "") this.open("thought", /◁\/think▷/, 8, "");
      else (this.sink.recant(), this.forget());
      return mark[0].length;
    }
    return !isEnd && ["◁think▷", "◁/think▷"].some((text) => text.startsWith(this.raw))
      ? undefined
      : 0;
  }

  private bracket(isEnd: boolean): Verdict {
    const { raw } = this;
    const think = /^\[(\/?)THINK\]/.exec(raw);
    if (think !== null) {
      if (think[1] === "") this.open("thought", /\[\/THINK\]/, 8, "");
      else (this.sink.recant(), this.forget());
      return think[0].length;
    }
    if (/^\[TOOL_CALLS?\]/.test(raw)) {
      // Mistral's call goes on to the end of the reply.
      this.open("call", /\[\/TOOL_CALLS?\]|<\/s>/, 14, "");
      return raw.indexOf("]") + 1;
    }
    if (/^\[\s*\{/.test(raw)) return this.json(isEnd);
    const close = raw.indexOf("]");
    if (close < 0) {
      if (isEnd) {
        // A tag that was cut off by the end of the reply; else an open bracket.
        return this.isBoundary && /^\[\s*[a-z]/i.test(raw) && raw.length <= TAG_CHARS_MAX
          ? raw.length
          : 0;
      }
      return raw.length <= TAG_CHARS_MAX ? undefined : 0;
    }
    if (close > TAG_CHARS_MAX) return 0;
    const content = raw.slice(1, close);
    if (/^\/?INST$/.test(content)) {
      if (this.hasWords && content === "INST") this.isEnded = true;
      return close + 1;
    }
    if (!this.isBoundary && parseAction(content) === undefined) return 0;
    // `[text](link)`: the text is spoken.
    if (raw[close + 1] === "(") {
      const end = raw.indexOf(")", close);
      if (end < 0 && !isEnd && raw.length < 400 && !raw.includes("\n")) return undefined;
      if (end > 0) {
        this.say(content);
        this.sink.aside(` ${raw.slice(close + 1, end + 1)}`, undefined);
        return end + 1;
      }
    } else if (!isEnd && raw.length === close + 1) {
      return undefined;
    }
    if (/^\s*\d{1,3}\s*$/.test(content)) {
      // The number of a source.
      this.sink.aside(raw.slice(0, close + 1), undefined);
      return close + 1;
    }
    if (!/\p{L}/u.test(content)) return 0;
    const direction = parseAction(content) === undefined ? directionOf(content) : undefined;
    const wish = direction?.wish ?? content;
    if (wish !== "") this.sink.wish(wish);
    return close + 1;
  }

  /** `*nods*` is a direction, `**really**` stress, `3*4*5` neither. */
  private stress(isEnd: boolean): Verdict {
    const { raw } = this;
    if (!this.isBoundary) return 0;
    const mark = raw[0] as string;
    const open = new RegExp(`^\\${mark}{1,3}`).exec(raw)?.[0] ?? mark;
    if (!isEnd && open === raw) return raw.length < 4 ? undefined : 0;
    if (/^\s/.test(raw.slice(open.length)) || open.length === raw.length) return 0;
    const end = raw.indexOf(open, open.length);
    if (end < 0) {
      const isOver = isEnd || raw.length > STRESS_CHARS_MAX || raw.includes("\n");
      return isOver ? 0 : undefined;
    }
    const content = raw.slice(open.length, end);
    if (content === "" || /\s$/.test(content)) return 0;
    const after = raw[end + open.length];
    if (after === undefined && !isEnd) return undefined;
    // `_snake_case`, `*4*5`: no end of a word, no end of the stress.
    if (after !== undefined && /[\p{L}\p{N}*_]/u.test(after)) return 0;
    const direction = directionOf(content);
    if (direction === undefined) {
      // What stands in it may be anything of the rest.
      this.raw = content + raw.slice(end + open.length);
      return this.asIs(content.length);
    }
    if (direction.wish !== "") this.sink.wish(direction.wish);
    return end + open.length;
  }

  /** Says the next characters as they are, unless they open something themselves. */
  private asIs(length: number): Verdict {
    const content = this.raw.slice(0, length);
    if (/[<[`{|(]|https?:|www\./i.test(content)) return this.decide(false) ?? undefined;
    this.say(content);
    return length;
  }

  private paren(isEnd: boolean): Verdict {
    const { raw } = this;
    if (!this.isBoundary && raw[0] === "(") return 0;
    const close = raw.search(/[)）]/);
    if (close < 0) return isEnd || raw.length > TAG_CHARS_MAX || raw.includes("\n") ? 0 : undefined;
    const direction = directionOf(raw.slice(1, close).replace(/^\*|\*$/g, ""));
    if (direction === undefined) return 0;
    if (direction.wish !== "") this.sink.wish(direction.wish);
    return close + 1;
  }

  private ticks(isEnd: boolean): Verdict {
    const { raw } = this;
    if (raw.startsWith("```")) {
      this.open("code", /```/, 3, "```");
      return 3;
    }
    if (!isEnd && /^`{1,2}$/.test(raw)) return undefined;
    const close = raw.indexOf("`", 1);
    // A tick alone is dropped.
    if (close < 0)
      return isEnd || raw.length > STRESS_CHARS_MAX || raw.includes("\n") ? 1 : undefined;
    const content = raw.slice(1, close);
    const { isCall, wishes } = writtenCalls(content);
    if (isCall) {
      for (const wish of wishes) this.sink.wish(wish);
    } else if (
      parseAction(content.replace(/^\[|\]$/g, "")) !== undefined &&
      content.startsWith("[")
    ) {
      this.sink.wish(content.slice(1, -1));
    } else if (looksLikeCode(content)) {
      this.sink.aside(content, "code", "");
      this.note("x");
    } else {
      this.say(content);
    }
    return close + 1;
  }

  /** A call as bare JSON; other JSON is code. */
  private json(isEnd: boolean): Verdict {
    const { raw } = this;
    const isJson = /^(?:\[\s*)?\{\s*"/.test(raw);
    if (!isJson)
      return !isEnd && /^(?:\[\s*)?(?:\{\s*)?$/.test(raw) && raw.length < 20 ? undefined : 0;
    const length = jsonLength(raw);
    if (length === undefined) {
      if (isEnd) {
        // Cut off in the middle: nobody wants it read out.
        this.sink.aside(raw, this.hasWords ? undefined : "code");
        return raw.length;
      }
      return raw.length > CALL_CHARS_MAX ? 0 : undefined;
    }
    const text = raw.slice(0, length);
    const { isCall, wishes } = jsonCalls(text);
    if (isCall) {
      for (const wish of wishes) this.sink.wish(wish);
    } else {
      this.sink.aside(text, "code");
      this.note("x");
    }
    return length;
  }

  private table(isEnd: boolean): Verdict {
    const { raw } = this;
    const lines = raw.split("\n");
    const rest = lines.at(-1) ?? "";
    if (!isEnd && (rest === "" || rest.startsWith("|")) && raw.length < CODE_CHARS_MAX)
      return undefined;
    const rows = (isEnd && rest.startsWith("|") ? lines : lines.slice(0, -1)).filter((line) =>
      line.startsWith("|"),
    );
    const isTable = rows.length >= 2 && rows.every((line) => line.split("|").length >= 3);
    if (!isTable) {
      // Said as it is; its bars are no words.
      const length = rows.join("\n").length || 1;
      this.say(raw.slice(0, length));
      return length;
    }
    const text = rows.join("\n");
    this.sink.aside(text, "table");
    this.last = "x";
    return text.length;
  }

  /** Addresses, and a call by its bare name. */
  private name(isEnd: boolean): Verdict {
    const { raw } = this;
    if (/[\p{L}\p{N}_/@]/u.test(this.last)) return 0;
    if (/^[hw]/i.test(raw)) {
      if (ADDRESS.test(raw) && !isEnd && raw.length < 500) return undefined;
      const address = /^(?:https?:\/\/|www\.)[^\s<>"'`\u3000-\u303f（）]+/i.exec(raw);
      if (address !== null) {
        const text = address[0].replace(/[.,!?:;)\]*_]+$/, "");
        this.sink.aside(text, "link");
        this.note("x");
        return text.length;
      }
      if (!isEnd && ADDRESS_START.test(raw)) return undefined;
    }
    if (!/^[a-z]/i.test(raw)) return 0;
    const called = CALL_NAME.exec(raw);
    if (called !== null) {
      const rest = raw.slice(called[0].length);
      const call = /^\s?(?:\([^()\n]{0,120}\)|[:=]?\s?\{[^{}]{0,200}\})/.exec(rest);
      if (call !== null) {
        const length = called[0].length + call[0].length;
        for (const wish of writtenCalls(raw.slice(0, length).replace(/[:=]\s?(?=\{)/, " ")).wishes)
          this.sink.wish(wish);
        return length;
      }
      return !isEnd && /^\s?(?:\([^()\n]{0,120}|[:=]?\s?(?:\{[^{}]{0,200})?)?$/.test(rest)
        ? undefined
        : 0;
    }
    return !isEnd && /^(?:(?:functions|default_api|api)\.?)?\w{0,12}$/i.test(raw) && mayBeCall(raw)
      ? undefined
      : 0;
  }
}

const THOUGHT_LABEL = labels(THOUGHT_LABELS);
const ACTION_LINE = new RegExp(`^\\s*(?:${ACTION_LABELS}):[ \\t]*([^\\n]{1,40})\\n`, "i");
const ACTION_END = new RegExp(`^\\s*(?:${ACTION_LABELS}):`, "i");
const MAYBE_LABEL = /^[*_#\s]{0,5}\p{L}?[\p{L}\p{N} .'’-]{0,44}[*_]{0,2}:?[*_]{0,2}[^\n]{0,40}$/u;

function labels(names: string): RegExp {
  return new RegExp(
    `^[*_#\\s]{0,5}(?:${names})(?:\\s?\\([^)\\n]{0,20}\\))?[*_]{0,2}\\s?[:：][*_]{0,2}(?!\\/\\/)\\s?`,
    "i",
  );
}

function named(name: string | undefined): string {
  return name === undefined || name === ""
    ? ""
    : `|${name.toLowerCase().replace(/[^\p{L}\p{N} ]/gu, "\\$&")}`;
}

/** Whether more characters could make `word` a label's line. */
function mayBecome(word: string, label: string): boolean {
  if (label.startsWith(word)) return true;
  if (!word.startsWith(label)) return false;
  const rest = word.slice(label.length);
  const isAction = ACTION_LABELS.split("|").includes(label);
  return isAction
    ? /^\s?(?::[^\n]{0,40})?$/.test(rest)
    : /^[*_\s]{0,3}(?:[:：][*_]{0,2})?$/.test(rest);
}

function mayBeCall(raw: string): boolean {
  const text = raw.toLowerCase();
  return [TOOL_NAME, `functions.${TOOL_NAME}`, `default_api.${TOOL_NAME}`, `api.${TOOL_NAME}`].some(
    (name) => name.startsWith(text),
  );
}

/** Signs of a program: what no sentence has. */
function looksLikeCode(text: string): boolean {
  return /[{};]|=>|==|\w\(.*\)|^\s*(?:import|from|def|class|const|let|var|return|for|if|while|#include|SELECT|sudo|npm|pip|cd|git)\b|<\/?\w+|\w=\w|\$\s?\w|\w\.\w+\(|\/\w+\//m.test(
    text,
  );
}
