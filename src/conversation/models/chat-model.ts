/**
 * One model of the list: its client, its breaker, and whether it may be asked now. A model that asked to be left alone
 * (429) is left alone for that long; one whose breaker is open is not called at all.
 */
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { tool, type LanguageModel, type ModelMessage, type ToolSet } from "ai";
import { z } from "zod";
import type { CircuitBreaker } from "../../resilience/breaker.js";
import type { Policy } from "../../resilience/policy.js";
import type { Backend, Policies } from "../../resilience/policies.js";
import { RETRIES } from "../../resilience/retry.js";
import type { Clock } from "../../time/clock.js";
import { ACTION_FORMS } from "../reply/actions.js";
import {
  attempt,
  type AttemptEnd,
  type AttemptEvents,
  type AttemptLimits,
  type AttemptRequest,
} from "./attempt.js";
import { limitedFetch } from "./limited-fetch.js";
import { ModelError } from "./model-error.js";
import { isLocal, type ModelRef, type ModelServices } from "./model-refs.js";
import {
  firstForm,
  simplerForm,
  thinkOptions,
  withThoughts,
  type RequestForm,
} from "./request-form.js";

/** Waits up to this are waited for; for longer ones the next model answers. */
const RETRY_AFTER_MS_MAX = 2000;
/** What a small context is given: the last exchange and the question. */
const SHORT_MESSAGES = 3;

export interface ModelRules {
  readonly firstTokenMs: number;
  /** A local model may have to be loaded first. */
  readonly firstTokenLocalMs: number;
  readonly stallMs: number;
}

export const MODEL_RULES: ModelRules = {
  firstTokenMs: 8000,
  firstTokenLocalMs: 20_000,
  stallMs: 5000,
};

/** How one model is called; made once for each, since breakers and figures outlive a change of the settings. */
export interface ModelCalls {
  readonly policy: Policy;
  readonly breaker: CircuitBreaker;
}

/** No attempt outlasts the longest budget that can be set. */
const ATTEMPT_MS_MAX = 300_000;

export function modelCalls(ref: ModelRef, policies: Policies): ModelCalls {
  const backend: Backend = {
    id: `model-${ref.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`,
    title: `Model ${ref.name}`,
    remedy: "Until then the next model answers, or Buddy by itself.",
    // The conversation's own line says how the models are.
    watchedBy: "mind",
  };
  const retry = { ...RETRIES.model, retryAfterMsMax: RETRY_AFTER_MS_MAX };
  return {
    policy: policies.policy(`chat ${ref.name}`, { backend, attemptMs: ATTEMPT_MS_MAX, retry }),
    breaker: policies.breaker(backend),
  };
}

export interface ModelPrompt {
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  /** Longest reply. */
  readonly tokensMax: number;
}

export interface ReplyEvents {
  /** A new attempt: what came of an earlier one is void. */
  began(): void;
  firstToken(): void;
  /** @returns false when no more is wanted. */
  text(piece: string): boolean;
  /** A wish by a tool call. */
  wish(wish: string): void;
  /** Whether something of this reply was given to the voice already: then nobody may begin anew. */
  isCommitted(): boolean;
}

export interface ModelView {
  readonly name: string;
  /** ready; resting: asked to be left alone; down: its breaker is open; trying: it is tried again. */
  readonly state: "ready" | "resting" | "down" | "trying";
  readonly text: string;
}

export interface ChatModelDeps {
  readonly services: ModelServices;
  readonly rules: ModelRules;
  readonly clock: Clock;
  readonly calls: ModelCalls;
  /** It gave no word in the time for that; it may not be loaded. */
  readonly onSilent?: () => void;
}

export class ChatModel {
  private readonly client: LanguageModel;
  private restUntilMs = Number.NEGATIVE_INFINITY;
  /** What this service was found to take. */
  private form: RequestForm;

