/**
 * Every failure has a kind, and the kind decides what follows: only `transient` is tried again, `permanent`
 * goes straight to the slowest pace, `cancelled` was wanted, `bug` is ours and is never hidden by a retry or a
 * fallback. Errors of this project say their kind themselves; for all others `kindOf` knows it.
 */
export type ErrorKind = "transient" | "permanent" | "cancelled" | "bug";

export type ResilienceCode =
  /** The breaker is open or isolated: the call was not made. */
  | "RESILIENCE_OPEN"
  /** The deadline passed: the call was aborted. */
  | "RESILIENCE_DEADLINE"
  /** All slots and places in the queue are taken: the call was not made. */
  | "RESILIENCE_FULL"
  /** The caller's signal was aborted. */
  | "RESILIENCE_CANCELLED";

export class ResilienceError extends Error {
  override readonly name = "ResilienceError";

  constructor(
    readonly code: ResilienceCode,
    readonly kind: ErrorKind,
    message: string,
    readonly details: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
  }
}

/** The error for a caller whose signal was aborted; an abort that already is one is passed on unchanged. */
export function cancelledError(reason: unknown, operation: string): ResilienceError {
  if (reason instanceof ResilienceError) return reason;
  return new ResilienceError("RESILIENCE_CANCELLED", "cancelled", `${operation}: cancelled`, {
    cause: reason,
  });
}

export function isResilienceError(error: unknown, code: ResilienceCode): error is ResilienceError {
  return error instanceof ResilienceError && error.code === code;
}

const KINDS: ReadonlySet<unknown> = new Set(["transient", "permanent", "cancelled", "bug"]);

/** Failures of the network or the machine that may be gone at the next try. */
const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([
  "EAGAIN",
  "EAI_AGAIN",
  "EBUSY",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "EMFILE",
  "ENETDOWN",
  "ENETUNREACH",
  "ENFILE",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

/** Request timeout, too early, too many requests, and what a server or gateway says when it is in trouble. */
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

/** Causes are followed this far; `fetch failed` wraps once, libraries wrap that again. */
const CAUSES_MAX = 5;

/**
 * The kind of any error. Unknown errors are `permanent`: what nobody called harmless is not done twice.
 */
export function kindOf(error: unknown): ErrorKind {
  let current = error;
  for (let depth = 0; depth < CAUSES_MAX; depth++) {
    if (typeof current !== "object" || current === null) return "permanent";
    const known = ownKind(current);
    if (known !== undefined) return known;
    const cause = (current as { cause?: unknown }).cause;
    // A TypeError without a cause is a mistake in code; with one it is how `fetch` reports the network.
    if (cause === undefined) return isBug(current) ? "bug" : "permanent";
    current = cause;
  }
  return "permanent";
}

interface Marks {
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
}

function ownKind(error: Marks): ErrorKind | undefined {
  if (KINDS.has(error.kind)) return error.kind as ErrorKind;
  if (error.name === "AbortError") return "cancelled";
  if (error.name === "TimeoutError" || TRANSIENT_CODES.has(error.code)) return "transient";
  const status = error.status ?? error.statusCode;
  if (typeof status === "number" && status >= 400) {
    return TRANSIENT_STATUS.has(status) ? "transient" : "permanent";
  }
  return undefined;
}

function isBug(error: object): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError ||
    (error as Marks).code === "ERR_ASSERTION"
  );
}

/** How long the other side asked us to wait, ms; undefined when it did not. */
export function retryAfterOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if (error instanceof ResilienceError) return error.details.retryAfterMs;
  const ms = (error as { retryAfterMs?: unknown }).retryAfterMs;
  return typeof ms === "number" && Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/**
 * Reads an HTTP `Retry-After` header (RFC 9110 §10.2.3): seconds or a date.
 * @param wallMs Unix time, for the date form.
 * @returns ms from now, never negative; undefined when it is neither.
 */
export function parseRetryAfter(header: string | null, wallMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - wallMs);
}
