/** What a failed answer of a model service means: the SDK's errors become `ModelError` with the wait that was asked for. */
import { APICallError } from "ai";
import { kindOf, parseRetryAfter } from "../../resilience/errors.js";
import { ModelError, type ModelCode } from "./model-error.js";

/** Peer's words in an error are capped. */
const WORDS_MAX = 160;
/** The longest wait that is believed; beyond a day something is wrong with the header. */
const RETRY_AFTER_MS_MAX = 24 * 3600 * 1000;

export function toModelError(error: unknown, wallMs: number): ModelError {
  if (error instanceof ModelError) return error;
  const inner = causeOf(error);
  if (inner !== undefined) return inner;
  if (APICallError.isInstance(error) && error.statusCode !== undefined) {
    return fromStatus(error, error.statusCode, wallMs);
  }
  const words = brief(wordsOf(error));
  const options = { cause: error };
  const isNetwork = kindOf(error) === "transient" || /fetch failed|socket|terminated/i.test(words);
  if (isNetwork) return new ModelError("MODEL_FAILED", "transient", words, undefined, options);
  return new ModelError("MODEL_GARBAGE", "permanent", words, undefined, options);
}

/** What a service says in the middle of its stream is not an `Error` but the JSON it sent. */
function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error !== "object" || error === null) return String(error);
  const { message } = error as { readonly message?: unknown };
  return typeof message === "string" ? message : JSON.stringify(error);
}

/** Our own error, however deep the SDK has wrapped it. */
function causeOf(error: unknown): ModelError | undefined {
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    if (current instanceof ModelError) return current;
    current = current.cause;
  }
  return undefined;
}

function fromStatus(error: APICallError, status: number, wallMs: number): ModelError {
  const words = brief(`status ${status}: ${error.message}`);
  const options = { cause: error };
  if (status === 429) {
    const askedMs = retryAfterMs(error, wallMs);
    return new ModelError("MODEL_RATE", "transient", words, askedMs, options);
  }
  if (status >= 500 || status === 408 || status === 425) {
    return new ModelError("MODEL_FAILED", "transient", words, retryAfterMs(error, wallMs), options);
  }
  // Gemini's way of saying 401.
  if (status === 400 && /API_KEY_INVALID/.test(error.responseBody ?? "")) {
    return new ModelError("MODEL_KEY", "permanent", words, undefined, options);
  }
  // A status below 400 with an error is a body that is not the protocol.
  const code: ModelCode =
    status < 400
      ? "MODEL_GARBAGE"
      : status === 401 || status === 403
        ? "MODEL_KEY"
        : status === 404
          ? "MODEL_UNKNOWN"
          : "MODEL_REFUSED";
  return new ModelError(code, "permanent", words, undefined, options);
}

/** `Retry-After`, else Google's RetryInfo in the body. */
function retryAfterMs(error: APICallError, wallMs: number): number | undefined {
  const header = error.responseHeaders?.["retry-after"];
  const asked = parseRetryAfter(header ?? null, wallMs) ?? retryInfoMs(error.responseBody);
  return asked === undefined ? undefined : Math.min(asked, RETRY_AFTER_MS_MAX);
}

/** `"retryDelay": "7.5s"` of google.rpc.RetryInfo, wherever in the body it stands. */
export function retryInfoMs(body: string | undefined): number | undefined {
  const match = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"/.exec(body ?? "");
  return match === null ? undefined : Number(match[1]) * 1000;
}

function brief(text: string): string {
  // eslint-disable-next-line no-control-regex -- a peer's words go into a log line
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  return line.length <= WORDS_MAX ? line : `${line.slice(0, WORDS_MAX)}…`;
}
