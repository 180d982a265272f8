/**
 * The words of speaking, shared by this folder and the conversation: what is asked, what came of it, and the ways there
 * are of saying a sentence.
 */

export interface SpeakOptions {
  readonly turnId: string;
  /** Place of the sentence in its turn, from 0; negative: a filler or a notice, of no use later. */
  readonly index: number;
  /** Its abort is silence at once for this sentence. */
  readonly signal: AbortSignal;
  /** BCP 47, "en" or "de-AT". */
  readonly language: string;
  /** Told again and again: how much of the sentence was heard so far, 0..1; a guess while its sound is still being made. */
  readonly onHeard?: ((share: number) => void) | undefined;
}

export interface Spoken {
  /** played: heard to its end. shown: its words (or the rest of them) are only to be read. stopped: wanted silent. */
  readonly outcome: "played" | "shown" | "stopped";
  /** From the call to the first sound at the listener; undefined when there was none. */
  readonly firstSoundMs: number | undefined;
  /** Name of the way that said it: "espeak-ng", "browser", "text" … */
  readonly by: string;
  /** Why it was not played; empty when it was. For people. */
  readonly reason: string;
}

/** How the voice is, for programs in `state` and for people in `text`. */
export interface VoiceState {
  readonly state: "speaking" | "ready" | "locked" | "hum" | "text" | "away" | "off";
  readonly text: string;
}

/** The voice as whoever talks needs it: engines, queues, fallbacks and the browser are behind it. */
export interface Voice {
  /** Speaks one sentence and resolves when it is over. Never rejects. */
  speak(sentence: string, options: SpeakOptions): Promise<Spoken>;
  /** Silence, now: every sentence that is under way or waits ends as "stopped". */
  stop(): void;
  /** No way of speaking was chosen: all words are only shown. */
  readonly isOff?: boolean;
}

/** Whether speech becomes words at all; known before anybody speaks. */
export interface EarsState {
  readonly state: "ready" | "off";
  readonly text: string;
}

/** A sentence, or the rest of one, on its way to the listener. */
export interface Say {
  readonly text: string;
  readonly language: string;
  readonly turnId: string;
  readonly index: number;
  readonly signal: AbortSignal;
  /** The listener hears something of it now. */
  onSound(): void;
  /** So much of the text was heard, 0..1. */
  onHeard(share: number): void;
}

/**
 * What came of it. `share` is how much of the text was heard before it failed, 0..1, so that the next way goes
 * on from there instead of saying it twice.
 */
export type Said =
  | { readonly kind: "played" }
  | { readonly kind: "stopped" }
  /** Nobody listens any more: no fault of the way, and no other way would help. */
  | { readonly kind: "unheard"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string; readonly share: number };

/** One way of saying a sentence: a program, an online voice, the browser's own, or a hum. */
export interface Way {
  readonly name: string;
  /** False for a hum: the words are shown, whatever was heard. */
  readonly hasWords: boolean;
  /** Why it cannot be used at all now, in plain words; undefined when it can be tried. */
  unusable(language: string): string | undefined;
  /** Never rejects but for a mistake of ours; ends within its own limits. */
  say(say: Say): Promise<Said>;
}
