/**
 * How long something that works in silence is waited for: a start, a search, a process that has stopped beating. Pure.
 *
 * Time alone cannot tell slow from stuck: at a seventh of a processor everything takes seven times as long. So a wait looks
 * at work. Whatever says a word (bytes printed, a phase reached) or uses its processor goes on. Two things are stuck: what
 * does nothing for `quietMsMax` (it waits for what does not come), and what has used `cpuMsMax` of processor time
 * since its last word (it loops). Processor time is a machine's own measure, so a slow or starved machine stretches that
 * limit by itself. Each try that was stuck doubles both limits for the next, up to `GROWTH_MAX`.
 */
import { seconds } from "../time/words.js";

export interface Patience {
  /** Neither a word nor work for this long, ms. */
  readonly quietMsMax: number;
  /** Processor time since the last word, ms. */
  readonly cpuMsMax: number;
}

/**
 * The one place with the figures of slow starts and long silences. Beside each: what it takes on an idle machine (2 × Intel
 * Xeon), so that one sees the room. The processor times are at least twenty times that; a Raspberry Pi 3 takes about five.
 */
export const PATIENCE = {
  /** A part, from spawn to ready: 0.3 to 0.6 s of processor time. */
  partStart: { quietMsMax: 120_000, cpuMsMax: 60_000 },
  /** A ready part without beats. Much longer than "known as hung" (1.5 s): a busy loop of a few seconds ends alone (I7). */
  partSilence: { quietMsMax: 10_000, cpuMsMax: 10_000 },
  /** The stock VM, from spawn to its first bus frame: 1.2 s of processor time. */
  vmStart: { quietMsMax: 20_000, cpuMsMax: 30_000 },
  /** A VM that was heard. It announces itself every 500 ms: six missed in a row. */
  vmSilence: { quietMsMax: 3000, cpuMsMax: 3000 },
  /** The face detector's thread, to the end of its self test: 0.5 s of processor time. */
  detectorStart: { quietMsMax: 20_000, cpuMsMax: 30_000 },
  /** One picture: 10 to 25 ms of processor time, 90 ms the first. */
  detectorSearch: { quietMsMax: 2000, cpuMsMax: 2000 },
} as const satisfies Record<string, Patience>;

/** What is less of one processor is no work: a part that waits uses 0.6 % for its timers and beats. */
const WORK_SHARE_MIN = 0.01;
/** Limits grow to this many times their figures. */
const GROWTH_MAX = 8;
/** Where a process's time cannot be read (not Linux), its quiet may be work: it is given this many times as long. */
const BLIND_FACTOR = 3;

/** What something has done so far, both only growing. */
export interface Effort {
  /** Chunks printed, lines logged, phases reached. */
  readonly words: number;
  /** Processor time, ms; undefined where it cannot be read. */
  readonly cpuMs: number | undefined;
}

export const NO_EFFORT: Effort = { words: 0, cpuMs: undefined };

/** A wait that is under way. Times are monotonic ms. */
export interface Wait {
  readonly words: number;
  readonly cpuMsAtWord: number | undefined;
  /** When it last said a word or had done enough to be called work. */
  readonly workMs: number;
  readonly cpuMsAtWork: number | undefined;
}

/** Begins to wait. @param sinceMs when it was last heard. */
export function beginWait(effort: Effort, sinceMs: number): Wait {
  const { words, cpuMs } = effort;
  return { words, cpuMsAtWord: cpuMs, workMs: sinceMs, cpuMsAtWork: cpuMs };
}

/**
 * Looks at what is waited for.
 * @param tries how many tries before this one were stuck.
 * @returns the wait as it goes on, and why it is over: what is waited for is stuck.
 */
export function lookAt(
  wait: Wait,
  effort: Effort,
  nowMs: number,
  patience: Patience,
  tries = 0,
): { readonly wait: Wait; readonly stuck: string | undefined } {
  if (effort.words !== wait.words) return { wait: beginWait(effort, nowMs), stuck: undefined };
  const growth = grown(1, tries);
  const { cpuMs } = effort;
  if (cpuMs === undefined)
    return { wait, stuck: quiet(wait, nowMs, patience, growth * BLIND_FACTOR) };
  // The first reading: before it nothing was known.
  const cpuMsAtWord = wait.cpuMsAtWord ?? cpuMs;
  const cpuMsAtWork = wait.cpuMsAtWork ?? cpuMs;
  const known = { ...wait, cpuMsAtWord, cpuMsAtWork };
  const cpuMsMax = patience.cpuMsMax * growth;
  if (cpuMs - cpuMsAtWord >= cpuMsMax) {
    return { wait: known, stuck: `${seconds(cpuMsMax)} of processor time without a word` };
  }
  if (cpuMs - cpuMsAtWork >= WORK_SHARE_MIN * patience.quietMsMax * growth) {
    return { wait: { ...known, workMs: nowMs, cpuMsAtWork: cpuMs }, stuck: undefined };
  }
  return { wait: known, stuck: quiet(known, nowMs, patience, growth) };
}

/** A limit after so many tries that were stuck: twice as long after each, up to `GROWTH_MAX` times. */
export function grown(limitMs: number, tries: number): number {
  return limitMs * Math.min(2 ** tries, GROWTH_MAX);
}

/** The observer itself was away for so long: that time is not counted. */
export function forgiveWait(wait: Wait, awayMs: number): Wait {
  return { ...wait, workMs: wait.workMs + awayMs };
}

function quiet(wait: Wait, nowMs: number, patience: Patience, factor: number): string | undefined {
  const quietMsMax = patience.quietMsMax * factor;
  if (nowMs - wait.workMs < quietMsMax) return undefined;
  return `neither a word nor work for ${seconds(quietMsMax)}`;
}
