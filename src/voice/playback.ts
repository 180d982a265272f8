/**
 * Plays one utterance to its end on whatever page plays: forwards what the renderers make, counts what the page says
 * it has played, and goes on with another page from there when the first is lost. Ends in any case.
 */
import type { CancelTimer, Clock } from "../time/clock.js";
import { AWAY_MS_MAX, type Page, type PageListener, type Pages } from "./pages.js";
import type { PlayedMessage } from "./page-protocol.js";
import { RATE_HZ } from "./speech/pcm.js";
import type { Sound } from "./speech/sound.js";
import type { Said, Say } from "./speech/speech.js";

/** A page has this long, beyond the sound itself, to say that it was played. */
export const DEAF_MS = 3000;
/** The renderers have this long to give something; their own limits are shorter. */
export const RENDER_MS_MAX = 8000;
/** How fast voices speak, for guessing how much of a text was heard when its sound is not whole. */
const CHARS_PER_S = 14;

export interface PlaybackDeps {
  readonly clock: Clock;
  readonly pages: Pages;
  /** Unique as long as the companion lives. */
  readonly utterance: number;
}

/** Resolves when the sound was played, was stopped, or could not be played to its end. */
export function play(deps: PlaybackDeps, sound: Sound, say: Say): Promise<Said> {
  return new Promise((resolve) => new Playback(deps, sound, say, resolve).start());
}

class Playback implements PageListener {
  private page: Page | undefined;
  /** Samples that were sent to this page, and those that were heard on any. */
  private sent = 0;
  private heard = 0;
  private cancelWatch: CancelTimer = () => undefined;
  private isDone = false;
  /** Of the floor that it began with; undefined where nobody shares one. */
  private token: number | undefined;
  private readonly onAbort = (): void => this.stop();

  constructor(
    private readonly deps: PlaybackDeps,
    private readonly sound: Sound,
    private readonly say: Say,
    private readonly resolve: (said: Said) => void,
  ) {}

  start(): void {
    this.deps.pages.listener = this;
    this.sound.onNews = () => this.advance();
    this.say.signal.addEventListener("abort", this.onAbort, { once: true });
    if (this.say.signal.aborted) this.stop();
    else this.advance();
  }

  message(page: Page, message: PlayedMessage): void {
    if (page !== this.page || message.utterance !== this.deps.utterance) return;
    if (message.type === "started") this.say.onSound();
    if (message.type !== "played") return;
    // A page cannot have played what it was not sent.
    this.heard = Math.max(this.heard, Math.min(message.samples, this.sent));
    this.say.onHeard(this.share());
    this.advance();
  }

  gone(page: Page): void {
    if (page === this.page) this.page = undefined;
    this.advance();
  }

  players(): void {
    if (!this.page) this.advance();
  }

  private advance(): void {
    if (this.isDone) return;
    if (!this.mayLeave()) return this.stop();
    // A page that does not read is left, and the next one tried, until one takes it or none is left.
    do {
      if (!this.page) this.choose();
      if (this.page) this.forward(this.page);
    } while (!this.page && this.deps.pages.player());
    const { end, samples } = this.sound;
    if (end && this.heard >= samples) {
      return this.settle(end.failed === undefined ? { kind: "played" } : this.failed(end.failed));
    }
    this.watch();
  }

  private choose(): void {
    this.page = this.deps.pages.player();
    this.sent = this.heard;
    const { utterance } = this.deps;
    const { token } = this;
    const begin = { type: "begin", utterance, from: this.heard, rateHz: RATE_HZ } as const;
    this.page?.send(token === undefined ? begin : { ...begin, token });
  }

  /** Sound leaves here: by the floor it began with, and by no other. */
  private mayLeave(): boolean {
    const pass = this.deps.pages.pass();
    if (pass.kind === "free") return this.token === undefined;
    const isOpen = pass.kind === "token" && this.deps.clock.nowMs() < pass.untilMs;
    if (!isOpen) return false;
    if (this.sent === 0 && this.page === undefined) this.token = pass.token;
    return this.token === pass.token;
  }

  private forward(page: Page): void {
    for (const { first, bytes } of this.sound.from(this.sent)) {
      if (!this.mayLeave()) return this.stop();
      if (!page.sendSound(this.deps.utterance, first, bytes)) return this.leave(page);
      this.sent = first + bytes.length / 2;
    }
  }

  private leave(page: Page): void {
    page.send({ type: "stop" });
    this.page = undefined;
    this.deps.pages.passOver(page);
  }

  /** One wait at a time, for whoever has to do something next; each ends. */
  private watch(): void {
    this.cancelWatch();
    const { clock } = this.deps;
    const { page } = this;
    if (!page) {
      this.cancelWatch = clock.after(AWAY_MS_MAX, () => {
        const why = this.deps.pages.unheard() ?? "The page that played it is gone.";
        this.settle({ kind: "unheard", why });
      });
    } else if (this.sent > this.heard) {
      const soundMs = ((this.sent - this.heard) / RATE_HZ) * 1000;
      this.cancelWatch = clock.after(soundMs + DEAF_MS, () => {
        this.leave(page);
        this.advance();
      });
    } else {
      this.cancelWatch = clock.after(RENDER_MS_MAX, () =>
        this.settle(this.failed("The voice process gave no sound.")),
      );
    }
  }

  private failed(why: string): Said {
    return { kind: "failed", why, share: this.share() };
  }

  /** How much of the text was heard, 0..1. */
  private share(): number {
    const { end, samples } = this.sound;
    const guess = (this.say.text.length / CHARS_PER_S) * RATE_HZ;
    const total = end && end.failed === undefined ? samples : Math.max(guess, samples);
    return total === 0 ? 0 : Math.min(1, this.heard / total);
  }

  private stop(): void {
    this.page?.send({ type: "stop" });
    this.settle({ kind: "stopped" });
  }

  private settle(said: Said): void {
    if (this.isDone) return;
    this.isDone = true;
    this.cancelWatch();
    this.say.signal.removeEventListener("abort", this.onAbort);
    this.sound.onNews = () => undefined;
    if (this.deps.pages.listener === this) this.deps.pages.listener = undefined;
    if (said.kind === "failed") this.page?.send({ type: "stop" });
    this.resolve(said);
  }
}
