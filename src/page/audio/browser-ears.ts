/**
 * The browser's own recognition as ears, where Buddy has none: one utterance by hand, or one after the other. Its maker may
 * hear what is said, so nothing of it is used before a person has agreed. It cannot tell Buddy's voice from somebody's: what
 * it hears while Buddy speaks is dropped.
 */
import { fill, t } from "../language/language.js";

/** The few things of the browser's `SpeechRecognition` that are used, so that a test can stand in for them. */
export interface Recognition {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onspeechstart: (() => void) | null;
  onresult: ((event: RecognitionResults) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}

interface RecognitionResults {
  readonly resultIndex: number;
  readonly results: ArrayLike<
    ArrayLike<{ readonly transcript: string }> & { readonly isFinal: boolean }
  >;
}

export interface BrowserEarsEvents {
  /** Of whoever speaks, as a tag; asked at each beginning. */
  language(): string;
  /** Somebody begins to speak. */
  begun(): void;
  said(words: string): void;
  /** It has ended, and nothing was said. */
  nobody(): void;
  /** It cannot be used: why. */
  lost(why: string): void;
  /** Buddy speaks now, or did a moment ago. */
  isBuddyHeard(): boolean;
}

/** Why it ended; what ends by itself and by hand has no words. */
const reasons = (): Readonly<Record<string, string>> => ({
  "not-allowed": t.microphone.forbidden,
  "service-not-allowed": t.microphone.noRecognition,
  "audio-capture": t.microphone.notFound,
  network: t.microphone.network,
  "language-not-supported": t.microphone.language,
});

export class BrowserEars {
  private recognition: Recognition | undefined;
  /** Somebody speaks, and no words of it have come yet. */
  private isWaitedFor = false;

  constructor(
    private readonly make: () => Recognition,
    private readonly events: BrowserEarsEvents,
  ) {}

  /** @param isLasting begins anew after each utterance, until it is closed. */
  open(isLasting: boolean): void {
    this.close();
    const recognition = this.make();
    this.recognition = recognition;
    this.isWaitedFor = !isLasting;
    recognition.lang = this.events.language();
    recognition.continuous = isLasting;
    recognition.interimResults = false;
    recognition.onspeechstart = () => {
      if (this.events.isBuddyHeard()) return;
      this.isWaitedFor = true;
      this.events.begun();
    };
    recognition.onresult = (event) => this.take(event);
    recognition.onerror = ({ error }) => {
      const why = reasons()[error];
      if (why === undefined) return;
      this.close();
      this.events.lost(why);
    };
    recognition.onend = () => {
      if (this.recognition !== recognition) return;
      this.recognition = undefined;
      if (this.isWaitedFor) this.events.nobody();
      // Browsers end it after a silence, and after a minute in any case.
      if (isLasting && this.recognition === undefined) this.open(true);
    };
    try {
      recognition.start();
    } catch (error) {
      this.close();
      this.events.lost(fill(t.microphone.notBegun, { why: String(error) }));
    }
  }

  get isOpen(): boolean {
    return this.recognition !== undefined;
  }

  /** The speaker has finished: words that it still makes are told. */
  finish(): void {
    this.recognition?.stop();
  }

  /** Hears nothing any more, at once. */
  close(): void {
    const { recognition } = this;
    this.recognition = undefined;
    recognition?.abort();
  }

  private take({ resultIndex, results }: RecognitionResults): void {
    for (let at = resultIndex; at < results.length; at++) {
      const result = results[at];
      const words = result?.isFinal === true ? (result[0]?.transcript ?? "").trim() : "";
      if (words === "" || this.events.isBuddyHeard()) continue;
      this.isWaitedFor = false;
      this.events.said(words);
    }
  }
}

/** This browser's recognition; undefined where it has none. */
export function recognitionOf(view: object): (() => Recognition) | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = view as Record<
    string,
    (new () => Recognition) | undefined
  >;
  const Made = SpeechRecognition ?? webkitSpeechRecognition;
  return Made && (() => new Made());
}

/** Whether a choice to use it may be kept: on this machine's own address. On a LAN it is asked for each time. */
export function mayKeepChoice(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
