/** What to think of a slot by its times, and which one may be read: pure questions of `standby-core.ts`, whose head has the rules. */
import { grown } from "../../resilience/patience.js";
import { STANDBY, type Slot, type SlotIndex, type Speech, type Standby } from "./standby-types.js";

export const other = (slot: SlotIndex): SlotIndex => (slot === 0 ? 1 : 0);
export const BOTH = [0, 1] as const;

/** Is there a renderer that can take an utterance now? */
export function isServing(state: Standby): boolean {
  return state.slots[state.active].phase.kind === "ready";
}

interface Judgement {
  /** `again`: its wait is over, a new renderer is due. */
  readonly verdict: "well" | "again" | "hung";
  readonly why: string;
}

const WELL: Judgement = { verdict: "well", why: "" };

/** @param starvedMs how long it had no CPU since it was heard */
export function judge(
  state: Standby,
  index: SlotIndex,
  starvedMs: number,
  nowMs: number,
): Judgement {
  const { phase } = state.slots[index];
  switch (phase.kind) {
    case "down":
      return nowMs >= phase.againMs ? { verdict: "again", why: "" } : WELL;
    case "starting":
      if (nowMs < phase.untilMs) return WELL;
      return { verdict: "hung", why: `not ready after ${phase.startMsMax} ms` };
    case "ready": {
      const silentMs = nowMs - phase.heardMs;
      const forgivenMs = state.speech ? Math.min(starvedMs, STANDBY.starvedMsMax) : starvedMs;
      if (silentMs - forgivenMs <= hangMsMax(state, index, nowMs)) return WELL;
      return { verdict: "hung", why: `silent for ${Math.round(silentMs)} ms` };
    }
  }
}

/**
 * Both silent at once are more likely a machine that is busy than two that hang; the lead covers the longer wait. The last
 * one that works is slow before it is hung: without it there is no voice at all.
 */
function hangMsMax(state: Standby, index: SlotIndex, nowMs: number): number {
  const { phase } = state.slots[other(index)];
  if (phase.kind !== "ready") return STANDBY.hangLastMs;
  const isQuiet = nowMs - phase.heardMs > STANDBY.hangMs / 2;
  const speakingMs = isQuiet ? STANDBY.hangBothMs : STANDBY.hangMs;
  const msMax = state.speech ? speakingMs : STANDBY.hangIdleMs;
  return grown(msMax, state.slots[index].shortLives);
}

/** What the reader's wait for its next buffer calls for. */
export function judgeWait(
  state: Standby,
  nowMs: number,
): { readonly verdict: "well" | "giveUp" | "switch"; readonly waitedMs: number } {
  const { speech, active } = state;
  const waitedMs = speech?.wantedMs === undefined ? 0 : nowMs - speech.wantedMs;
  if (waitedMs > STANDBY.stuckMsMax) return { verdict: "giveUp", waitedMs };
  const isStalled = waitedMs > STANDBY.stallMsMax;
  const maySwitch = isStalled && isAble(state, other(active)) && !isYoung(state, active);
  return { verdict: maySwitch ? "switch" : "well", waitedMs };
}

/** The same phase for a machine that stood still for so long. */
export function forgiven(phase: Slot["phase"], lateMs: number): Slot["phase"] {
  switch (phase.kind) {
    case "ready":
      return { ...phase, heardMs: phase.heardMs + lateMs };
    case "starting":
      return { ...phase, untilMs: phase.untilMs + lateMs };
    case "down":
      return phase;
  }
}

export function hasFailed(state: Standby, index: SlotIndex): boolean {
  const { phase, refused } = state.slots[index];
  return (phase.kind !== "ready" && !isYoung(state, index)) || refused !== undefined;
}

/** In its very first start a slot is not judged: the primary is the active one unless it really fails (D1). */
function isYoung(state: Standby, index: SlotIndex): boolean {
  const { phase, generation } = state.slots[index];
  return phase.kind === "starting" && generation === 1;
}

export function isAble(state: Standby, index: SlotIndex): boolean {
  const { phase, refused } = state.slots[index];
  if (phase.kind !== "ready" || refused !== undefined) return false;
  return !state.speech || hasNext(state, index);
}

/** Its ring holds the buffer the reader needs next. */
export function hasNext(state: Standby, index: SlotIndex): boolean {
  const { speech } = state;
  return speech !== undefined && state.slots[index].until > speech.next;
}

/** After a life that ends now: how many short ones that makes in a row, and how long the next one waits. */
export function afterLife(
  { phase, shortLives: before }: Slot,
  nowMs: number,
): { readonly shortLives: number; readonly waitMs: number } {
  const isShort = phase.kind !== "ready" || nowMs - phase.sinceMs < STANDBY.shortLifeMs;
  const shortLives = isShort ? before + 1 : 0;
  const waitMs = STANDBY.retryMs[Math.min(shortLives, STANDBY.retryMs.length - 1)] ?? 0;
  return { shortLives, waitMs };
}

/** What is wrong with a buffer of the utterance that came with this number, if anything is. */
export function damageIn(speech: Speech, slot: Slot, index: number): string | undefined {
  if (index >= speech.room) return `buffer ${index} came where there is no room`;
  if (index === slot.until && !slot.isWhole) return undefined;
  return `buffer ${index} came where ${slot.until} was due`;
}
