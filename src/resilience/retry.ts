/**
 * When to try again: base × 2^attempt, ± 20 % by chance, only after transient errors, never sooner than the other
 * side asked for. The decision is pure; `policy.ts` waits.
 *
 * Waits before the jitter, ms (calls in all = attemptsMax):
 *   link          200 400 800 1600   (5 calls)
 *   model         500                (2 calls)
 *   agentMessage  150 300 600        (4 calls)
 *   fetch         100 200            (3 calls)
 */
import type { Chance } from "../time/chance.js";
import { isResilienceError, kindOf, retryAfterOf } from "./errors.js";

export interface RetryRules {
  /** Calls in all, the first one included. */
  readonly attemptsMax: number;
  /** Wait after the first failure. */
  readonly baseMs: number;
  /** No wait of ours is longer. */
  readonly waitMsMax: number;
  /** Asked to wait longer than this, we give up instead and let the caller choose something else. */
  readonly retryAfterMsMax: number;
}

export const JITTER = 0.2;

const limits = { waitMsMax: 30_000, retryAfterMsMax: 30_000 };

/** E2's table, by kind of operation. */
export const RETRIES = {
  link: { attemptsMax: 5, baseMs: 200, ...limits },
  model: { attemptsMax: 2, baseMs: 500, ...limits },
  agentMessage: { attemptsMax: 4, baseMs: 150, ...limits },
  fetch: { attemptsMax: 3, baseMs: 100, ...limits },
  /** For what must not be done twice. */
  never: { attemptsMax: 1, baseMs: 1, ...limits },
} as const satisfies Record<string, RetryRules>;

export type RetryName = keyof typeof RETRIES;

export type RetryDecision =
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "giveUp"; readonly why: string };

/**
 * What follows a failed attempt.
 * @param attempt index of the attempt that failed, from 0.
 */
export function afterFailure(
  attempt: number,
  error: unknown,
  rules: RetryRules,
  chance: Chance,
): RetryDecision {
  const kind = kindOf(error);
  if (kind !== "transient") return { kind: "giveUp", why: `the error is ${kind}` };
  // The breaker knows for how long: asking it again in a moment is what it is there to stop.
  if (isResilienceError(error, "RESILIENCE_OPEN")) return { kind: "giveUp", why: "not called" };
  if (attempt + 1 >= rules.attemptsMax) {
    return { kind: "giveUp", why: `${rules.attemptsMax} attempts made` };
  }
  const askedMs = retryAfterOf(error) ?? 0;
  if (askedMs > rules.retryAfterMsMax) {
    return { kind: "giveUp", why: `asked to wait ${askedMs} ms` };
  }
  const backoffMs = Math.min(rules.waitMsMax, rules.baseMs * 2 ** attempt);
  // What was asked for is a lower bound: jitter on it goes up only, so that those who were all told the same
  // do not come back together.
  const jitter = chance.next();
  const ownMs = backoffMs * (1 - JITTER + 2 * JITTER * jitter);
  return { kind: "wait", ms: Math.max(ownMs, askedMs * (1 + JITTER * jitter)) };
}
