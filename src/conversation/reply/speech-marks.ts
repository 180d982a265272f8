/**
 * The marks that models and their templates put around what is not speech, as tables and patterns. Each is anchored at its
 * beginning; those with `_START` tell whether more characters could make it one.
 */
import { ACTION_NAMES, TOOL_NAME } from "./written-calls.js";

/** Longest tag that is waited for. */
export const TAG_CHARS_MAX = 60;
/** Longest call that is waited for. */
export const CALL_CHARS_MAX = 2000;
/** Longest code that is shown. */
export const CODE_CHARS_MAX = 6000;
export const STRESS_CHARS_MAX = 120;

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
export const BREAKING = /^(?:br|p|li|h[1-6]|hr|ul|ol|blockquote)$/;
export const TAG = /^<(\/?)([a-z][\w:-]*)(=[\w."'-]{1,60})?((?:\s[^<>]{0,300})?)(\/?)>/i;
export const TAG_START =
  /^<(?:\/?(?:[a-z][\w:-]{0,30}(?:=[\w."'-]{0,60})?(?:\s[^<>]{0,300})?\/?)?)?$/i;
const whole = (names: string): RegExp => new RegExp(`^(?:${names})$`, "i");
export const IS_THOUGHT = whole(THOUGHT);
export const IS_CALL = whole(CALL);
export const IS_RESULT = whole(RESULT);
export const IS_WRAP = whole(WRAP);
export const IS_MARKUP = whole(MARKUP);
export const IS_BLOCK = whole(BLOCK);

/** Marks of models' own templates. DeepSeek writes them with wide bars. */
export const SPECIAL = /^<[|｜]([^|｜<>\n]{1,40})[|｜]>/;
export const SPECIAL_START = /^<(?:[|｜](?:[^|｜<>\n]{1,40}[|｜]?)?)?$/;
export const END_MARK =
  /^(?:im_end|eot_id|eot|end_of_text|endoftext|eom_id|return|end▁of▁sentence|end_of_turn|end_turn|eos)$/i;
export const ROLE_MARK = /^(?:im_start|start_header_id|start|start_of_turn|im_user|im_assistant)$/i;
export const PERSON_ROLE = /^\s*(?:user|human|person|customer)\b/i;

export const LABELS =
  "user|human|person|customer|nutzer|benutzer|mensch|usuario|utilisateur|ユーザー";
export const OWN_LABELS =
  "assistant|ai|bot|robot|model|chatbot|final answer|answer|response|antwort";
export const THOUGHT_LABELS = "thought|thoughts|thinking|reasoning|internal|observation";
export const ACTION_LABELS = "action|gesture|tool|body|geste|aktion|acción|action input";

export const ADDRESS = /^(?:https?:\/\/|www\.)[^\s<>"'`\u3000-\u303f（）]*$/i;
export const ADDRESS_START = /^(?:h(?:t(?:t(?:p(?:s?(?::\/?)?)?)?)?)?|w(?:ww?\.?)?)$/i;
export const CALL_NAME = new RegExp(`^(?:\\w{1,20}\\.)?${TOOL_NAME}`, "i");

export const THOUGHT_LABEL = labels(THOUGHT_LABELS);
export const ACTION_LINE = new RegExp(`^\\s*(?:${ACTION_LABELS}):[ \\t]*([^\\n]{1,40})\\n`, "i");
export const ACTION_END = new RegExp(`^\\s*(?:${ACTION_LABELS}):`, "i");
export const MAYBE_LABEL =
  /^[*_#\s]{0,5}\p{L}?[\p{L}\p{N} .'’-]{0,44}[*_]{0,2}:?[*_]{0,2}[^\n]{0,40}$/u;

export function labels(names: string): RegExp {
  return new RegExp(
    `^[*_#\\s]{0,5}(?:${names})(?:\\s?\\([^)\\n]{0,20}\\))?[*_]{0,2}\\s?[:：][*_]{0,2}(?!\\/\\/)\\s?`,
    "i",
  );
}

export function named(name: string | undefined): string {
  return name === undefined || name === ""
    ? ""
    : `|${name.toLowerCase().replace(/[^\p{L}\p{N} ]/gu, "\\$&")}`;
}

/** Whether more characters could make `word` a label's line. */
export function mayBecome(word: string, label: string): boolean {
  if (label.startsWith(word)) return true;
  if (!word.startsWith(label)) return false;
  const rest = word.slice(label.length);
  const isAction = ACTION_LABELS.split("|").includes(label);
  return isAction
    ? /^\s?(?::[^\n]{0,40})?$/.test(rest)
    : /^[*_\s]{0,3}(?:[:：][*_]{0,2})?$/.test(rest);
}

export function mayBeCall(raw: string): boolean {
  const text = raw.toLowerCase();
  return [TOOL_NAME, `functions.${TOOL_NAME}`, `default_api.${TOOL_NAME}`, `api.${TOOL_NAME}`].some(
    (name) => name.startsWith(text),
  );
}

/** `nod(2)`, `express("content")`: an action called by its own name. Whether it can be done is seen by its arguments. */
export const ACTION_CALL = new RegExp(
  `^(${[...ACTION_NAMES].join("|")})\\(["']?([\\w.,: -]{0,40})["']?\\)`,
  "i",
);

/** Whether more characters could make it one. */
export function mayBeActionCall(raw: string): boolean {
  const [name = "", rest] = raw.toLowerCase().split("(");
  if (rest !== undefined) return ACTION_NAMES.has(name) && /^["']?[\w.,: -]{0,40}["']?$/.test(rest);
  return [...ACTION_NAMES].some((action) => action.startsWith(name));
}

/** Signs of a program: what no sentence has. */
export function looksLikeCode(text: string): boolean {
  return /[{};]|=>|==|\w\(.*\)|^\s*(?:import|from|def|class|const|let|var|return|for|if|while|#include|SELECT|sudo|npm|pip|cd|git)\b|<\/?\w+|\w=\w|\$\s?\w|\w\.\w+\(|\/\w+\//m.test(
    text,
  );
}
