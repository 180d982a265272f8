/**
 * What the edge decides of a push whose signature is good, and what it says of what it has. Pure: times are arguments, Unix
 * ms by the edge's own clock, but for `timeMs`, which the home signed.
 */
import { REPLAY_WINDOW_MS, type EdgeRefusalCode, type PublicState } from "../src/edge/push.js";

/** What the edge keeps of the newest push, beside the picture's bytes. */
export interface Kept {
  readonly home: string;
  readonly receivedMs: number;
  readonly periodS: number;
  readonly state: PublicState;
  /** When it was taken, by the edge's clock; absent without a picture. */
  readonly pictureMs?: number;
}

export interface View {
  readonly kept: Kept;
  readonly jpeg?: Uint8Array<ArrayBuffer> | undefined;
}

export type Verdict =
  | { readonly kind: "take" }
  | { readonly kind: "refuse"; readonly code: EdgeRefusalCode; readonly message: string };

/** Pushes that may fail to come before the home counts as away. */
const PERIODS_MISSED_MAX = 2;

/** A home that is silent for so long is away. */
export function awayAfterMs(periodS: number): number {
  return PERIODS_MISSED_MAX * periodS * 1000;
}

/**
 * @param lastMs signed time of the last push that was taken; each must be later than it, so that none is taken twice.
 * @param home undefined for an erase, which no other home's turn keeps out.
 */
export function judge(
  push: { readonly timeMs: number; readonly home?: string },
  known: { readonly lastMs: number; readonly kept?: Kept | undefined },
  nowMs: number,
): Verdict {
  const { timeMs, home } = push;
  const { lastMs, kept } = known;
  if (Math.abs(timeMs - nowMs) > REPLAY_WINDOW_MS) {
    const message = `expected a time within ${REPLAY_WINDOW_MS / 1000} s of the edge's, got ${timeMs - nowMs} ms beside it`;
    return { kind: "refuse", code: "EDGE_TIME", message };
  }
  if (timeMs <= lastMs) {
    const message = `expected a time after that of the last push, got ${lastMs - timeMs} ms before it`;
    return { kind: "refuse", code: "EDGE_REPLAY", message };
  }
  if (home !== undefined && kept !== undefined && kept.home !== home) {
    const silentMs = nowMs - kept.receivedMs;
    if (silentMs <= awayAfterMs(kept.periodS)) {
      const message = `another home pushes with this key, ${Math.round(silentMs / 1000)} s ago; stop one of them or give it a key and an edge of its own`;
      return { kind: "refuse", code: "EDGE_OTHER_HOME", message };
    }
  }
  return { kind: "take" };
}

/** `/api/public`. */
export interface PublicAnswer {
  /** When the home last pushed, ISO 8601; null before the first push and after an erase. */
  readonly asOf: string | null;
  /** Since then, whole seconds; null as above. */
  readonly ageS: number | null;
  readonly isHome: boolean;
  /** The last push, when two more have failed to come; else null. */
  readonly awaySince: string | null;
  readonly state: PublicState | null;
  readonly snapshot: { readonly asOf: string; readonly ageS: number } | null;
  /** The same in words. */
  readonly text: string;
}

export function publicAnswer(view: View | undefined, nowMs: number): PublicAnswer {
  if (view === undefined) {
    const text = "Nothing is known: its home has pushed nothing yet.";
    return {
      asOf: null,
      ageS: null,
      isHome: false,
      awaySince: null,
      state: null,
      snapshot: null,
      text,
    };
  }
  const { receivedMs, periodS, state, pictureMs } = view.kept;
  const asOf = iso(receivedMs);
  const isHome = nowMs - receivedMs <= awayAfterMs(periodS);
  const snapshot =
    pictureMs === undefined ? null : { asOf: iso(pictureMs), ageS: ageS(pictureMs, nowMs) };
  return {
    asOf,
    ageS: ageS(receivedMs, nowMs),
    isHome,
    awaySince: isHome ? null : asOf,
    state,
    snapshot,
    text: isHome ? `As of ${asOf}.` : `Home is away since ${asOf}; this is the last that it said.`,
  };
}

/** Whole seconds; the edge's machines differ by milliseconds, and no age is negative. */
export function ageS(atMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - atMs) / 1000));
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
