/**
 * When somebody has finished speaking: a pure step over what a judge of speech says of each moment
 * (`speech-judge.ts`). Times are those of the sound itself, so a busy page changes nothing.
 */

/** So long without any speech at all: nobody has said anything. */
export const NO_SPEECH_MS = 8000;
/** A microphone that gives exactly nothing for this long is muted or gone. */
export const DEAD_MS = 2500;
/** Short noises, a click or a cough, are not speech. */
const SPEECH_MS_MIN = 120;
const DEAD_LEVEL = 0.0001;

export interface Endpointing {
  readonly startMs: number;
  readonly speechSinceMs: number | undefined;
  /** When speech was last heard; undefined before the first. */
  readonly speechMs: number | undefined;
  /** When the microphone last gave anything but zero. */
  readonly aliveMs: number;
}

export type Verdict = "listening" | "speaking" | "ended" | "nobody" | "dead";

export interface Moment {
  readonly isSpeech: boolean;
  /** Root mean square, 0..1. */
  readonly level: number;
}

export function newEndpointing(nowMs: number): Endpointing {
  return { startMs: nowMs, speechSinceMs: undefined, speechMs: undefined, aliveMs: nowMs };
}

/** @param endSilenceMs silence after speech that ends it. */
export function hear(
  state: Endpointing,
  { isSpeech, level }: Moment,
  endSilenceMs: number,
  nowMs: number,
): { readonly state: Endpointing; readonly verdict: Verdict } {
  const speechSinceMs = isSpeech ? (state.speechSinceMs ?? nowMs) : undefined;
  const isLong = speechSinceMs !== undefined && nowMs - speechSinceMs >= SPEECH_MS_MIN;
  const next: Endpointing = {
    startMs: state.startMs,
    speechSinceMs,
    speechMs: isLong ? nowMs : state.speechMs,
    aliveMs: level > DEAD_LEVEL ? nowMs : state.aliveMs,
  };
  if (isLong) return { state: next, verdict: "speaking" };
  return { state: next, verdict: verdictOf(next, endSilenceMs, nowMs) };
}

function verdictOf(state: Endpointing, endSilenceMs: number, nowMs: number): Verdict {
  if (nowMs - state.aliveMs >= DEAD_MS) return "dead";
  if (state.speechMs !== undefined) {
    return nowMs - state.speechMs >= endSilenceMs ? "ended" : "speaking";
  }
  return nowMs - state.startMs >= NO_SPEECH_MS ? "nobody" : "listening";
}
