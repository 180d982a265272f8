/** The ways of saying a sentence: programs and the hum by the voice process, an online voice, the browser's own speech. */
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import type { HostClient } from "./host-client.js";
import type { Page, PageListener, Pages } from "./pages.js";
import type { PlayedMessage } from "./page-protocol.js";
import { play } from "./playback.js";
import { findProgram } from "../host/programs.js";
import type { ProgramName } from "./standby/programs.js";
import type { RenderJob } from "./standby/engines.js";
import { Sound } from "./speech/sound.js";
import type { Said, Say, Way } from "./speech/speech.js";

/** An installed program is noticed this soon. */
const LOOK_MS = 15_000;
/** The browser's speech: from the command to its start, and the slowest voice. */
const BROWSER_START_MS_MAX = 4000;
const BROWSER_MS_PER_CHAR = 150;

export interface WayDeps {
  readonly clock: Clock;
  readonly pages: Pages;
  readonly host: HostClient;
  nextUtterance(): number;
}

/** What the voice process renders: the job, or why there is none. */
async function byHost(
  deps: WayDeps,
  say: Say,
  jobOf: () => Promise<RenderJob> | RenderJob,
): Promise<Said> {
  const utterance = deps.nextUtterance();
  let job: RenderJob;
  try {
    job = await jobOf();
  } catch (error) {
    if (say.signal.aborted) return { kind: "stopped" };
    return {
      kind: "failed",
      why: reasonOf(error),
      share: 0,
    };
  }
  const sound = new Sound();
  const playing = play({ clock: deps.clock, pages: deps.pages, utterance }, sound, say);
  if (!say.signal.aborted) deps.host.render(utterance, job, sound);
  const said = await playing;
  deps.host.cancel(utterance);
  return said;
}

/** A voice program of the machine. */
export function programWay(deps: WayDeps, name: ProgramName, path?: string): Way {
  let isThere = false;
  let lookedMs = Number.NEGATIVE_INFINITY;
  const isInstalled = (): boolean => {
    if (deps.clock.nowMs() - lookedMs < LOOK_MS) return isThere;
    lookedMs = deps.clock.nowMs();
    isThere = findProgram(name, path) !== undefined;
    return isThere;
  };
  return {
    name,
    hasWords: true,
    unusable: (language) => {
      if (!isInstalled()) return `${name} is not installed.`;
      if (name === "flite" && !/^en\b/i.test(language)) return "flite speaks English only.";
      return hostTrouble(deps.host);
    },
    say: (say) =>
      byHost(deps, say, () => ({ engine: name, text: say.text, language: say.language })),
  };
}

/** The built-in hum: no words, but not mute. */
export function humWay(deps: WayDeps): Way {
  return {
    name: "hum",
    hasWords: false,
    unusable: () => hostTrouble(deps.host),
    say: (say) => byHost(deps, say, () => ({ engine: "hum", text: say.text, language: "en" })),
  };
}

/** @param fetchSound gives a WAV file for a text, within its own deadline. */
export function onlineWay(
  deps: WayDeps,
  fetchSound: (text: string, signal: AbortSignal) => Promise<Buffer>,
): Way {
  return {
    name: "online",
    hasWords: true,
    unusable: () => hostTrouble(deps.host),
    say: (say) =>
      byHost(deps, say, async () => {
        const wav = await fetchSound(say.text, say.signal);
        return { engine: "sound", sound: wav.toString("base64") };
      }),
  };
}

function hostTrouble(host: HostClient): string | undefined {
  return host.isReady ? undefined : "The voice process is not there yet.";
}

/** The speech that comes with the listener's browser. */
export function browserWay(deps: WayDeps): Way {
  return {
    name: "browser",
    hasWords: true,
    unusable: () => {
      const page = deps.pages.player();
      return page && page.voices > 0 ? undefined : "The browser has no voices.";
    },
    say: (say) => new Promise((resolve) => new BrowserSpeech(deps, say, resolve).start()),
  };
}

class BrowserSpeech implements PageListener {
  private page: Page | undefined;
  private readonly utterance: number;
  private cancelWatch: () => void = () => undefined;
  private isDone = false;
  private readonly onAbort = (): void => {
    this.page?.send({ type: "stop" });
    this.settle({ kind: "stopped" });
  };

  constructor(
    private readonly deps: WayDeps,
    private readonly say: Say,
    private readonly resolve: (said: Said) => void,
  ) {
    this.utterance = deps.nextUtterance();
  }

  start(): void {
    const { pages } = this.deps;
    const { text, language, signal } = this.say;
    this.page = pages.player();
    if (signal.aborted) return this.onAbort();
    if (!this.page) return this.settle({ kind: "unheard", why: "No page plays." });
    const pass = pages.pass();
    if (pass.kind === "closed") return this.onAbort();
    pages.listener = this;
    signal.addEventListener("abort", this.onAbort, { once: true });
    this.watch(BROWSER_START_MS_MAX, "The browser did not begin to speak.");
    const say = { type: "say", utterance: this.utterance, text, language } as const;
    this.page.send(pass.kind === "token" ? { ...say, token: pass.token } : say);
  }

  message(page: Page, message: PlayedMessage): void {
    if (page !== this.page || message.utterance !== this.utterance) return;
    if (message.type === "started") {
      this.say.onSound();
      const speechMs = this.say.text.length * BROWSER_MS_PER_CHAR + BROWSER_START_MS_MAX;
      this.watch(speechMs, "The browser did not end its speech.");
    }
    const share = (chars: number): number => chars / Math.max(1, this.say.text.length);
    if (message.type === "at") this.say.onHeard(Math.min(1, share(message.chars)));
    if (message.type !== "said") return;
    if (message.isWhole) this.settle({ kind: "played" });
    else this.fail(message.why, share(message.chars));
  }

  gone(page: Page): void {
    if (page !== this.page) return;
    this.settle({ kind: "unheard", why: "The page that spoke is gone." });
  }

  players(): void {
    // Another page may play the next sentence; this one is spoken where it began.
  }

  private watch(ms: number, why: string): void {
    this.cancelWatch();
    this.cancelWatch = this.deps.clock.after(ms, () => {
      this.page?.send({ type: "stop" });
      this.fail(why, 0);
    });
  }

  private fail(why: string, share: number): void {
    this.settle({ kind: "failed", why, share: Math.min(1, share) });
  }

  private settle(said: Said): void {
    if (this.isDone) return;
    this.isDone = true;
    this.cancelWatch();
    this.say.signal.removeEventListener("abort", this.onAbort);
    if (this.deps.pages.listener === this) this.deps.pages.listener = undefined;
    this.resolve(said);
  }
}
