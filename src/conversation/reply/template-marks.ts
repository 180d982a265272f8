/**
 * The marks of models' own templates and families: thoughts, calls, roles, labels, and HTML. What they open is no speech, or not
 * all of it.
 */
import {
  TAG_CHARS_MAX,
  BREAKING,
  TAG,
  TAG_START,
  IS_THOUGHT,
  IS_CALL,
  IS_RESULT,
  IS_WRAP,
  IS_MARKUP,
  IS_BLOCK,
  SPECIAL,
  SPECIAL_START,
  END_MARK,
  ROLE_MARK,
  PERSON_ROLE,
  LABELS,
  OWN_LABELS,
  THOUGHT_LABELS,
  ACTION_LABELS,
  THOUGHT_LABEL,
  ACTION_LINE,
  ACTION_END,
  MAYBE_LABEL,
  labels,
  named,
  mayBecome,
} from "./speech-marks.js";
import { parseAction } from "./actions.js";
import {
  SpeechRegions,
  type FilterOptions,
  type FilterSink,
  type Verdict,
} from "./speech-regions.js";

export abstract class TemplateMarks extends SpeechRegions {
  /** Every label that a line can begin with, in lower case. */
  protected readonly known: readonly string[];
  protected readonly ownLabel: RegExp;
  protected readonly personLabel: RegExp;

  constructor(sink: FilterSink, { self, person }: FilterOptions = {}) {
    super(sink);
    const all = [LABELS, OWN_LABELS, THOUGHT_LABELS, ACTION_LABELS, self ?? "", person ?? ""];
    this.known = all
      .join("|")
      .toLowerCase()
      .split("|")
      .filter((label) => label !== "");
    this.ownLabel = labels(`${OWN_LABELS}${named(self)}`);
    this.personLabel = labels(`${LABELS}${named(person)}`);
  }

  /** Who speaks, at the beginning of a line. */
  protected label(isEnd: boolean): Verdict {
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

  protected actionAtEnd(): number {
    const wish = this.raw.slice(this.raw.indexOf(":") + 1).trim();
    if (parseAction(wish) === undefined) return 0;
    this.sink.wish(wish);
    return this.raw.length;
  }

  protected mayBeLabel(raw: string): boolean {
    const word = raw.replace(/^[*_#\s]+/, "").toLowerCase();
    if (word === "") return raw.length < 6;
    return this.known.some((label) => mayBecome(word, label));
  }

  /** Harmony whose marks were taken out: "analysisThe user …assistantfinalHello". */
  protected bareHarmony(isEnd: boolean): Verdict {
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

  protected angle(isEnd: boolean): Verdict {
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

  protected tag(tag: RegExpExecArray): Verdict {
    const [text, slash = "", named = "", , , selfClosing = ""] = tag;
    const name = named.toLowerCase();
    const isOpening = slash === "" && selfClosing === "";
    const until = new RegExp(`</${name}\\s*>`, "i");
    const untilMax = name.length + 6;
    if (IS_THOUGHT.test(name)) {
      if (isOpening) this.open("thought", until, untilMax, name);
      else if (slash !== "") this.takeBack();
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

  protected special(length: number, given: string, isEnd: boolean): Verdict {
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
      this.takeBack();
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
  protected role(length: number, pattern: RegExp): Verdict {
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
  protected channel(length: number, isEnd: boolean): Verdict {
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

  protected triangle(isEnd: boolean): Verdict {
    const mark = /^◁(\/?)think▷/.exec(this.raw);
    if (mark !== null) {
      if (mark[1] === "") this.open("thought", /◁\/think▷/, 8, "");
      else this.takeBack();
      return mark[0].length;
    }
    return !isEnd && ["◁think▷", "◁/think▷"].some((text) => text.startsWith(this.raw))
      ? undefined
      : 0;
  }
}
