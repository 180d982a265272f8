/**
 * Full jitter: a random wait up to min(cap, base × 2^attempt). With base 250 ms and cap 10 s the upper bounds are
 * 0.25, 0.5, 1, 2, 4, 8, 10, 10 … s, for ever; many clients do not come back in step.
 */
import type { Chance } from "./chance.js";

/** @returns milliseconds to wait before attempt number `attempt` (0 is the first retry). */
export function fullJitterMs(
  attempt: number,
  baseMs: number,
  capMs: number,
  chance: Chance,
): number {
  const boundMs = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
  return chance.next() * boundMs;
}
