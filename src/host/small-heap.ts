/**
 * How a part of ours is started, so that it keeps no memory that it does not use. The whole demo held 650 MB before this and the
 * VM without its compiler, 344 MB after (docs/BENCH.md, "Processor and memory").
 */
import { setFlagsFromString } from "node:v8";

/**
 * V8 by itself lets 8 MB of garbage gather in the old generation of each process before it looks, which takes a quiet one an
 * hour: that was most of what the demo grew by. For size it is 2 MB, or a third of what lives; but not after a collection of
 * V8's memory reducer, which is always at work then.
 */
const FOR_SIZE = ["--optimize-for-size", "--no-memory-reducer"] as const;

/** Node's own arguments, before the program. A young generation of 16 MB is for servers: here it only fills with garbage. */
export const SMALL_HEAP_ARGS: readonly string[] = ["--max-semi-space-size=1", ...FOR_SIZE];

/** For a process whose arguments are its user's: V8 reads these at each collection. */
export function keepHeapSmall(): void {
  for (const flag of FOR_SIZE) setFlagsFromString(flag);
}

/**
 * For the C library (glibc; others ignore it): one arena for all threads, and what is freed at its end goes back to the system.
 * V8's compiler for WebAssembly alone leaves 50 MB in vision otherwise.
 */
export const SMALL_HEAP_ENV: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_TRIM_THRESHOLD_: "131072",
};
