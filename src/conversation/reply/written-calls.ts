/**
 * Tool calls that a model or its server has left in the text. Forms differ from family to family (Qwen and Hermes JSON, Llama's
 * `<function=…>` and Python, Mistral's `[TOOL_CALLS]`, GLM's and Qwen-Coder's XML, Gemini's `tool_code`, harmony's
 * `to=functions.…`); what is looked for in all of them is the name of a tool and its arguments. Pure.
 */
import { parseAction } from "./actions.js";

/** The one tool that models are offered. */
export const TOOL_NAME = "robot_action";

export interface WrittenCalls {
  /** Whether the text is a call at all, of a known tool or not. */
  readonly isCall: boolean;
  /** Wishes of calls of the known tool, or of an action by its own name; not authorised yet. */
  readonly wishes: readonly string[];
}

const NONE: WrittenCalls = { isCall: false, wishes: [] };
/** Calls of one reply that are looked at. */
const CALLS_MAX = 8;
const NAME_KEYS = ["name", "tool", "tool_name", "function_name", "function"] as const;
const ARGUMENT_KEYS = ["arguments", "parameters", "args", "input", "params"] as const;

/** @param text what stands where a call is expected: JSON, Python or XML, with anything around it. */
export function writtenCalls(text: string): WrittenCalls {
  for (const read of [jsonCalls, pythonCalls, xmlCalls, namedJsonCalls]) {
    const found = read(text);
    if (found.isCall) return found;
  }
  return NONE;
}

/** JSON and nothing else but white space: an object, a list of them, or several one after the other. */
export function jsonCalls(text: string): WrittenCalls {
  const values = jsonValues(text.trim());
  if (values === undefined) return NONE;
  const calls = values.flatMap((value) => (Array.isArray(value) ? value : [value]));
  const wishes: string[] = [];
  let isCall = calls.length > 0;
  for (const call of calls.slice(0, CALLS_MAX)) {
    const found = objectCall(call);
    isCall &&= found.isCall;
    wishes.push(...found.wishes);
  }
  return isCall ? { isCall, wishes } : NONE;
}

function objectCall(call: unknown): WrittenCalls {
  if (!isRecord(call)) return NONE;
  if (isRecord(call["function"])) return objectCall(call["function"]);
  const name = NAME_KEYS.map((key) => call[key]).find((value) => typeof value === "string");
  const given = ARGUMENT_KEYS.map((key) => call[key]).find((value) => value !== undefined);
  if (typeof name === "string" && (given !== undefined || isKnown(name))) {
    return { isCall: true, wishes: wishesOf(name, parsed(given)) };
  }
  const own = call[TOOL_NAME];
  if (own !== undefined) return { isCall: true, wishes: wishesOf(TOOL_NAME, parsed(own)) };
  const { action } = call;
  if (typeof action !== "string") return NONE;
  const wish = parseAction(action);
  if (wish !== undefined || Object.keys(call).length === 1) {
    return { isCall: true, wishes: [action] };
  }
  const input = call["action_input"];
  return input === undefined ? NONE : { isCall: true, wishes: wishesOf(action, parsed(input)) };
}

