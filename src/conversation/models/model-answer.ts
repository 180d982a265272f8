/** What a failed answer of a model service means: the SDK's errors become `ModelError` with the wait that was asked for. */
import { APICallError } from "ai";
import { kindOf, parseRetryAfter } from "../../resilience/errors.js";
import { ModelError } from "./model-error.js";
import { brief, errorIn, serviceErrorOf, serviceFailure } from "./service-words.js";

/** The longest wait that is believed; beyond a day something is wrong with the header. */
const RETRY_AFTER_MS_MAX = 24 * 3600 * 1000;

export function toModelError(error: unknown, wallMs: number): ModelError {
  if (error instanceof ModelError) return error;
  const inner = causeOf(error);
  if (inner !== undefined) return inner;
  if (APICallError.isInstance(error) && error.statusCode !== undefined) {
    return fromStatus(error, error.statusCode, wallMs);
  }
  // What a service says in the middle of its stream is no `Error` but the JSON it sent.
  const said = error instanceof Error ? undefined : errorIn({ error });
  if (said !== undefined) return serviceFailure(said, said.status, undefined, error);
  const words = brief(error instanceof Error ? error.message : String(error));
  const options = { cause: error };
  if (/without a finish reason/.test(words)) {
    return new ModelError("MODEL_CUT", "transient", words, undefined, options);
  }
  const isNetwork = kindOf(error) === "transient" || /fetch failed|socket|terminated/i.test(words);
  if (isNetwork) return new ModelError("MODEL_FAILED", "transient", words, undefined, options);
  return new ModelError("MODEL_GARBAGE", "permanent", words, undefined, options);
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
  const said = serviceErrorOf(error.responseBody) ?? {
    sentence: error.message,
    status: undefined,
    names: "",
  };
  return serviceFailure(said, status, retryAfterMs(error, wallMs), error);
}

/** `Retry-After`, else OpenAI's header in ms, else what the body says: Google's RetryInfo, or a sentence. */
function retryAfterMs(error: APICallError, wallMs: number): number | undefined {
  const { responseHeaders: headers, responseBody: body } = error;
  const inMs = /^\d{1,12}(?:\.\d+)?$/.exec(headers?.["retry-after-ms"]?.trim() ?? "")?.[0];
  const asked =
    parseRetryAfter(headers?.["retry-after"] ?? null, wallMs) ??
    (inMs === undefined ? undefined : Number(inMs)) ??
    retryInfoMs(body) ??
    retrySentenceMs(body);
  return asked === undefined ? undefined : Math.min(asked, RETRY_AFTER_MS_MAX);
}

/** `"retryDelay": "7.5s"` of google.rpc.RetryInfo, wherever in the body it stands. */
export function retryInfoMs(body: string | undefined): number | undefined {
  const match = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"/.exec(body ?? "");
  return match === null ? undefined : Number(match[1]) * 1000;
}

/** "Please try again in 1m5.003s", "in 20s", "in 850ms": Groq and OpenAI. */
function retrySentenceMs(body: string | undefined): number | undefined {
  const wait =
    /try again in (?:(\d{1,4})h)?(?:(\d{1,4})m(?!s))?(?:(\d{1,6}(?:\.\d{1,9})?)(ms|s))?/i;
  const [, hours, minutes, rest, unit] = wait.exec(body ?? "") ?? [];
  if (hours === undefined && minutes === undefined && rest === undefined) return undefined;
  const restMs = Number(rest ?? 0) * (unit === "ms" ? 1 : 1000);
  return Number(hours ?? 0) * 3_600_000 + Number(minutes ?? 0) * 60_000 + restMs;
}
