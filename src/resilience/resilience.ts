/**
 * The companion's one set of breakers and policies, by name: what health, metrics and the page read, and what is
 * saved over a restart.
 */
import { reasonOf } from "../host/reason.js";
import { systemChance, type Chance } from "../time/chance.js";
import { systemClock, type Clock } from "../time/clock.js";
import type { BreakerRules, Transition } from "./breaker-core.js";
import { CircuitBreaker, type BreakerOptions, type BreakerView } from "./breaker.js";
import type { OperationView } from "./metrics.js";
import { Policy, type PolicyOptions } from "./policy.js";

export type ResilienceOptions = {
  readonly clock?: Clock;
  readonly chance?: Chance;
};

export class Resilience {
  private readonly clock: Clock;
  private readonly chance: Chance;
  private readonly breakers = new Map<string, CircuitBreaker>();
  private readonly policies: Policy[] = [];
  private readonly listeners = new Set<(transition: Transition, view: BreakerView) => void>();
  private readonly restored = new Map<string, unknown>();

  constructor(options: ResilienceOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.chance = options.chance ?? systemChance;
  }

  /** The breaker of a backend; made at the first call, the same one ever after. */
  breaker(
    backend: string,
    options: Partial<Pick<BreakerOptions, "countsAsFailure">> & {
      readonly rules?: Partial<BreakerRules>;
    } = {},
  ): CircuitBreaker {
    const known = this.breakers.get(backend);
    if (known !== undefined) return known;
    const breaker = new CircuitBreaker(backend, { clock: this.clock, ...options });
    const saved = this.restored.get(backend);
    if (saved !== undefined) breaker.restore(saved);
    breaker.onChange((transition, view) => {
      for (const listener of this.listeners) listener(transition, view);
    });
    this.breakers.set(backend, breaker);
    return breaker;
  }

  /** A way of calling; make it once per operation, not once per call. */
  policy(options: PolicyOptions): Policy {
    const policy = new Policy(options, this.clock, this.chance);
    this.policies.push(policy);
    return policy;
  }

  /** Every transition of every breaker. */
  onBreakerChange(listener: (transition: Transition, view: BreakerView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Breakers and operations as they are now; what `/metrics`, health and the page show. */
  view(): { readonly breakers: BreakerView[]; readonly operations: OperationView[] } {
    return {
      breakers: [...this.breakers.values()].map((breaker) => breaker.view()),
      operations: this.policies.map((policy) => policy.view()),
    };
  }

  /** JSON of all breakers, for a file. */
  save(): string {
    const all = [...this.breakers].map(([backend, breaker]) => [backend, breaker.save()] as const);
    return JSON.stringify({ version: 1, breakers: Object.fromEntries(all) });
  }

  /**
   * Takes over what an earlier process saved, also for breakers that are made later.
   * @returns what was wrong, one line each; those breakers start closed.
   */
  restore(text: string): string[] {
    const breakers = readSaved(text);
    if (typeof breakers === "string") return [breakers];
    const wrong: string[] = [];
    for (const [backend, saved] of breakers) {
      // Tried on a spare one first: a breaker that is made later must not meet a surprise.
      const breaker = this.breakers.get(backend);
      const target = breaker ?? new CircuitBreaker(backend, { clock: this.clock });
      const why = target.restore(saved);
      if (why !== undefined) wrong.push(`breaker ${backend}: ${why}`);
      else if (breaker === undefined) this.restored.set(backend, saved);
      if (breaker === undefined) target.close();
    }
    return wrong;
  }

  /** Everything is stopping: no timer is left, and what fails from here on is no backend's fault. */
  close(): void {
    for (const breaker of this.breakers.values()) breaker.close();
  }
}

/** Saved breakers kept; more than a companion can have backends. */
const SAVED_MAX = 100;

function readSaved(text: string): [string, unknown][] | string {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    // A damaged file is told and costs only the memory of past failures.
    return `saved breakers: not JSON: ${reasonOf(error)}`;
  }
  const outer = raw as { version?: unknown; breakers?: unknown } | null;
  if (outer?.version !== 1 || typeof outer.breakers !== "object" || outer.breakers === null) {
    return "saved breakers: not version 1";
  }
  return Object.entries(outer.breakers).slice(0, SAVED_MAX);
}
