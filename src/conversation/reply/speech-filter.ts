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
import {
  TAG_CHARS_MAX,
  CALL_CHARS_MAX,
  CODE_CHARS_MAX,
  STRESS_CHARS_MAX,
  ACTION_CALL,
  ADDRESS,
  ADDRESS_START,
  CALL_NAME,
  mayBeActionCall,
  mayBeCall,
  looksLikeCode,
} from "./speech-marks.js";
import { parseAction } from "./actions.js";
import { directionOf } from "./stage-directions.js";
import { jsonCalls, jsonLength, writtenCalls } from "./written-calls.js";
import type { Verdict } from "./speech-regions.js";
import { TemplateMarks } from "./template-marks.js";

export class SpeechFilter extends TemplateMarks {
  /** What `raw` begins with. */
  protected decide(isEnd: boolean): Verdict {
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

  protected bracket(isEnd: boolean): Verdict {
    const { raw } = this;
    const think = /^\[(\/?)THINK\]/.exec(raw);
    if (think !== null) {
      if (think[1] === "") this.open("thought", /\[\/THINK\]/, 8, "");
      else this.takeBack();
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
  protected stress(isEnd: boolean): Verdict {
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
  protected asIs(length: number): Verdict {
    const content = this.raw.slice(0, length);
    if (/[<[`{|(]|https?:|www\./i.test(content)) return this.decide(false) ?? undefined;
    this.say(content);
    return length;
  }

  protected paren(isEnd: boolean): Verdict {
    const { raw } = this;
    if (!this.isBoundary && raw[0] === "(") return 0;
    const close = raw.search(/[)）]/);
    if (close < 0) return isEnd || raw.length > TAG_CHARS_MAX || raw.includes("\n") ? 0 : undefined;
    const direction = directionOf(raw.slice(1, close).replace(/^\*|\*$/g, ""));
    if (direction === undefined) return 0;
    if (direction.wish !== "") this.sink.wish(direction.wish);
    return close + 1;
  }

  protected ticks(isEnd: boolean): Verdict {
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
  protected json(isEnd: boolean): Verdict {
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

  protected table(isEnd: boolean): Verdict {
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
  protected name(isEnd: boolean): Verdict {
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
    const [action, by = "", given = ""] = ACTION_CALL.exec(raw) ?? [];
    if (action !== undefined) {
      const wish = [by, given.replace(/ /g, "")].filter((part) => part !== "").join(":");
      // Out of range it is refused, and still nothing to say; "look(ahead)" is.
      if (parseAction(wish) === undefined && !/^[\d., -]*$/.test(given)) return 0;
      this.sink.wish(wish);
      return action.length;
    }
    if (!isEnd && mayBeActionCall(raw)) return undefined;
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
