/**
 * Sentences on their way to the voice: each has an end, even if the voice has none, and what is only shown takes the time
 * of reading.
 */
import { reasonOf } from "../../host/reason.js";
import { clamp } from "../../wire/clamp.js";
import type { Clock } from "../../time/clock.js";
import { spokenLanguage } from "./spoken-language.js";
import type { SpeakOptions, Spoken, Voice } from "../../voice/speech/speech.js";

/** A voice that does not come back: its sentence is over after this. */
const SPEAK_BASE_MS = 8000;
const SPEAK_CHAR_MS = 150;
const NOTICE_INDEX = -2;
/** A gesture without words has its time as a sentence has: the exit would take it back at once. */
const GESTURE_MS = 1200;
const GESTURE: Spoken = {
  outcome: "shown",
  firstSoundMs: undefined,
  by: "none",
  reason: "it has no words",
};

const QUIET: Spoken = {
  outcome: "shown",
  firstSoundMs: undefined,
  by: "text",
  reason: "it was asked to be quiet",
};

export interface MouthDeps {
  language(): string;
  log(level: "warn", message: string): void;
}

type SayOptions = Omit<SpeakOptions, "language"> & {
  /** Its words are shown, and not spoken. */
  readonly isQuiet: boolean;
};

export class Mouth {
  /** When the sentence handed over last is over. */
  private free: Promise<void> = Promise.resolve();
  private noticeSpeech: AbortController | undefined;

  constructor(
    private readonly voice: Voice,
    private readonly clock: Clock,
    private readonly deps: MouthDeps,
  ) {}

  /** Never rejects, and always resolves. */
  say(text: string, options: SayOptions): Promise<Spoken> {
    const before = this.free;
    const own = text === "" ? Promise.resolve(GESTURE) : this.voiced(text, options);
    const whole = own.then((spoken) => this.readTime(spoken, text, before, options.signal));
    this.free = whole.then(() => undefined);
    return whole;
  }

  private voiced(text: string, options: SayOptions): Promise<Spoken> {
    const before = this.free;
    const own = new Promise<Spoken>((resolve) => {
      let isOver = false;
      // Its time begins when the sentence before it is over.
      void before.then(() => {
        if (isOver) return;
        const cancel = this.clock.after(SPEAK_BASE_MS + text.length * SPEAK_CHAR_MS, () => {
          this.deps.log("warn", "the voice did not come back; the sentence is left");
          resolve({ outcome: "stopped", firstSoundMs: undefined, by: "none", reason: "it hangs" });
        });
        void own.then(cancel);
      });
      void this.spoken(text, options).then((spoken) => {
        isOver = true;
        resolve(spoken);
      });
    });
    return own;
  }

  /** A voice that fails leaves the words to be read. */
  private async spoken(text: string, { isQuiet, ...options }: SayOptions): Promise<Spoken> {
    if (isQuiet) return QUIET;
    try {
      const language = spokenLanguage(text, this.deps.language());
      return await this.voice.speak(text, { ...options, language });
    } catch (error) {
      const reason = reasonOf(error);
      this.deps.log("warn", `the voice failed, the sentence is shown: ${reason}`);
      return { outcome: "shown", firstSoundMs: undefined, by: "none", reason };
    }
  }

  /** Why there is no more: said after its turn, and until somebody talks. */
  notice(text: string, turnId: string, isQuiet: boolean): void {
    this.endNotice();
    const speech = new AbortController();
    this.noticeSpeech = speech;
    void this.say(text, { turnId, index: NOTICE_INDEX, signal: speech.signal, isQuiet });
  }

  endNotice(): void {
    if (this.noticeSpeech === undefined) return;
    this.noticeSpeech.abort(new Error("somebody talks"));
    this.noticeSpeech = undefined;
    try {
      this.voice.stop();
    } catch (error) {
      this.deps.log("warn", `the voice could not be stopped: ${reasonOf(error)}`);
    }
  }

  /** So that gestures and a barge-in have their time without a sound, too. */
  private async readTime(
    spoken: Spoken,
    text: string,
    before: Promise<void>,
    signal: AbortSignal,
  ): Promise<Spoken> {
    if (spoken.outcome !== "shown") return spoken;
    await before;
    if (await sleptFor(this.clock, readingMs(text), signal)) return spoken;
    return { ...spoken, outcome: "stopped", reason: "it was interrupted" };
  }
}

/** About 30 characters a second, within bounds. */
function readingMs(text: string): number {
  if (text === "") return GESTURE_MS;
  return clamp(text.length * 33, 300, 2500);
}

/** @returns false when the signal came first. */
async function sleptFor(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  if (ms <= 0) return true;
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    // Only the signal ends a sleep.
    return false;
  }
}
