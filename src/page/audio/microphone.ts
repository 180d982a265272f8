/**
 * Talking to Buddy by voice: push to talk, and hands-free listening, in which the microphone stays open and an
 * utterance begins when somebody speaks. Nothing of it is loaded or opened before a person asks for it.
 */
import { spokenLanguage } from "../language/choice.js";
import { t } from "../language/language.js";
import { BrowserEars, type BrowserEarsEvents, type Recognition } from "./browser-ears.js";
import { CallWindow } from "./call-window.js";
import { type Capture, captureTrouble, openCapture, refusal } from "./capture.js";
import { type Happening, Listener, type OwnSound } from "./listener.js";
import { tellHeard, understand } from "./recording.js";
import { levelOf, LoudnessJudge, ModelJudge, type SpeechJudge } from "./speech-judge.js";

/** The model is a file of this door: later than this it is not there. */
const MODEL_MS_MAX = 5000;
/** Each so many windows the level is shown: about ten times a second. */
const SHOWN_WINDOWS = 3;
/** Last words of Buddy's that cannot be told from somebody's are still in the room for so long. */
const ECHO_MS = 500;

export type MicState =
  | { readonly kind: "idle"; readonly text: string; readonly isTrouble: boolean }
  /** Hands-free: open, and nobody speaks. */
  | { readonly kind: "waiting"; readonly text: string; readonly isTrouble: boolean }
  | { readonly kind: "recording"; readonly level: number }
  | { readonly kind: "understanding" };

export class Microphone {
  state: MicState = { kind: "idle", text: "", isTrouble: false };
  isHandsFree = false;
  /** Hands-free, only what begins with Buddy's name is meant for it. */
  isCallNeeded = false;
  /** The utterance was begun by a person's hand. */
  private isByHand = false;
  private beganMs = 0;
  private readonly calls = new CallWindow();
  /** Who tells speech from noise, once somebody does, and why it is not the model. */
  judge: { readonly kind: SpeechJudge["kind"]; readonly why: string } | undefined;
  private readonly listeners = new Set<() => void>();
  private capture: Capture | undefined;
  /** The browser's own recognition, where a person has agreed to it. */
  private browser: BrowserEars | undefined;
  private listener: Listener | undefined;
  /** Heard before the judge was there. */
  private early: Float32Array[] = [];
  private loaded: SpeechJudge | undefined;
  private isOpening = false;
  private isEndWanted = false;
  private count = 0;
  private deafUntilMs = 0;
  /** Utterances that have begun. */
  begun = 0;
  /** The last recording's words; never rejects. */
  private understood: Promise<unknown> = Promise.resolve();