  constructor(
    readonly ref: ModelRef,
    private readonly deps: ChatModelDeps,
  ) {
    this.form = firstForm(ref);
    this.client = clientOf(ref, deps.services, () => this.form.lengthName);
  }

  get canSee(): boolean {
    return this.form.hasPictures;
  }

  /** Why it is not asked now, or undefined when it is. */
  whyNot(): string | undefined {
    const restMs = this.restUntilMs - this.deps.clock.nowMs();
    if (restMs > 0) return `it asked to be left alone for ${Math.ceil(restMs / 1000)} s more`;
    const { state, retryInMs } = this.deps.calls.breaker.view();
    if (state === "open") {
      return `it failed again and again; tried again in ${Math.ceil((retryInMs ?? 0) / 1000)} s`;
    }
    return state === "isolated" ? "a person has switched it off" : undefined;
  }

  view(): ModelView {
    const { name } = this.ref;
    const why = this.whyNot();
    const { state, lastError } = this.deps.calls.breaker.view();
    if (why === undefined) {
      if (state === "halfOpen") return { name, state: "trying", text: "It is being tried again." };
      return { name, state: "ready", text: "It answers." };
    }
    const isResting = this.restUntilMs > this.deps.clock.nowMs();
    const last = lastError === undefined ? "" : ` Last error: ${lastError}.`;
    return { name, state: isResting ? "resting" : "down", text: `Not used: ${why}.${last}` };
  }

  /** The service was seen to be well: it may be asked at once. */
  recovered(): void {
    this.restUntilMs = Number.NEGATIVE_INFINITY;
    if (this.deps.calls.breaker.view().state === "open")
      this.deps.calls.breaker.reset("the service answers again");
  }

  /** Calls back when the model becomes unusable and when it works again. */
  onDownChange(listener: (isDown: boolean, why: string) => void): () => void {
    return this.deps.calls.breaker.onChange(({ to, reason }) => {
      if (to === "open") listener(true, reason);
      if (to === "closed") listener(false, reason);
    });
  }

  /**
   * Streams one reply.
   * @param leftMs time that the turn has left.
   * @param hasNext another model can be asked after this one: it must be left time.
   * @throws ModelError, ResilienceError, or the signal's reason.
   */
  async reply(
    prompt: ModelPrompt,
    leftMs: number,
    signal: AbortSignal,
    events: ReplyEvents,
    hasNext: boolean,
  ): Promise<void> {
    const endMs = this.deps.clock.nowMs() + leftMs;
    try {
      await this.deps.calls.policy.run(async ({ signal: own }) => {
        events.began();
        await this.once(prompt, endMs, own, events, hasNext);
      }, signal);
    } catch (error) {
      const askedMs = error instanceof ModelError ? error.retryAfterMs : undefined;
      if (askedMs !== undefined) this.restUntilMs = this.deps.clock.nowMs() + askedMs;
      throw error;
    }
  }

  private async once(
    prompt: ModelPrompt,
    endMs: number,
    signal: AbortSignal,
    events: ReplyEvents,
    hasNext: boolean,
  ): Promise<void> {
    const before = this.form;
    let isAnswered = false;
    const heard: AttemptEvents = {
      text: (piece) => events.text(piece),
      firstToken: () => {
        isAnswered = true;
        events.firstToken();
      },
    };
    for (;;) {
      const limits = this.limits(endMs - this.deps.clock.nowMs(), hasNext);
      try {
        const end = await attempt(
          this.request(prompt, events),
          limits,
          this.deps.clock,
          signal,
          heard,
        );
        if (end === "whole" || !this.makeRoom(end, events)) return;
        events.began();
      } catch (error) {
        if (error instanceof ModelError && error.code === "MODEL_SILENT") this.deps.onSilent?.();
        if (events.isCommitted()) throw asFinal(error);
        const next = error instanceof ModelError ? simplerForm(this.form, error) : undefined;
        // Refused in every form: it was not the form, and nothing is left out the next time.
        if (next === undefined && !isAnswered) this.form = before;
        if (next === undefined) throw error;
        this.form = next;
      }
    }
  }

