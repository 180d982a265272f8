/**
 * One request to a model, as a stream, that always ends and always closes its connection: a limit on the first token, on
 * silence between tokens and on the whole, and an abort in `finally` whatever happened. The AI SDK is told to retry
 * nothing; its `fullStream` is read because `textStream` hides errors; and whether the end was our doing is decided
 * by our own signal, never by the kind of error that comes out of it.
 */
import { streamText, stepCountIs, type LanguageModel, type ModelMessage, type ToolSet } from "ai";
import type { CancelTimer, Clock } from "../../time/clock.js";
import { toModelError } from "./model-answer.js";
import { ModelError, type ModelCode } from "./model-error.js";

export interface AttemptLimits {
  readonly firstTokenMs: number;
  readonly stallMs: number;
  readonly totalMs: number;
}

export interface AttemptRequest {
  readonly model: LanguageModel;
  /** Absent where the service takes no such role. */
  readonly system: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools: ToolSet | undefined;
  readonly tokensMax: number;
  /** What only one kind of service understands. */
  readonly providerOptions: Parameters<typeof streamText>[0]["providerOptions"];
}

/**
 * cut: the service ended it before it was whole. It may have thought until no token was left for the end of the reply
 * (outOfTokens), or for any of it (onlyThoughts).
 */
export type AttemptEnd = "whole" | "cut" | "outOfTokens" | "onlyThoughts";

/** What is wanted of the rest: enough is as good as a whole reply; stuck is the model's failure. */
export type TextVerdict = "more" | "enough" | "stuck";

export interface AttemptEvents {
  text(piece: string): TextVerdict;
  /** The model is alive, but this is not for the ear. */
  firstToken(): void;
  /** Whether what came of the text so far is a thought that has not ended. */
  isInThought(): boolean;
  /** What the service counted, as far as it tells. */
  usage(usage: TokenUsage): void;
}

export interface TokenUsage {
  readonly promptTokens: number | undefined;
  /** Of them, not read anew. */
  readonly cachedTokens: number | undefined;
}

/** Tool calls are answered and the model goes on; it may do so this often. */
const STEPS_MAX = 3;
/** Why a reply ended, in the services' own words. */
const WHOLE =
  /^(?:stop|stop_sequence|eos|eos_token|end|end_turn|complete|completed|tool_?calls?|function_call|tool_use)$/i;
/** The service's trouble, not the reply's end. */
const FAILED =
  /^(?:error|abort(?:ed)?|cancell?ed|failed|network_error|insufficient_system_resource)$/i;
const CUT = /length|max|token|continuation/i;
const BLOCKED = /filter|safety|blocklist|prohibited|spii|recitation|refusal|sensitive|language/i;

/**
 * @param signal the turn's; its abort closes the request.
 * @throws ModelError, or the signal's reason when it was aborted.
 */
export async function attempt(
  request: AttemptRequest,
  limits: AttemptLimits,
  clock: Clock,
  signal: AbortSignal,
  events: AttemptEvents,
): Promise<AttemptEnd> {
  const own = new AbortController();
  const guard = new Guard(limits, clock, own);
  const onAbort = (): void => own.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await read(request, own.signal, guard, events);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw guard.error ?? toModelError(error, clock.wallMs());
  } finally {
    guard.close();
    signal.removeEventListener("abort", onAbort);
    // Also after a good end: leaving the loop early does not close the request by itself.
    own.abort();
  }
}

