/**
 * Who says whether a moment of sound is speech: the Silero model, or, where it cannot be loaded, loudness against the
 * quiet of the room, which takes music and a loud fan for speech too.
 */
import { Silero } from "./silero/silero.js";

export interface SpeechJudge {
  readonly kind: "model" | "loudness";
  /** Silence after speech that ends what was said; the model is surer of it. */
  readonly endSilenceMs: number;
  /** @param window `WINDOW_SAMPLES` samples at `RATE_HZ`; each follows the one before. */
  isSpeech(window: Float32Array): boolean;
  /** What was heard before counts no more. */
  reset(): void;
}

/** Likely enough to begin, and to go on: between words the model doubts. */
const BEGIN = 0.5;
const GO_ON = 0.35;

export class ModelJudge implements SpeechJudge {
  readonly kind = "model";
  readonly endSilenceMs = 900;
  private readonly model: Silero;
  private isOn = false;

  /** @throws RangeError when these are not its weights. */
  constructor(weights: ArrayBuffer) {
    this.model = new Silero(weights);
  }

  isSpeech(window: Float32Array): boolean {
    this.isOn = this.model.probability(window) >= (this.isOn ? GO_ON : BEGIN);
    return this.isOn;
  }

  reset(): void {
    this.model.reset();
    this.isOn = false;
  }
}

/** Speech is louder than the room by this factor, and than this in any room (full scale is 1). */
const OVER_ROOM = 3;
const LOUD_MIN = 0.012;
const QUIET_ROOM = 0.003;

export class LoudnessJudge implements SpeechJudge {
  readonly kind = "loudness";
  readonly endSilenceMs = 1400;
  private room = QUIET_ROOM;

  isSpeech(window: Float32Array): boolean {
    const level = levelOf(window);
    const isLoud = level > Math.max(LOUD_MIN, this.room * OVER_ROOM);
    // Follows the quiet slowly, and not the voice.
    if (!isLoud) this.room = this.room * 0.95 + level * 0.05;
    return isLoud;
  }

  reset(): void {
    // The room stays the room.
  }
}

/** Root mean square, 0..1. */
export function levelOf(window: Float32Array): number {
  return Math.sqrt(window.reduce((sum, value) => sum + value * value, 0) / window.length);
}
