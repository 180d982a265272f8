/** How much memory a model wants, and which context fits; what does not fit is refused before it is loaded. Pure. */
import { amount, BrainError } from "./brain-error.js";
import type { GgufFacts } from "./gguf.js";

/** Longest contexts first. The shortest holds the prompt for small heads, some history and a reply. */
const CONTEXTS = [4096, 2048, 1024] as const;
/** Node, the runtime and its buffers; 195 MB were seen with a context of 2048 (SmolLM2 135M). */
const BASE_BYTES = 220_000_000;
/** Over a head of this size the ordinary prompt is understood. */
const SMALL_PARAMETERS_MAX = 2_500_000_000;

export interface Fit {
  readonly contextTokens: number;
  /** Memory with that context. */
  readonly bytes: number;
}

/**
 * The longest context with which the model fits.
 * @param freeBytes memory that is free now.
 * @throws BrainError `BRAIN_MEMORY` with the figures when it does not even with the shortest.
 */
export function fitModel(facts: GgufFacts, freeBytes: number): Fit {
  const bytesWith = (tokens: number): number =>
    facts.fileBytes + tokens * facts.tokenBytes + BASE_BYTES;
  const possible = CONTEXTS.map((tokens) => Math.min(tokens, facts.contextTokens));
  const contextTokens = possible.find((tokens) => bytesWith(tokens) <= freeBytes);
  if (contextTokens !== undefined) return { contextTokens, bytes: bytesWith(contextTokens) };
  const least = bytesWith(possible.at(-1) as number);
  throw new BrainError(
    "BRAIN_MEMORY",
    `the model wants ${amount(least)} of memory, ${amount(freeBytes)} are free`,
    "end other programs, or take a smaller one: `buddy brain list`",
  );
}

/** Whether it is told less, and by examples. */
export function isSmallHead({ parameters }: Pick<GgufFacts, "parameters">): boolean {
  return parameters < SMALL_PARAMETERS_MAX;
}

/** Memory that a process may still take here, by its container too. */
export function freeMemoryBytes(): number {
  return process.availableMemory();
}
