/**
 * Which pictures are searched for a face. A search without a face costs 25 ms, one with a face 8 ms, so an empty
 * room is searched 5 times a second; but what moves is looked at soon, and a face that was just lost is looked for in
 * every picture. Pure.
 */

/** An empty, still room is searched this often. */
const IDLE_SEARCH_MS = 200;
/** After a face was lost every picture is searched for this long. */
const LOST_SEARCH_MS = 1000;
/** Something moved: search, but not more often than this. */
const MOTION_SEARCH_MS = 66;
/** Mean difference of two pictures that counts as motion; sensor noise makes about 0.006. */
const MOTION_DIFFERENCE = 0.02;

export interface SearchState {
  /** Monotonic ms; undefined: never. */
  readonly searchedAtMs: number | undefined;
  readonly seenAtMs: number | undefined;
}

/** True when the picture now at hand should be searched. `difference` as in `Light`. */
export function shouldSearch(
  state: SearchState,
  difference: number | undefined,
  nowMs: number,
): boolean {
  if (state.searchedAtMs === undefined) return true;
  if (state.seenAtMs !== undefined && nowMs - state.seenAtMs <= LOST_SEARCH_MS) return true;
  const sinceMs = nowMs - state.searchedAtMs;
  if (sinceMs >= IDLE_SEARCH_MS) return true;
  return (difference ?? 0) >= MOTION_DIFFERENCE && sinceMs >= MOTION_SEARCH_MS;
}
