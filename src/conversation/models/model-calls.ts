/** How a model is called: its rules of time, its breaker and retries, what it is asked and what is heard of it. */
import type { ModelMessage } from "ai";
import type { CircuitBreaker } from "../../resilience/breaker.js";
import type { Backend, Policies } from "../../resilience/policies.js";
import type { Policy } from "../../resilience/policy.js";
import { RETRIES } from "../../resilience/retry.js";
import type { TextVerdict, TokenUsage } from "./attempt.js";
import type { ModelRef } from "./model-refs.js";

/** Waits up to this are waited for; for longer ones the next model answers. */
const RETRY_AFTER_MS_MAX = 2000;
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
  /** The same, for a model that is too small for all of it. */
  readonly short?: Omit<ModelPrompt, "short">;
}

/** What a model is asked, to see whether it answers again. */
export const PROBE: ModelPrompt = {
  system: "Answer with one word.",
  messages: [{ role: "user", content: "Hello." }],
  tokensMax: 8,
};

export interface ReplyEvents {
  /**
   * A new attempt: what came of an earlier one is void.
   * @param opensInThought of this model only the end of a thought is seen: nothing is speech before it.
   */
  began(opensInThought: boolean): void;
  firstToken(): void;
  text(piece: string): TextVerdict;
  /** A wish by a tool call. */
  wish(wish: string): void;
  /** Whether something of this reply was given to the voice already: then nobody may begin anew. */
  isCommitted(): boolean;
  usage(usage: TokenUsage): void;
}

/** How a good reply ended: cut is the service's doing, and told to the person. */
export type ReplyEnd = "whole" | "cut";

export interface ModelView {
  readonly name: string;
  /** ready; resting: asked to be left alone; down: its breaker is open; trying: it is tried again; loading: Buddy's own, soon. */
  readonly state: "ready" | "resting" | "down" | "trying" | "loading";
  readonly text: string;
}