  private request(
    { system, messages, tokensMax }: ModelPrompt,
    events: ReplyEvents,
  ): AttemptRequest {
    const { asksNotToThink, hasTools, hasPictures, isShort, thoughtTokens } = this.form;
    const said = isShort ? messages.slice(-SHORT_MESSAGES) : messages;
    return {
      model: this.client,
      system,
      messages: hasPictures ? said : withoutPictures(said),
      tools: hasTools ? actionTools(events) : undefined,
      tokensMax: tokensMax + thoughtTokens,
      providerOptions: asksNotToThink ? thinkOptions(this.ref) : undefined,
    };
  }

  /** It has thought away the tokens of its reply. @returns whether it is to be asked once more. */
  private makeRoom(end: AttemptEnd, events: ReplyEvents): boolean {
    const next = withThoughts(this.form);
    if (next !== undefined) this.form = next;
    if (events.isCommitted()) return false;
    if (next !== undefined) return true;
    if (end === "outOfTokens") return false;
    throw new ModelError("MODEL_EMPTY", "permanent", "it thought until no words were left to it");
  }

  private limits(leftMs: number, hasNext: boolean): AttemptLimits {
    const { firstTokenMs, firstTokenLocalMs, stallMs } = this.deps.rules;
    const totalMs = Math.max(1, leftMs);
    const wordMs = isLocal(this.ref, this.deps.services) ? firstTokenLocalMs : firstTokenMs;
    return {
      // A silent model never uses up the time of the next one.
      firstTokenMs: Math.min(wordMs, hasNext ? totalMs / 2 : totalMs),
      stallMs: Math.min(stallMs, totalMs),
      totalMs,
    };
  }
}

/** After words were spoken the same model must not begin anew either. */
function asFinal(error: unknown): unknown {
  if (!(error instanceof ModelError) || error.kind !== "transient") return error;
  return new ModelError(error.code, "permanent", error.message, error.retryAfterMs, {
    cause: error,
  });
}

function clientOf(
  { provider, model }: ModelRef,
  services: ModelServices,
  lengthName: () => RequestForm["lengthName"],
): LanguageModel {
  const fetch = limitedFetch as typeof globalThis.fetch;
  if (provider === "google") {
    const { baseUrl: baseURL, apiKey } = services.google;
    // Without a key the service is asked all the same and says so itself: an explicit "" keeps the SDK from throwing.
    return createGoogleGenerativeAI({ baseURL, apiKey: apiKey ?? "", fetch })(model);
  }
  if (provider === "ollama") {
    const baseURL = `${services.ollama.baseUrl}/v1`;
    return createOpenAICompatible({ name: "ollama", baseURL, fetch })(model);
  }
  const { baseUrl: baseURL, apiKey } = services.openai;
  const key = apiKey === undefined ? {} : { apiKey };
  const transformRequestBody = ({
    max_tokens: length,
    ...body
  }: Record<string, unknown>): Record<string, unknown> => ({ ...body, [lengthName()]: length });
  const own = { name: "openai", baseURL, ...key, fetch, transformRequestBody };
  return createOpenAICompatible(own)(model);
}

/** The one tool: a wish, checked like a tag. Its answer is the same whether it is granted or not. */
function actionTools(events: ReplyEvents): ToolSet {
  return {
    robot_action: tool({
      description: `Moves your body. One of: ${ACTION_FORMS.join("; ")}.`,
      inputSchema: z.object({ action: z.string().max(60) }),
      execute: ({ action }) => {
        events.wish(action);
        return "noted; go on with your words";
      },
    }),
  };
}

function withoutPictures(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== "user" || typeof message.content === "string") return message;
    return { ...message, content: message.content.filter((part) => part.type === "text") };
  });
}
