/**
 * The contract of silence (D4 in docs/REQUIREMENTS.md): what the robot does when nobody says anything, and when
 * somebody does again.
 * The table in docs/architecture/firmware.md "Silence" says it in words, and a test compares the two. Pure. The gaze
 * keeps the first three itself (`gaze/reflex.ts`); this file is the place where all of them stand together.
 *
 * Silence of faces is counted from the last fresh face, silence of the companion from the end of the last
 * session of the link. Both are counted by the robot, so nobody has to tell it that they are gone.
 */
import { GAZE_HOLD_MS, GAZE_RETURN_MS, TRACKING_OFF_MS } from "../../src/wire/limits.js";

/** A loop (THINKING, SPEAKING) that the companion began and cannot end any more is ended. */
export const LOOP_OFF_MS = 2000;
/** It lives on its own, and shows it: a look to both sides, and the head sinks. */
export const ALONE_MS = 30_000;
/** It rests most of the time, breathing, and wakes now and then. */
export const RESTING_MS = 300_000;

/** What the gaze does with a face last seen `ageMs` ago. */
export type GazeStage = "follow" | "hold" | "return" | "off";

export function gazeStage(ageMs: number): GazeStage {
  if (ageMs < GAZE_HOLD_MS) return "follow";
  if (ageMs < GAZE_RETURN_MS) return "hold";
  return ageMs < TRACKING_OFF_MS ? "return" : "off";
}

/** How long the companion has been away: "away" is shorter than anybody would notice. */
export type CompanionStage = "here" | "away" | "alone" | "resting";

export function companionStage(silentMs: number): CompanionStage {
  if (silentMs >= RESTING_MS) return "resting";
  if (silentMs >= ALONE_MS) return "alone";
  return silentMs > 0 ? "away" : "here";
}

/** What changed with a step. */
export interface SilenceChange {
  stage: CompanionStage;
  /** The loop that runs is to end now; once per silence. */
  endsLoop: boolean;
  /** The companion is back; once, with the first step of the session. */
  isBack: boolean;
}

/** Follows the link through its silences. A robot that was never linked counts from its start. */
export class Silence {
  private silentSinceMs: number;
  private isLinked = false;
  private hasEndedLoop = true;
  /** Milliseconds of the silence that ended last, for logs and the page. */
  lastSilenceMs = 0;

  constructor(nowMs: number) {
    this.silentSinceMs = nowMs;
  }

  step(isLinked: boolean, nowMs: number): SilenceChange {
    const isBack = isLinked && !this.isLinked;
    if (isBack) {
      this.lastSilenceMs = nowMs - this.silentSinceMs;
    } else if (!isLinked && this.isLinked) {
      this.silentSinceMs = nowMs;
      this.hasEndedLoop = false;
    }
    this.isLinked = isLinked;
    const silentMs = isLinked ? 0 : nowMs - this.silentSinceMs;
    const endsLoop = !this.hasEndedLoop && silentMs >= LOOP_OFF_MS;
    if (endsLoop) this.hasEndedLoop = true;
    return { stage: companionStage(silentMs), endsLoop, isBack };
  }
}

/**
 * Nothing from before a gap happens after it. A command belongs to the session it came by; when that has ended,
 * or another has begun, it is void, whatever it still had to do. Both ends number sessions by generation
 * (PROTOCOL §1.2), so they agree on which that is.
 */
export class SessionGate {
  private generation = 0;
  /** Commands that came too late and did nothing. */
  refused = 0;

  openGate(generation: number): void {
    this.generation = generation;
  }

  closeGate(): void {
    this.generation = 0;
  }

  /** Generation that commands of now belong to; 0 without a session. */
  currentGeneration(): number {
    return this.generation;
  }

  /** True if a command of that generation may still act. */
  admits(generation: number): boolean {
    if (generation !== 0 && generation === this.generation) return true;
    this.refused++;
    return false;
  }
}
