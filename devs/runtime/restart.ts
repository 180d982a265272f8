/**
 * When a failed duty runs again: a pure step, so that its rules are tested without a fiber or a clock.
 * The wait doubles from 200 ms to 5 s with up to a quarter of jitter and starts over after 10 s of good
 * running. More than five restarts within a minute make the duty "failing", which is reported, not hidden.
 */

/** First wait after a failure; the time a peer needs to answer again after a dropped packet (guess). */
const WAIT_FIRST_MS = 200;
const WAIT_MS_MAX = 5000;
/** A run this long counts as recovered. */
const GOOD_RUN_MS = 10000;
const RESTARTS_MAX = 5;
const PERIOD_MS = 60000;

export interface RestartState {
  /** Wait that the last failure led to, without jitter; 0 before the first. */
  waitMs: number;
  /** When the last failures happened, oldest first, at most `RESTARTS_MAX + 1` of them. */
  failedAtMs: number[];
  /** Restarts since boot. */
  restarts: number;
  /** More than the allowed number of restarts fell into the last period. */
  failing: boolean;
}

export function newRestartState(): RestartState {
  return { waitMs: 0, failedAtMs: [], restarts: 0, failing: false };
}

/**
 * Notes a failure of a run that began at `startedMs` and returns how many ms to wait before the next.
 * `random` is in [0, 1).
 */
export function noteFailure(
  state: RestartState,
  startedMs: number,
  nowMs: number,
  random: number,
): number {
  if (state.waitMs === 0 || nowMs - startedMs >= GOOD_RUN_MS) state.waitMs = WAIT_FIRST_MS;
  else state.waitMs = Math.min(state.waitMs * 2, WAIT_MS_MAX);
  state.failedAtMs.push(nowMs);
  if (state.failedAtMs.length > RESTARTS_MAX + 1) state.failedAtMs.shift();
  state.restarts++;
  state.failing = isFailing(state, nowMs);
  return state.waitMs + Math.floor((random * state.waitMs) / 4);
}

/** Whether more restarts than allowed lie within the period that ends at `nowMs`. */
export function isFailing(state: RestartState, nowMs: number): boolean {
  const oldestMs = state.failedAtMs[0];
  return (
    state.failedAtMs.length > RESTARTS_MAX && oldestMs !== undefined && nowMs - oldestMs < PERIOD_MS
  );
}
