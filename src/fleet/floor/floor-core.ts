/**
 * The floor of a stage, as the server keeps it: one talking stick, a lease with a fencing token, and a queue. Pure; the
 * server's script (`floor-script.ts`) does the same, and a test compares the two command by command.
 *
 * Who holds it may sound for SOUND_MS after it sent the last beat that was answered, on its own monotonic clock. So nobody
 * is given the floor before the last beat of the one before is BEAT_STOPPED_MS old, unless that one gave it back itself.
 * That is what keeps two voices apart; lease, resets and director only decide how soon the next one may.
 *
 * The server has no clock but the wall clock. Whenever time ran backwards, nothing was heard for GAP_MS, or the server is
 * not the one that wrote the state (restarted, replaced by its replica), ages mean nothing: nobody new gets the floor for
 * BEAT_STOPPED_MS, and a holder that is alive goes on, also if the server has forgotten it.
 */

/** The stick is lost without a renewal. */
export const LEASE_MS = 15_000;
/** A living holder's beats renew it this often. */
export const RENEW_MS = 3000;
/** A holder beats this often. */
export const BEAT_MS = 750;
/** A holder without a beat for so long is taken for dead or cut off. */
export const BEAT_STOPPED_MS = 3000;
/** A holder sounds no longer than this after sending its last answered beat. What is left to BEAT_STOPPED_MS is for clocks that run unequally (20 %). */
export const SOUND_MS = 2500;
/** Holds the stick and does not speak. */
export const SILENT_MS = 10_000;
/** Who waits asks this often, and is out of the queue after the other. */
export const ASK_MS = 500;
export const WAITER_MS = 2000;
/** Members are heard of every second: a longer pause is a clock that was set, or a server that stood still. */
export const GAP_MS = 2000;
/** In the queue at once; more are refused. */
export const WAITERS_MAX = 64;
/** Tokens grow with the time (Unix ms), so that a server that lost everything still gives greater ones. One far beyond it is forged. */
export const TOKEN_AHEAD_MAX = 24 * 3600 * 1000;

/** The greater, the sooner. */
export const URGENCY = { wish: 0, answer: 1, person: 2 } as const;
export type Urgency = (typeof URGENCY)[keyof typeof URGENCY];

export interface Holder {
  readonly robot: string;
  readonly token: number;
  readonly urgency: Urgency;
  /** Times of the server, Unix ms. */
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly beatMs: number;
  readonly spokeMs: number;
}

export interface Waiter {
  readonly robot: string;
  readonly urgency: Urgency;
  /** Order of arrival. */
  readonly seq: number;
  readonly seenMs: number;
}

export interface Floor {
  /** The greatest that was given or burnt. */
  readonly token: number;
  readonly holder: Holder | undefined;
  /** Nobody new before this. */
  readonly freeMs: number;
  /** Until then ages mean nothing. */
  readonly unsureMs: number;
  readonly waiters: readonly Waiter[];
  readonly seq: number;
  /** When the server was asked last. */
  readonly lastMs: number;
  /** Of the server process that wrote this. */
  readonly run: string;
}

export const EMPTY_FLOOR: Floor = {
  token: 0,
  holder: undefined,
  freeMs: 0,
  unsureMs: 0,
  waiters: [],
  seq: 0,
  lastMs: 0,
  run: "",
};

export type ResetReason = "beats" | "silence" | "end";

export type FloorCommand =
  /** Wants to speak: waits, or has it. `seen`: the greatest token that was there when it began, or that it spoke with. */
  | {
      readonly op: "take";
      readonly robot: string;
      readonly urgency: Urgency;
      readonly seen: number;
    }
  /** Lives and holds it. */
  | {
      readonly op: "beat";
      readonly robot: string;
      readonly token: number;
      readonly isSounding: boolean;
    }
  /**
   * Wants it no more, and is silent. `token`: what it gives back, 0 for a place in the queue; one that comes late frees
   * nothing that was given since.
   */
  | { readonly op: "leave"; readonly robot: string; readonly token: number }
  /** The floor is taken from the holder of this token, if the reason is true. */
  | { readonly op: "reset"; readonly token: number; readonly reason: ResetReason };

