/**
 * How a part of ours is started, so that it keeps no memory that it does not use. The whole demo held 650 MB before this and the
 * VM without its compiler, 344 MB after (docs/BENCH.md, "Processor and memory").
 */
import { setFlagsFromString } from "node:v8";

/**
 * V8 by itself lets 8 MB of garbage gather in the old generation of each process before it looks, which takes a quiet one an
 * hour: that was most of what the demo grew by. For size it is 2 MB, or a third of what lives.
 */
const FOR_SIZE = "--optimize-for-size";

/** Node's own arguments, before the program. A young generation of 16 MB is for servers: here it only fills with garbage. */
export const SMALL_HEAP_ARGS: readonly string[] = ["--max-semi-space-size=1", FOR_SIZE];

/**
 * For a part that makes garbage all the time. V8's memory reducer collects what the start has left behind, 1 to 5 MB, and then
 * allows 8 MB again, once: of those, a quiet part does not fill two in an hour.
 */
export const BUSY_HEAP_ARGS: readonly string[] = [...SMALL_HEAP_ARGS, "--no-memory-reducer"];

/** For a process whose arguments are its user's: V8 reads this one at each collection. */
export function keepHeapSmall(): void {
  setFlagsFromString(FOR_SIZE);
}

/**
 * For the C library (glibc; others ignore it): one arena for all threads, and what is freed at its end goes back to the system.
 * V8's compiler for WebAssembly alone leaves 50 MB in vision otherwise.
 */
export const SMALL_HEAP_ENV: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_TRIM_THRESHOLD_: "131072",
};
