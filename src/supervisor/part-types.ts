/**
 * The words of supervision: a part's phases, the events that move it, the effects they have, and the figures
 * that rule it. `part-core.ts` decides with them, `part.ts` and `supervisor.ts` act on them.
 */
import { DETECTOR, type Colour, type Detector } from "../resilience/failure-detector.js";
import { PATIENCE, type Effort, type Patience, type Wait } from "../resilience/patience.js";
import type { Doors } from "../child/messages.js";

export interface PartPolicy {
  /** From spawn to ready: a starved machine must not look like a failure (I3). */
  readonly start: Patience;
  /** Wait for what the part needs; then it starts anyway and says so (A8). */
  readonly needsMsMax: number;
  /** Silence of a hung part until it is killed. */
  readonly silence: Patience;
  /** Wait before a restart (C3). */
  readonly retryMs: number;
  /**
   * Wait before the first restart in the window; shorter than `retryMs` only for a part that holds nothing
   * another owner could have got half of, so that trying again at once can do no harm.
   */
  readonly firstRetryMs: number;
  /** Restarts allowed in the window; the death after that is the last. */
  readonly restartsMax: number;
  readonly restartWindowMs: number;
  /** A part that was asked to stop and is still there is killed after this. */
  readonly stopMsMax: number;
  /** A killed process that is still there after this is reported and left to the kernel. */
  readonly killMsMax: number;
  /** Resident memory cap, bytes, by the part's own beats. */
  readonly memoryBytesMax: number;
  /** Beats in a row over the cap before the part is restarted: one spike is not a leak. */
  readonly memoryBeatsMax: number;
  /** How often `tick` comes. */
  readonly tickMs: number;
}

/** The rule of C3. `memoryBytesMax` is a guess above the largest part (the detector, about 400 MB). */
export const PART_POLICY: PartPolicy = {
  start: PATIENCE.partStart,
  needsMsMax: 20_000,
  silence: PATIENCE.partSilence,
  retryMs: 30_000,
  firstRetryMs: 30_000,
  restartsMax: 5,
  restartWindowMs: 600_000,
  stopMsMax: 15_000,
  killMsMax: 3_000,
  memoryBytesMax: 1_200_000_000,
  memoryBeatsMax: 3,
  tickMs: DETECTOR.scanPeriodMs,
};

/** What follows once the process of a stopping part is gone. */
export type Goal = "stop" | "start" | "retry";

export type Phase =
  | { readonly kind: "stopped" }
  | { readonly kind: "waiting"; readonly untilMs: number }
  | { readonly kind: "starting"; readonly wait: Wait }
  | { readonly kind: "running"; readonly detector: Detector; readonly overMemory: number }
  | { readonly kind: "hung"; readonly detector: Detector; readonly wait: Wait }
  | {
      readonly kind: "stopping";
      readonly goal: Goal;
      readonly why: string;
      readonly killed: boolean;
      readonly untilMs: number;
    }
  | { readonly kind: "backoff"; readonly untilMs: number }
  | { readonly kind: "ended" }
  /** `forLoad`: the machine was overloaded when it died for the last time, so it is tried again once that is over. */
  | { readonly kind: "givenUp"; readonly forLoad: boolean };

export type PhaseKind = Phase["kind"];

export interface Part {
  readonly phase: Phase;
  readonly sinceMs: number;
  /** Grows with each process started; events of an older process are ignored. */
  readonly generation: number;
  /** Times of the automatic restarts inside the window. */
  readonly restartsMs: readonly number[];
  /** Starts in a row that were stuck. Each makes the patience with the next longer. */
  readonly stuckStarts: number;
  readonly doors: Doors;
  readonly rssBytes: number;
  readonly why: string;
  readonly next: string;
  readonly tickedMs: number;
}

export type PartEvent =
  | { readonly type: "start" }
  | { readonly type: "stop"; readonly why: string }
  | { readonly type: "restart"; readonly why: string }
  | {
      readonly type: "tick";
      readonly needsReady: boolean;
      readonly missing: string;
      /** What its process has done so far; looked at only while something is awaited of it. */
      readonly effort: Effort;
      /** The machine has not been overloaded for a while. */
      readonly isCalm: boolean;
    }
  | { readonly type: "ready"; readonly generation: number; readonly doors: Doors }
  | { readonly type: "beat"; readonly generation: number; readonly rssBytes: number }
  /** How far its start has come, a phrase: "its program is loaded". */
  | { readonly type: "progress"; readonly generation: number; readonly text: string }
  | {
      readonly type: "exit";
      readonly generation: number;
      readonly exit: Exit;
      /** The machine was overloaded then. */
      readonly isLoaded: boolean;
    };

export type Exit =
  | { readonly kind: "code"; readonly code: number; readonly lastWords: string }
  | { readonly kind: "signal"; readonly signal: string; readonly lastWords: string }
  | { readonly kind: "unspawned"; readonly why: string }
  /** It was to start anyway, but its options are made of what it needs. */
  | { readonly kind: "unready"; readonly why: string };

export type Effect =
  | { readonly type: "spawn"; readonly generation: number }
  | { readonly type: "askToStop" }
  | { readonly type: "kill" }
  | { readonly type: "changed"; readonly from: string; readonly to: string }
  | { readonly type: "alert"; readonly text: string };

export interface Step {
  readonly part: Part;
  readonly effects: readonly Effect[];
}

export function newPart(nowMs: number): Part {
  return {
    phase: { kind: "stopped" },
    sinceMs: nowMs,
    generation: 0,
    restartsMs: [],
    stuckStarts: 0,
    doors: {},
    rssBytes: 0,
    why: "not started yet",
    next: "waits to be started",
    tickedMs: nowMs,
  };
}

/** Does the part serve? Hung is not serving, yellow is. */
export function isReady(part: Part): boolean {
  return part.phase.kind === "running";
}

/** Is there, or should there be, a process? */
export function hasProcess(part: Part): boolean {
  const kind = part.phase.kind;
  return kind === "starting" || kind === "running" || kind === "hung" || kind === "stopping";
}

/** Will this part change by itself, without a person? */
export function isAtRest(part: Part): boolean {
  const kind = part.phase.kind;
  return kind === "stopped" || kind === "ended" || kind === "givenUp";
}

/** Is it waited for: to be ready, or to beat again? */
export function isAwaited(part: Part): boolean {
  const { kind } = part.phase;
  return (
    kind === "starting" || kind === "hung" || (kind === "running" && colourOf(part) !== "green")
  );
}

/** Colour of the part's heartbeats; undefined while no promise of beats holds. */
export function colourOf(part: Part): Colour | undefined {
  if (part.phase.kind === "hung") return "red";
  if (part.phase.kind !== "running") return undefined;
  return part.phase.detector.kind === "heard" ? part.phase.detector.colour : "green";
}