  /** @param ownSound what the microphone may hear of Buddy now: that is no request. */
  constructor(private readonly ownSound: () => OwnSound) {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The browser's own recognition listens, or, with undefined, Buddy's speech-to-text server. */
  listenBy(make: (() => Recognition) | undefined): void {
    if ((make !== undefined) === this.isBrowser) return;
    this.isHandsFree = false;
    this.rest("", false);
    this.browser = make && new BrowserEars(make, this.browserEvents());
    this.tell();
  }

  get isBrowser(): boolean {
    return this.browser !== undefined;
  }

  private browserEvents(): BrowserEarsEvents {
    return {
      language: spokenLanguage,
      begun: () => {
        if (this.state.kind !== "recording") this.follow({ type: "begun" });
      },
      said: (words) => void this.tellWords(words),
      nobody: () => this.rest(t.microphone.nobody, !this.isHandsFree),
      lost: (why) => this.fail(why),
      isBuddyHeard: () => {
        const nowMs = performance.now();
        if (this.ownSound() !== 0) this.deafUntilMs = nowMs + ECHO_MS;
        return nowMs < this.deafUntilMs;
      },
    };
  }

  /** Begins to record, whether or not it listened already; the end of the speech ends it, or `stop` does. */
  start(): void {
    const { kind } = this.state;
    if (kind === "idle") void this.open();
    // The browser's listens already, and tells when somebody speaks.
    else if (kind === "waiting" && !this.browser) this.listener?.begin();
    else return;
    this.isByHand = true;
    this.begun++;
    this.beganMs = performance.now();
    this.show({ kind: "recording", level: 0 });
  }

  /** The speaker has finished: what was recorded is sent. */
  stop(): void {
    if (this.state.kind !== "recording") return;
    if (this.browser) {
      this.browser.finish();
      return this.show({ kind: "understanding" });
    }
    // Let go of before the browser had asked its question, or before the judge was there.
    if (!this.listener) this.isEndWanted = true;
    else void this.send(this.listener.finish());
  }

  /** Off is off: what was being recorded by itself is dropped, and the microphone is closed at once. */
  setHandsFree(isOn: boolean): void {
    this.isHandsFree = isOn;
    const { kind } = this.state;
    if (isOn && kind === "idle") {
      this.wait("", false);
    } else if (!isOn && (kind === "waiting" || (kind === "recording" && !this.isByHand))) {
      this.rest(t.microphone.off, false);
    } else {
      if (!isOn && kind === "understanding") this.close();
      this.tell();
    }
  }

  setCallNeeded(isOn: boolean): void {
    this.isCallNeeded = isOn;
    this.tell();
  }

  /** Buddy is silent meanwhile: somebody speaks to it. Who must call it by name has done so. */
  get isSpokenTo(): boolean {
    const { kind } = this.state;
    return (kind === "recording" || kind === "understanding") && !this.isUncalled;
  }

  private get isUncalled(): boolean {
    return this.needsName && !this.calls.holds(this.beganMs);
  }
  private get needsName(): boolean {
    return this.isHandsFree && this.isCallNeeded && !this.isByHand;
  }

  private async open(): Promise<void> {
    if (this.browser) return this.browser.open(this.isHandsFree);
    const trouble = captureTrouble();
    if (trouble !== "") return this.fail(trouble);
    if (this.isOpening) return;
    this.isOpening = true;
    this.isEndWanted = false;
    try {
      const [capture, judge] = await Promise.all([
        openCapture({ window: (w) => this.take(w), lost: (why) => this.fail(why) }),
        this.loadJudge(),
      ]);
      this.capture = capture;
      // Turned off again meanwhile.
      if (this.state.kind === "idle") return this.close();
      this.listen(judge);
    } catch (error) {
      this.fail(refusal(error));
    } finally {
      this.isOpening = false;
    }
  }

  private listen(judge: SpeechJudge): void {
    judge.reset();
    const listener = new Listener(judge);
    if (this.state.kind === "recording") listener.begin();
    this.listener = listener;
    const early = this.early.splice(0);
    for (const window of early) this.take(window);
    if (this.isEndWanted) this.stop();
  }

  private take(window: Float32Array): void {
    if (!this.listener) {
      this.early.push(window);
      return;
    }
    const { kind } = this.state;
    // Hands-free it hears on while words are made of what was said before.
    const isOpen = kind === "waiting" || kind === "recording" || this.isHandsFree;
    if (!isOpen) return;
    const nowMs = performance.now();
    const own = this.ownSound();
    if (own === "unknown") this.deafUntilMs = nowMs + ECHO_MS;
    const happening = this.listener.hear(window, nowMs < this.deafUntilMs ? "unknown" : own);
    if (happening) this.follow(happening);
    else if (kind === "recording" && ++this.count % SHOWN_WINDOWS === 0) {
      this.show({ kind: "recording", level: Math.min(1, levelOf(window) * 6) });
    }
  }

  private follow(happening: Happening): void {
    switch (happening.type) {
      case "begun":
        this.isByHand = false;
        this.begun++;
        this.beganMs = performance.now();
        return this.show({ kind: "recording", level: 0 });
      case "said":
        return void this.send(happening.windows);
      case "nobody":
        return this.rest(t.microphone.nobody, true);
      case "dead":
        return this.isHandsFree
          ? this.wait(t.microphone.muted, true)
          : this.fail(t.microphone.muted);
    }
  }

  private async tellWords(words: string): Promise<void> {
    this.show({ kind: "understanding" });
    const understood = await tellHeard(words, this.isUncalled);
    const { text, isTrouble, isHopeless } = understood;
    this.calls.took(understood.call, performance.now());
    if (isHopeless) return this.fail(text);
    if (this.state.kind === "understanding") this.rest(text, isTrouble);
  }

  private async send(windows: readonly Float32Array[]): Promise<void> {
    if (!this.isHandsFree) this.close();
    this.show({ kind: "understanding" });
    // One after the other: words come in the order in which they were said, and a call before what goes on from it.
    const { needsName, beganMs } = this;
    const heard = this.understood.then(async () => {
      const understood = await understand(windows, needsName && !this.calls.holds(beganMs));
      this.calls.took(understood.call, performance.now());
      // What is being said now may go on from it.
      this.tell();
      return understood;
    });
    this.understood = heard;
    const { text, isTrouble, isHopeless } = await heard;
    if (isHopeless) return this.fail(text);
    // Lost meanwhile: that is said already.
    if (this.state.kind === "understanding") this.rest(text, isTrouble);
  }

  /** The utterance is over: hands-free it listens on, else the microphone is closed. */
  private rest(text: string, isTrouble: boolean): void {
    if (this.isHandsFree) return this.wait(text, isTrouble);
    this.close();
    this.show({ kind: "idle", text, isTrouble });
  }

  private wait(text: string, isTrouble: boolean): void {
    this.show({ kind: "waiting", text, isTrouble });
    if (!this.capture && this.browser?.isOpen !== true) void this.open();
  }

  private fail(why: string): void {
    this.isHandsFree = false;
    this.rest(why, true);
  }

  private close(): void {
    this.browser?.close();
    this.capture?.close();
    this.capture = undefined;
    this.listener = undefined;
    this.early = [];
  }

  /** The model, or loudness and the reason. A model that could not be loaded is asked for again the next time. */
  private async loadJudge(): Promise<SpeechJudge> {
    if (this.loaded) return this.loaded;
    let why = "";
    try {
      const url = new URL("./silero/weights.bin", import.meta.url);
      const answer = await fetch(url, { signal: AbortSignal.timeout(MODEL_MS_MAX) });
      if (!answer.ok) throw new RangeError(`the companion answered ${answer.status}`);
      this.loaded = new ModelJudge(await answer.arrayBuffer());
    } catch (error) {
      why = error instanceof RangeError ? error.message : t.voice.noModel;
    }
    const judge = this.loaded ?? new LoudnessJudge();
    this.judge = { kind: judge.kind, why };
    this.tell();
    return judge;
  }

  private show(state: MicState): void {
    this.state = state;
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