async function read(
  request: AttemptRequest,
  signal: AbortSignal,
  guard: Guard,
  events: AttemptEvents,
): Promise<AttemptEnd> {
  const result = streamText({
    model: request.model,
    ...(request.system !== undefined && { system: request.system }),
    messages: [...request.messages],
    ...(request.tools && { tools: request.tools, stopWhen: stepCountIs(STEPS_MAX) }),
    maxOutputTokens: request.tokensMax,
    ...(request.providerOptions && { providerOptions: request.providerOptions }),
    maxRetries: 0,
    abortSignal: signal,
    // Errors are read from the stream; the default prints them.
    onError: () => undefined,
  });
  const parts = result.fullStream[Symbol.asyncIterator]();
  let hasText = false;
  let hasThought = false;
  let reason: string | undefined;
  for (;;) {
    const next = await race(parts.next(), signal);
    if (next.done === true) break;
    const part = next.value;
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw signal.reason ?? new Error("aborted");
    if (
      part.type === "text-delta" ||
      part.type === "reasoning-delta" ||
      part.type === "tool-call"
    ) {
      if (guard.token()) events.firstToken();
    }
    if (part.type === "reasoning-delta") hasThought = true;
    // After a tool's answer it goes on with a sentence of its own.
    if (part.type === "start-step" && hasText) events.text("\n");
    if (part.type === "finish") {
      reason = part.rawFinishReason ?? unnamed(part.finishReason);
      const { inputTokens, inputTokenDetails, outputTokenDetails } = part.totalUsage;
      hasThought ||= (outputTokenDetails.reasoningTokens ?? 0) > 0;
      events.usage({ promptTokens: inputTokens, cachedTokens: inputTokenDetails.cacheReadTokens });
    }
    if (part.type === "tool-call") hasText = true;
    if (part.type !== "text-delta" || part.text === "") continue;
    hasText = true;
    const verdict = events.text(part.text);
    if (verdict === "enough") return "whole";
    if (verdict === "stuck") {
      throw new ModelError(
        "MODEL_STUCK",
        "permanent",
        "it repeats itself or does not come to an end",
      );
    }
  }
  return endOf(reason, { hasText, hasThought, isInThought: events.isInThought() });
}

/** Google's client gives a stream without a reason "other", and no word of the service. */
function unnamed(reason: string): string | undefined {
  return reason === "other" || reason === "unknown" ? undefined : reason;
}

function endOf(
  reason: string | undefined,
  came: { readonly hasText: boolean; readonly hasThought: boolean; readonly isInThought: boolean },
): AttemptEnd {
  const { hasText, hasThought, isInThought } = came;
  if (reason !== undefined && /malformed|unexpected_tool|invalid_tool/i.test(reason)) {
    throw new ModelError("MODEL_REFUSED", "permanent", `the tools confuse it: ${reason}`);
  }
  if (reason !== undefined && FAILED.test(reason)) {
    throw new ModelError("MODEL_FAILED", "transient", `the service broke it off: ${reason}`);
  }
  if (reason !== undefined && BLOCKED.test(reason)) {
    if (hasText) return "cut";
    throw new ModelError("MODEL_BLOCKED", "permanent", `the service blocked it: ${reason}`);
  }
  const isWhole = reason !== undefined && WHOLE.test(reason);
  if (reason !== undefined && !isWhole && CUT.test(reason)) {
    if (!hasText) return "onlyThoughts";
    return hasThought || isInThought ? "outOfTokens" : "cut";
  }
  if (reason === undefined) {
    throw new ModelError("MODEL_CUT", "transient", "the stream ended without a finish reason");
  }
  if (!hasText) throw new ModelError("MODEL_EMPTY", "permanent", "the answer holds no words");
  // A reason that nobody knows: the service did not say that the reply is whole.
  return isWhole ? "whole" : "cut";
}

/** The stream's next part, or the abort: whoever implements the stream may be slow to notice. */
function race<T>(next: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    next.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** The three limits of an attempt. */
class Guard {
  error: ModelError | undefined;
  private cancelWait: CancelTimer;
  private readonly cancelTotal: CancelTimer;
  private hasToken = false;

  constructor(
    private readonly limits: AttemptLimits,
    private readonly clock: Clock,
    private readonly own: AbortController,
  ) {
    const { firstTokenMs, totalMs } = limits;
    this.cancelWait = this.arm(firstTokenMs, "MODEL_SILENT", "no first word");
    this.cancelTotal = this.arm(totalMs, "MODEL_SLOW", "not done");
  }

  /** @returns true for the first one. */
  token(): boolean {
    const isFirst = !this.hasToken;
    this.hasToken = true;
    this.cancelWait();
    this.cancelWait = this.arm(this.limits.stallMs, "MODEL_STALLED", "the stream stopped");
    return isFirst;
  }

  close(): void {
    this.cancelWait();
    this.cancelTotal();
  }

  private arm(ms: number, code: ModelCode, what: string): CancelTimer {
    return this.clock.after(ms, () => {
      // "permanent": the same model is not asked a second time in this turn after such a wait.
      this.error = new ModelError(code, "permanent", `${what} in ${Math.round(ms)} ms`);
      this.own.abort(this.error);
    });
  }
}
