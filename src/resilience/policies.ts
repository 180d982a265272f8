/**
 * How a part asks for its policies without knowing who keeps them: the companion's one set has breakers that outlive a
 * restart, stands in `/metrics` and is shown on the page. A part takes a `Policies` and makes one policy per operation,
 * once:
 *
 *   const chat = policies.policy("ollama chat", { backend: OLLAMA, attemptMs: 60_000, retry: "model" });
 *   await chat.run(({ signal }) => fetch(url, { signal }), turnSignal);
 */
import type { BreakerRules } from "./breaker-core.js";
import type { CircuitBreaker } from "./breaker.js";
import type { Policy, PolicyOptions } from "./policy.js";

/** What is called. All operations of one backend share its breaker. */
export interface Backend {
  /** Stable: in metrics, in the file of saved breakers and in the address of its reset. Lower case, digits, dashes. */
  readonly id: string;
  /** For people: "Ollama". */
  readonly title: string;
  /** What a person can do when it lasts, a sentence: "Start it with `ollama serve`." */
  readonly remedy: string;
  /** Id of another health source that tells how it is; then its breaker adds no line of its own. */
  readonly watchedBy?: string;
  /** Where E1's figures do not fit, with the reason beside it. Those of the first policy hold. */
  readonly rules?: Partial<BreakerRules>;
  /** Errors that speak against it; by default all but cancelled calls and our own bugs. */
  readonly countsAsFailure?: (error: unknown) => boolean;
}

export interface PolicySpec extends Omit<PolicyOptions, "operation" | "breaker"> {
  readonly backend: Backend;
  /** Must go out whatever the breaker says, as a stop must; it has deadline and figures, and no breaker. */
  readonly isVital?: boolean;
}

export interface Policies {
  /**
   * A way of calling; make it once per operation.
   * @param operation name in metrics and errors, for people: "ollama chat".
   */
  policy(operation: string, spec: PolicySpec): Policy;
  /** A backend's breaker alone, for who composes otherwise; the same one that its policies have. */
  breaker(backend: Backend): CircuitBreaker;
  /**
   * A fact from elsewhere says that the backend is there again (its link opened, its process is ready): an open breaker
   * closes now instead of waiting for its time. One that a person has isolated stays so.
   */
  recovered(backendId: string, why: string): void;
}
