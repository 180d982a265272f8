/**
 * A loop whose steps are known, timed from outside: what a chip does in a second, without its clock and with nothing of the program
 * but the loop. Pure.
 */

/** Rounds of the firmware's loop that are asked for (`devs/link/cable.ts`). */
export const LOOP_ROUNDS = 1000;
/** Tries with and without the loop; the quickest of each count, for everything else only makes them longer. */
export const LOOP_TRIES = 12;
/** Steps of one round in the relinked image, counted in the stock VM (`test/e2e/gateway/cable.test.ts`). */
export const LOOP_ROUND_STEPS = 9;
/** Below this difference the host's own clock and line decide, not the chip. */
const DIFFERENCE_MS_MIN = 2;

export interface LoopSample {
  readonly rounds: number;
  /** From the order to the answer. */
  readonly ms: number;
}

/** Steps a second; undefined when there is nothing to say it by, or no chip is as fast. */
export function loopStepsPerS(samples: readonly LoopSample[]): number | undefined {
  const quickest = (rounds: number): number =>
    Math.min(...samples.filter((one) => one.rounds === rounds).map(({ ms }) => ms));
  const differenceMs = quickest(LOOP_ROUNDS) - quickest(0);
  if (!Number.isFinite(differenceMs) || differenceMs < DIFFERENCE_MS_MIN) return undefined;
  return Math.round((LOOP_ROUNDS * LOOP_ROUND_STEPS * 1000) / differenceMs);
}
