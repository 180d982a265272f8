/**
 * What a model service says of a failure, in its own words. Each has its own shape for it: an object, a string, a list, a
 * message within a message of a router. Pure.
 */
import { cutText } from "../../host/cut-text.js";
import { ModelError } from "./model-error.js";

/** A peer's words in an error are capped. */
const WORDS_MAX = 160;

/** What an error object says of itself. */
export interface ServiceError {
  readonly sentence: string;
  /** HTTP-like, when the object names one. */
  readonly status: number | undefined;
  /** `code`, `type`, `status`, `param`, `loc`: a service's own names of the failure and of its place, joined. */
  readonly names: string;
}

/** @param body JSON, a page or plain words; undefined when it says nothing. */
export function serviceErrorOf(body: string | undefined): ServiceError | undefined {
  const text = body?.trim() ?? "";
  if (text === "") return undefined;
  try {
    return errorIn(JSON.parse(text) as unknown);
  } catch {
    // Half an object, a page of somebody on the way, or a sentence.
    const isPage = text.startsWith("<");
    const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]?.trim();
    const sentence = isPage ? (title ?? "a web page") : text;
    return { sentence, status: undefined, names: "" };
  }
}

/** @param value parsed JSON that may say of a failure. */
export function errorIn(value: unknown): ServiceError | undefined {
  if (Array.isArray(value)) return errorIn(value[0]);
  if (typeof value !== "object" || value === null) return undefined;
  const { error, message, detail, errors } = value as Record<string, unknown>;
  if (typeof error === "string") return { sentence: error, status: statusOf(value), names: "" };
  if (typeof error === "object" && error !== null) return spelled(error as Record<string, unknown>);
  if (typeof message === "string") return spelled(value as Record<string, unknown>);
  if (typeof message === "object" && message !== null) return errorIn(message);
  if (typeof detail === "string") return { sentence: detail, status: undefined, names: "" };
  for (const list of [detail, errors]) {
    const [first] = Array.isArray(list) ? (list as unknown[]) : [];
    const { msg, message: words, loc } = (first ?? {}) as Record<string, unknown>;
    const sentence = msg ?? words;
    const names = Array.isArray(loc) ? loc.join(".") : "";
    if (typeof sentence === "string") return { sentence, status: undefined, names };
  }
  return undefined;
}

function spelled(error: Record<string, unknown>): ServiceError {
  const { message, metadata } = error;
  const names = [error["code"], error["type"], error["status"], error["param"]]
    .filter((name) => typeof name === "string")
    .join(" ");
  // A router's own words say only that somebody behind it failed.
  const raw = (metadata as Record<string, unknown> | null | undefined)?.["raw"];
  const behind = typeof raw === "string" ? (serviceErrorOf(raw)?.sentence ?? raw) : undefined;
  const own = typeof message === "string" ? message : JSON.stringify(error);
  return { sentence: behind ?? own, status: statusOf(error), names };
}

function statusOf(error: object): number | undefined {
  const { code, status, status_code: other } = error as Record<string, unknown>;
  const found = [code, status, other].find((value) => /^[45]\d\d$/.test(String(value)));
  return found === undefined ? undefined : Number(found);
}

/** What a service will not answer, whatever its form: the words were the reason. */
const BLOCKED =
  /content[ _-]?(?:filter|policy|management)|safety|moderation|flagged|prohibited|blocklist|recitation|\bspii\b|sensitive|inappropriate|harmful/i;

/** @param status of the answer, or what the error object within a good answer says. */
export function serviceFailure(
  { sentence, names }: ServiceError,
  status: number | undefined,
  retryAfterMs?: number,
  cause?: unknown,
): ModelError {
  const words = brief(status === undefined ? sentence : `status ${status}: ${sentence}`);
  const about = `${names} ${sentence}`;
  const options = { about, ...(cause !== undefined && { cause }) };
  const fail = (code: ModelError["code"], kind: ModelError["kind"] = "permanent"): ModelError =>
    new ModelError(code, kind, words, retryAfterMs, options);
  const isRate = status === 429 || /rate_limit|RESOURCE_EXHAUSTED|insufficient_quota/i.test(names);
  const isTooLong = isRate ? /request too large/i.test(about) : isContextTooSmall(about);
  if (isTooLong || status === 413) return fail("MODEL_CONTEXT");
  // Money does not come back within a turn.
  if (/insufficient_quota|billing_hard_limit/i.test(names)) return fail("MODEL_RATE");
  if (isRate) return fail("MODEL_RATE", "transient");
  if (BLOCKED.test(about) && (status === undefined || status < 500)) return fail("MODEL_BLOCKED");
  if (status === undefined) {
    // Within a stream that began well.
    const isTheirs = /invalid_request|not_found|permission|unsupported/i.test(names);
    return isTheirs ? fail("MODEL_REFUSED") : fail("MODEL_FAILED", "transient");
  }
  if (status >= 500 || status === 408 || status === 425) return fail("MODEL_FAILED", "transient");
  // Gemini's way of saying 401.
  const isKey =
    status === 401 ||
    status === 402 ||
    status === 403 ||
    /API_KEY_INVALID|API key not valid/i.test(about);
  if (isKey) return fail("MODEL_KEY");
  // A router has nobody who takes the request in this form; the model itself is known.
  if (status === 404 && /support|requested parameters/i.test(sentence))
    return fail("MODEL_REFUSED");
  if (status === 404) return fail("MODEL_UNKNOWN");
  return status < 400 ? fail("MODEL_GARBAGE") : fail("MODEL_REFUSED");
}

/** Every wording of "that is too long for me" that was met. */
const TOO_LONG: readonly RegExp[] = [
  /context[ _-]?(?:size|length|window|limit)/i,
  /(?:prompt|input|message|request)s?\b[^.]{0,40}\b(?:is|are) too (?:long|large)/i,
  /(?:request|prompt)(?: body)? too (?:large|long)|tokens_limit_reached|model token limit/i,
  /n_keep|too many (?:input )?tokens|maximum (?:number of tokens|context)|reduce the length/i,
  /token count[^.]*exceeds|tokens? \+|must have less than \d+ tokens/i,
  /max(?:imum)? (?:model|prompt|input|sequence) length|max_(?:seq|model)_len|max position embeddings/i,
  /range of input length|超长|超过.{0,20}(?:长度|上下文)/i,
];

function isContextTooSmall(words: string): boolean {
  return TOO_LONG.some((wording) => wording.test(words));
}

/** One line without control characters. A word that the cut goes through is left out: it may be a key, hidden only whole. */
export function brief(text: string): string {
  // eslint-disable-next-line no-control-regex -- a peer's words go into a log line
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  const cut = cutText(line, WORDS_MAX);
  return cut.length === line.length ? cut : `${cut.replace(/[\w.~+/=-]+$/, "")}…`;
}
