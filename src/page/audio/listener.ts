/**
 * Cuts what a microphone hears into utterances: begins one when it is told to, or in hands-free mode when somebody
 * speaks, and ends it when the speech has ended. Opens nothing; its time is that of the samples.
 */
import { EchoGuard } from "./echo-guard.js";
import { type Endpointing, hear, newEndpointing } from "./endpointing.js";
import { RATE_HZ, WINDOW_SAMPLES } from "./silero/silero.js";
import { levelOf, type SpeechJudge } from "./speech-judge.js";

export const RECORDING_S_MAX = 30;
const WINDOW_MS = (WINDOW_SAMPLES * 1000) / RATE_HZ;
/** Heard before speech was certain, and a breath before that. */
const LEAD_WINDOWS = 16;
const WINDOWS_MAX = Math.floor((RECORDING_S_MAX * 1000) / WINDOW_MS);

export type Happening =
  /** Somebody speaks: it is being recorded. */
  | { readonly type: "begun" }
  | { readonly type: "said"; readonly windows: readonly Float32Array[] }
  | { readonly type: "nobody" }
  /** The microphone gives nothing at all. */
  | { readonly type: "dead" };

/** What Buddy itself sounds like at a moment. */
export type OwnSound =
  /** It may be heard, and cannot be told from somebody: nothing begins by itself. */
  | "unknown"
  /** Root mean square of what this page plays, 0..1; 0 when it plays nothing. */
  | number;

export class Listener {
  private readonly guard = new EchoGuard();
  private windows: Float32Array[] = [];
  private isTaking = false;
  private nowMs = 0;
  private ears: Endpointing;

  constructor(private readonly judge: SpeechJudge) {
    this.ears = newEndpointing(this.nowMs);
  }

  /** From here on it is an utterance, whoever speaks. */
  begin(): void {
    this.restart();
    this.isTaking = true;
  }

  /** Ends the utterance by hand. */
  finish(): Float32Array[] {
    const { windows } = this;
    this.restart();
    return windows;
  }

  hear(window: Float32Array, own: OwnSound): Happening | undefined {
    if (own === "unknown" && !this.isTaking) {
      this.restart();
      return undefined;
    }
    this.nowMs += WINDOW_MS;
    const level = levelOf(window);
    const isSomebody = this.guard.isSomebody(level, own === "unknown" ? 0 : own);
    // The judge hears every window, whoever speaks.
    const moment = { isSpeech: this.judge.isSpeech(window) && isSomebody, level };
    const heard = hear(this.ears, moment, this.judge.endSilenceMs, this.nowMs);
    this.ears = heard.state;
    this.windows.push(window);
    if (!this.isTaking) return this.wait(heard.verdict);
    const { verdict } = heard;
    if (verdict === "ended" || this.windows.length >= WINDOWS_MAX) {
      const windows = this.finish();
      // Who goes on may have begun already, too softly to be taken for speech: what comes next begins with that.
      this.windows = windows.slice(-LEAD_WINDOWS);
      return { type: "said", windows };
    }
    if (verdict === "nobody" || verdict === "dead") {
      this.restart();
      return { type: verdict };
    }
    return undefined;
  }

  private wait(verdict: string): Happening | undefined {
    if (verdict === "speaking") {
      this.isTaking = true;
      return { type: "begun" };
    }
    if (this.windows.length > LEAD_WINDOWS) this.windows.shift();
    if (verdict !== "dead") return undefined;
    this.restart();
    return { type: "dead" };
  }

  private restart(): void {
    this.windows = [];
    this.isTaking = false;
    this.judge.reset();
    this.ears = newEndpointing(this.nowMs);
  }
}
