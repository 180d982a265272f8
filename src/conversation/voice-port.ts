/**
 * What the mind needs of a voice. Everything else about sound (engines, queues, fallbacks, the browser) is behind it.
 */
export interface SpeakOptions {
  readonly turnId: string;
  /** Of the sentence in its turn, from 0; −1 for a filler. Sentences of a turn come in order. */
  readonly index: number;
  /** Aborted when the sentence must not be spoken any more. */
  readonly signal: AbortSignal;
  /** BCP 47, for example "en". */
  readonly language: string;
}

export interface Spoken {
  /** played: heard to its end; shown: on the page as text only; stopped: cut short or never begun. */
  readonly outcome: "played" | "shown" | "stopped";
  /** From the call to the first sound; undefined when there was none. */
  readonly firstSoundMs: number | undefined;
  /** What spoke it, for people: "espeak-ng", "text only". */
  readonly by: string;
  readonly reason: string;
}

/** One state word for programs, one sentence for people. */
export interface VoiceState {
  readonly state: string;
  readonly text: string;
}

export interface Voice {
  /** Speaks one sentence and resolves when it is over. Never rejects. */
  speak(sentence: string, options: SpeakOptions): Promise<Spoken>;
  /** Silence, now: every sentence that is under way or waits ends as "stopped". */
  stop(): void;
  state(): VoiceState;
}