export type FloorAnswer =
  /** It has the floor. */
  | { readonly kind: "held"; readonly token: number }
  /** `ahead`: how many are to have it before. */
  | { readonly kind: "waiting"; readonly ahead: number }
  | { readonly kind: "full" }
  /** It has the floor no more. */
  | { readonly kind: "lost" }
  | { readonly kind: "left" }
  | { readonly kind: "reset" }
  /** The reason does not hold (any more). */
  | { readonly kind: "notReset" };

export interface FloorStep {
  readonly floor: Floor;
  readonly answer: FloorAnswer;
}

/** @param nowMs the server's wall clock, Unix ms. @param run the server process's own id. */
export function stepFloor(
  before: Floor,
  command: FloorCommand,
  nowMs: number,
  run: string,
): FloorStep {
  const floor = settle(before, nowMs, run);
  switch (command.op) {
    case "take":
      return take(floor, command, nowMs);
    case "beat":
      return beat(floor, command, nowMs);
    case "leave":
      return { floor: leave(floor, command, nowMs), answer: { kind: "left" } };
    case "reset":
      return reset(floor, command, nowMs);
  }
}

/** What time alone has brought about. */
function settle(before: Floor, nowMs: number, run: string): Floor {
  const { lastMs, holder } = before;
  const isUnsure = run !== before.run || nowMs < lastMs || nowMs > lastMs + GAP_MS;
  if (isUnsure) {
    const freeMs = nowMs + BEAT_STOPPED_MS;
    const again = { untilMs: nowMs + LEASE_MS, beatMs: nowMs, spokeMs: nowMs, sinceMs: nowMs };
    return {
      ...before,
      holder: holder && { ...holder, ...again },
      freeMs,
      unsureMs: freeMs,
      waiters: before.waiters.map((waiter) => ({ ...waiter, seenMs: nowMs })),
      lastMs: nowMs,
      run,
    };
  }
  const waiters = before.waiters.filter(({ seenMs }) => nowMs - seenMs < WAITER_MS);
  const floor = { ...before, waiters, lastMs: nowMs };
  return holder && nowMs >= holder.untilMs ? revoke(floor, holder) : floor;
}

/** The token is burnt: a beat with it is answered by "lost", and no later state takes it back. */
function revoke(floor: Floor, { token, beatMs }: Holder): Floor {
  return {
    ...floor,
    holder: undefined,
    token: Math.max(floor.token, token) + 1,
    freeMs: Math.max(floor.freeMs, beatMs + BEAT_STOPPED_MS),
  };
}

function take(
  before: Floor,
  { robot, urgency, seen }: Extract<FloorCommand, { op: "take" }>,
  nowMs: number,
): FloorStep {
  const { holder } = before;
  const isOwn = holder?.robot === robot;
  // It believes that it has given this back, which may still come; or this server may not know that somebody else has it.
  if (isOwn && (holder.token <= seen || nowMs < before.unsureMs)) {
    return take(revoke(before, holder), { op: "take", robot, urgency, seen }, nowMs);
  }
  // Its grant was lost on the way, or its urgency has changed: asking is a sign of life as well.
  if (isOwn) {
    const floor = { ...before, holder: alive({ ...holder, urgency }, false, nowMs) };
    return { floor, answer: { kind: "held", token: holder.token } };
  }
  const known = before.waiters.find((waiter) => waiter.robot === robot);
  if (known === undefined && before.waiters.length >= WAITERS_MAX) {
    return { floor: before, answer: { kind: "full" } };
  }
  const seq = known?.seq ?? before.seq + 1;
  const waiter: Waiter = { robot, urgency, seq, seenMs: nowMs };
  const others = before.waiters.filter((one) => one.robot !== robot);
  const ahead = others.filter((one) => isBefore(one, waiter)).length;
  const floor = { ...before, seq: Math.max(seq, before.seq) };
  if (holder !== undefined || nowMs < floor.freeMs || ahead > 0) {
    const waiters = [...others, waiter].sort((a, b) => a.seq - b.seq);
    const answer = { kind: "waiting", ahead: ahead + (holder ? 1 : 0) } as const;
    return { floor: { ...floor, waiters }, answer };
  }
  const asked = seen > Math.max(floor.token, nowMs) + TOKEN_AHEAD_MAX ? 0 : seen;
  const token = Math.max(floor.token, nowMs, asked) + 1;
  const granted: Holder = {
    robot,
    token,
    urgency,
    sinceMs: nowMs,
    untilMs: nowMs + LEASE_MS,
    beatMs: nowMs,
    spokeMs: nowMs,
  };
  return {
    floor: { ...floor, token, holder: granted, waiters: others },
    answer: { kind: "held", token },
  };
}

