/**
 * Tells a part that grows from one that has warmed up or is busy for a moment. What counts is the least that it held in each
 * ten minutes: garbage comes and goes, a leak stays. Pure; monotonic ms, bytes.
 */

const WINDOW_MS = 600_000;
/** Guess: a part that holds half as much again, and as much as a small process, does not come back from it by itself. */
const GROWN_SHARE = 1.5;
const GROWN_BYTES = 40_000_000;

export interface Growth {
  /** The process: a new one begins anew. */
  readonly generation: number;
  readonly windowFromMs: number;
  readonly windowLeast: number;
  /** Windows that are over. */
  readonly windows: number;
  /** The least of the second window, in which all that is loaded once has been; undefined before its end. */
  readonly firstBytes: number | undefined;
  /** The least of the last window that is over. */
  readonly lastBytes: number | undefined;
}

export function stepGrowth(
  before: Growth | undefined,
  generation: number,
  bytes: number,
  nowMs: number,
): Growth {
  if (before?.generation !== generation) {
    const windowLeast = bytes;
    const nothing = { windows: 0, firstBytes: undefined, lastBytes: undefined };
    return { generation, windowFromMs: nowMs, windowLeast, ...nothing };
  }
  if (nowMs - before.windowFromMs < WINDOW_MS) {
    return { ...before, windowLeast: Math.min(before.windowLeast, bytes) };
  }
  const { windowLeast } = before;
  return {
    generation,
    windowFromMs: nowMs,
    windowLeast: bytes,
    windows: before.windows + 1,
    firstBytes: before.windows === 1 ? windowLeast : before.firstBytes,
    lastBytes: windowLeast,
  };
}

/** From what to what it has grown; undefined while it has not. */
export function grownOf(
  growth: Growth | undefined,
): { readonly fromBytes: number; readonly toBytes: number } | undefined {
  const { firstBytes, lastBytes } = growth ?? {};
  if (firstBytes === undefined || lastBytes === undefined) return undefined;
  if (lastBytes < firstBytes * GROWN_SHARE || lastBytes - firstBytes < GROWN_BYTES)
    return undefined;
  return { fromBytes: firstBytes, toBytes: lastBytes };
}
