/**
 * How a part of ours is started, so that it keeps no memory that it does not use. The whole demo held 650 MB before this and the
 * VM without its compiler, 344 MB after (docs/BENCH.md, "Processor and memory").
 */
import { setFlagsFromString } from "node:v8";
import type { CancelTimer, Clock } from "../time/clock.js";

/**
 * V8 by itself lets 8 MB of garbage gather in the old generation of each process before it looks, which takes a quiet one an
 * hour: that was most of what the demo grew by. For size it is 2 MB, or a third of what lives.
 */
const FOR_SIZE = "--optimize-for-size";

/** Node's own arguments, before the program. A young generation of 16 MB is for servers: here it only fills with garbage. */
export const SMALL_HEAP_ARGS: readonly string[] = ["--max-semi-space-size=1", FOR_SIZE];

/**
 * For a part that takes and frees large pieces of memory outside of V8's heap all the time: pictures. Such a part calls
 * `collectEvery`.
 */
export const PICTURE_HEAP_ARGS: readonly string[] = [...SMALL_HEAP_ARGS, "--expose-gc"];

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

/** glibc otherwise maps a large piece on its own only until the first is freed; then they lie between the small ones, for good. */
export const PICTURE_HEAP_ENV: Readonly<Record<string, string>> = {
  ...SMALL_HEAP_ENV,
  MALLOC_MMAP_THRESHOLD_: "131072",
};

const COLLECT_MS = 60_000;

/**
 * Collects all garbage once a minute, where the process has `PICTURE_HEAP_ARGS`. A picture that was in use while
 * V8 collected its young objects counts as old, some kB for V8 and 15 outside of its heap, for which it sees no need to look for
 * half an hour: by then the C library's heap has doubled around them, and what it has it keeps.
 */
export function collectEvery(clock: Clock): CancelTimer {
  return clock.every(COLLECT_MS, () => globalThis.gc?.());
}