/** More urgent first; among equals who came first. Who had the floor comes again at the end. */
function isBefore(one: Waiter, other: Waiter): boolean {
  return one.urgency === other.urgency ? one.seq < other.seq : one.urgency > other.urgency;
}

function alive(holder: Holder, isSounding: boolean, nowMs: number): Holder {
  const isDue = nowMs >= holder.untilMs - LEASE_MS + RENEW_MS;
  return {
    ...holder,
    beatMs: nowMs,
    untilMs: isDue ? nowMs + LEASE_MS : holder.untilMs,
    spokeMs: isSounding ? nowMs : holder.spokeMs,
  };
}

function beat(
  floor: Floor,
  { robot, token, isSounding }: Extract<FloorCommand, { op: "beat" }>,
  nowMs: number,
): FloorStep {
  const { holder } = floor;
  if (holder?.robot === robot && holder.token === token) {
    const kept = { ...floor, holder: alive(holder, isSounding, nowMs) };
    return { floor: kept, answer: { kind: "held", token } };
  }
  // The server lost what came after its copy; nobody was given the floor since.
  const isNewer = token > floor.token || (token === floor.token && holder === undefined);
  const isForged = token > Math.max(floor.token, nowMs) + TOKEN_AHEAD_MAX;
  if (nowMs >= floor.unsureMs || !isNewer || isForged) {
    return { floor, answer: { kind: "lost" } };
  }
  const again: Holder = {
    robot,
    token,
    urgency: URGENCY.answer,
    sinceMs: nowMs,
    untilMs: nowMs + LEASE_MS,
    beatMs: nowMs,
    spokeMs: nowMs,
  };
  return { floor: { ...floor, token, holder: again }, answer: { kind: "held", token } };
}

/** It is silent and says so: the next one may begin at once. */
function leave(
  floor: Floor,
  { robot, token }: Extract<FloorCommand, { op: "leave" }>,
  nowMs: number,
): Floor {
  const { holder } = floor;
  const waiters = floor.waiters.filter((waiter) => waiter.robot !== robot);
  if (holder?.robot !== robot || holder.token !== token) return { ...floor, waiters };
  return { ...revoke(floor, holder), waiters, freeMs: Math.max(nowMs, floor.unsureMs) };
}

function reset(
  floor: Floor,
  { token, reason }: Extract<FloorCommand, { op: "reset" }>,
  nowMs: number,
): FloorStep {
  const { holder } = floor;
  if (holder?.token !== token || !isTrue(reason, holder, nowMs)) {
    return { floor, answer: { kind: "notReset" } };
  }
  return { floor: revoke(floor, holder), answer: { kind: "reset" } };
}

function isTrue(reason: ResetReason, holder: Holder, nowMs: number): boolean {
  if (reason === "beats") return nowMs - holder.beatMs >= BEAT_STOPPED_MS;
  return reason === "end" || nowMs - Math.max(holder.spokeMs, holder.sinceMs) >= SILENT_MS;
}