/** `robot_action(action="nod:2")`, with a module before it, within `print(…)`, or `….call(…)`. */
function pythonCalls(text: string): WrittenCalls {
  const pattern = /(?:^|[\s[(;,])((?:[a-z_]\w*\.)*[a-z_]\w*)\(([^()]{0,200})\)/gi;
  const wishes: string[] = [];
  let isCall = false;
  for (const [, path = "", given = ""] of [...text.matchAll(pattern)].slice(0, CALLS_MAX)) {
    const name = path
      .replace(/\.call$/, "")
      .split(".")
      .at(-1) as string;
    if (!isKnown(name)) continue;
    isCall = true;
    wishes.push(...wishesOf(name, keywords(given)));
  }
  return { isCall, wishes };
}

/** `action="look:90,100", n=2`, or one value without a name. */
function keywords(given: string): unknown {
  const found: Record<string, string> = {};
  for (const [, key = "", quoted, bare] of given.matchAll(
    /(\w+)\s*[=:]\s*(?:["']([^"']*)["']|([\w.+-]+))/g,
  )) {
    found[key] = quoted ?? bare ?? "";
  }
  if (Object.keys(found).length > 0 && /^\s*\w+\s*=/.test(given)) return found;
  return given.replace(/["']/g, "").trim();
}

/** `<function=robot_action><parameter=action>nod</parameter>`, `<invoke name="…"><parameter name="action">`, GLM's `<arg_key>`. */
function xmlCalls(text: string): WrittenCalls {
  const head =
    /<(?:function=|invoke\s+name=|tool\s+name=|function\s+name=)["']?([\w.]+)["']?\s*>/i.exec(
      text,
    ) ?? /^\s*([\w.]+)\s*(?:\n\s*)?<arg_key>/.exec(text);
  if (head === null) return NONE;
  const name = (head[1] as string).split(".").at(-1) as string;
  const rest = text.slice(head.index + head[0].length - (head[0].endsWith("<arg_key>") ? 9 : 0));
  const found: Record<string, string> = {};
  const pattern =
    /<(?:parameter=|parameter\s+name=|param\s+name=)["']?(\w+)["']?[^>]*>\s*([^<]*?)\s*<|<arg_key>\s*(\w+)\s*<\/arg_key>\s*<arg_value>\s*([^<]*?)\s*</gi;
  for (const [, key, value, glmKey, glmValue] of rest.matchAll(pattern)) {
    found[key ?? glmKey ?? ""] = value ?? glmValue ?? "";
  }
  if (Object.keys(found).length > 0) return { isCall: true, wishes: wishesOf(name, found) };
  const json = /\{[^]*\}/.exec(rest)?.[0];
  return { isCall: true, wishes: wishesOf(name, parsed(json)) };
}

/** A name, something between, and JSON: Mistral's `name[ARGS]{…}`, DeepSeek's `function<sep>name`, harmony's header. */
function namedJsonCalls(text: string): WrittenCalls {
  const pattern =
    /(?:^|[^\w.])(?:to=)?(?:functions?[.:])?(\w+?)(?::\d+)?(?:\[ARGS\]|[^\w{]|json|code)*(\{[^{}]*\})/gi;
  const wishes: string[] = [];
  let isCall = false;
  for (const [, name = "", json = ""] of [...text.matchAll(pattern)].slice(0, CALLS_MAX)) {
    const known = isKnown(name) ? name : text.includes(TOOL_NAME) ? TOOL_NAME : undefined;
    if (known === undefined) continue;
    isCall = true;
    wishes.push(...wishesOf(known, parsed(json)));
  }
  return { isCall, wishes };
}

function isKnown(name: string): boolean {
  return name === TOOL_NAME || ACTION_NAMES.has(name.toLowerCase());
}

/** Actions that a model may take for tools. */
export const ACTION_NAMES: ReadonlySet<string> = new Set(
  "nod shake look attention express celebrate acknowledge sigh double_take settle expectant dismissive curious_tilt".split(
    " ",
  ),
);

function wishesOf(name: string, given: unknown): string[] {
  const base = name.split(".").at(-1)?.toLowerCase() ?? "";
  if (base === TOOL_NAME) {
    if (typeof given === "string") return [given];
    if (!isRecord(given)) return [];
    const action = given["action"] ?? given["wish"] ?? given["name"];
    return typeof action === "string" ? [action] : [];
  }
  // Another tool's name: what it wanted is not guessed, but counted as refused.
  if (!isKnown(base)) return [base];
  const values = isRecord(given) ? Object.values(given) : given === undefined ? [] : [given];
  const argument = values.map(String).join(",").trim();
  return [argument === "" ? base : `${base}:${argument}`];
}

function parsed(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    // Arguments need not be JSON: then they are the wish itself.
    return given;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values that stand one after the other; undefined when something else stands there. */
function jsonValues(text: string): unknown[] | undefined {
  const values: unknown[] = [];
  for (let rest = text; rest !== "";) {
    const length = jsonLength(rest);
    if (length === undefined) return undefined;
    try {
      values.push(JSON.parse(rest.slice(0, length)));
    } catch {
      // Python's quotes, a trailing comma: not read here.
      return undefined;
    }
    rest = rest.slice(length).replace(/^[\s,;]+/, "");
  }
  return values.length === 0 ? undefined : values;
}

/** Characters of the object or list that `text` begins with; undefined when it does not end in there. */
export function jsonLength(text: string): number | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  let depth = 0;
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (isString) {
      if (char === "\\") i++;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return i + 1;
  }
  return undefined;
}
