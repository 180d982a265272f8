/**
 * Wires the voice: the ways of speaking in their order, the process that renders, the pages that play, the ears, and
 * the state that people read.
 */
import type { LogLevel, PartMessage } from "../child/messages.js";
import type { HealthSource } from "../state/health.js";
import type { Policies } from "../resilience/policies.js";
import type { Clock } from "../time/clock.js";
import { earsState, hearRecording } from "./hearing.js";
import type { FloorGate } from "./floor-gate.js";
import { HostClient } from "./host-client.js";
import { OnlineEars, OnlineVoice } from "./online.js";
import { readVoiceOptions, type VoiceOptions } from "./options.js";
import { Pages } from "./pages.js";
import { PendingReply } from "./pending.js";
import { Speaker } from "./speaker.js";
import { callIn } from "./speech/called.js";
import type { EarsState, SpeakOptions, Spoken, Voice, VoiceState, Way } from "./speech/speech.js";
import { voiceAdvice, voiceState } from "./voice-words.js";
import { browserWay, humWay, onlineWay, programWay, type WayDeps } from "./ways.js";
import type { Heard, Hearing, VoiceApi } from "./voice-api.js";

export interface VoiceDeps {
  readonly clock: Clock;
  readonly policies: Policies;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** To the voice process; false when it does not listen. */
  send(message: PartMessage): boolean;
  log(level: LogLevel, message: string): void;
  onChange(): void;
}

/** Both directions, as the page shows them. */
export interface SoundState extends VoiceState {
  readonly ears: EarsState;
}

/** The voice as the mind and the page use it. */
export interface VoiceService extends Voice {
  state(): SoundState;
  /** Who is told when somebody speaks to Buddy. */
  tell(hearer: Hearer): void;
  readonly port: VoiceApi;
  readonly health: HealthSource;
  /** From now on sound leaves only where the gate lets it. */
  fenceBy(gate: FloorGate): void;
  /** The gate has changed; `isOver`: it is to be told when all pages are silent. */
  fenceChanged(isOver: boolean): void;
  /** The voice process serves, or does so no more. */
  setServing(isServing: boolean): void;
  takeMessage(message: PartMessage): void;
}

/** Whoever is spoken to: the mind. Buddy is silent when it is called. */
export interface Hearer {
  /** What Buddy is called. */
  name(): string;
  heard(text: string): void;
  /** Somebody begins to speak. */
  listen(): void;
  /** Nothing came of it. */
  unheard(): void;
}

/** @throws VoiceOptionsError when a variable makes no sense. */
export function startVoice(deps: VoiceDeps): VoiceService {
  return new Service(deps, readVoiceOptions(deps.environment));
}

class Service implements VoiceService {
  readonly port: VoiceApi;
  readonly health: HealthSource;
  private readonly host: HostClient;
  private readonly pages: Pages;
  private readonly pending: PendingReply;
  private readonly ways: readonly Way[];
  private readonly speaker: Speaker;
  private readonly ears: OnlineEars | undefined;
  private hearer: Hearer | undefined;
  /** Utterances that have begun. */
  private begun = 0;

  constructor(
    private readonly deps: VoiceDeps,
    options: VoiceOptions,
  ) {
    const { clock, policies } = deps;
    this.host = new HostClient((message) => deps.send(message));
    this.pending = new PendingReply(clock);
    this.pages = new Pages({
      clock,
      pending: () => this.pending.count,
      onUnlock: () => this.playPending(),
      onListening: (isOn) => this.listening(isOn),
      onChange: () => deps.onChange(),
    });
    this.ways = waysOf(options, deps.environment["PATH"], {
      clock,
      pages: this.pages,
      host: this.host,
    });
    this.ears = options.hearing && new OnlineEars(options.hearing, policies, clock);
    this.speaker = new Speaker({
      clock,
      ways: this.ways,
      breakerOf: (way) =>
        policies.breaker({
          id: `voice-${way}`,
          title: `Voice, ${way}`,
          remedy: "Until then sentences go the next way.",
        }),
      unheard: () => (this.ways.length === 0 ? "The voice is off." : this.pages.unheard()),
      onShown: (text, spoken, reason) => this.shown(text, spoken, reason),
      onChange: () => deps.onChange(),
    });
    this.port = {
      addPage: (socket, isRoom) => this.pages.add(socket, isRoom),
      hear: (...args) => this.hear(...args),
      heard: (words, hearing) => this.heard(words, hearing),
    };
    this.health = {
      id: "speech",
      title: "Speech",
      check: () => {
        const state = this.state();
        const isWaiting = state.state === "locked" && this.pending.count > 0;
        const level = state.state === "off" ? "off" : isWaiting ? "warn" : "ok";
        return { level, text: state.text, next: voiceAdvice(state) };
      },
    };
  }

  speak(sentence: string, options: SpeakOptions): Promise<Spoken> {
    this.pending.begin(options.turnId);
    this.pages.tellRoles();
    return this.speaker.speak(sentence, options);
  }

  stop(): void {
    this.pending.clear();
    this.pages.tellRoles();
    this.speaker.stop("asked to be silent");
  }

  state(): SoundState {
    const voice = voiceState({
      ways: this.ways.map((way) => ({
        name: way.name,
        hasWords: way.hasWords,
        why: way.unusable("en"),
      })),
      speaking: this.speaker.speaking,
      pages: this.pages.count,
      isLocked: this.pages.isLocked,
      unheard: this.pages.unheard(),
      pending: this.pending.count,
    });
    return { ...voice, ears: earsState(this.ears) };
  }

  get isOff(): boolean {
    return this.ways.length === 0;
  }

  tell(hearer: Hearer): void {
    this.hearer = hearer;
  }

  fenceBy(gate: FloorGate): void {
    this.pages.fenceBy(gate);
  }

  fenceChanged(isOver: boolean): void {
    this.pages.tellFence(isOver);
  }

  setServing(isServing: boolean): void {
    this.host.setReady(isServing);
  }

  takeMessage(message: PartMessage): void {
    if (!this.host.take(message)) this.deps.log("warn", `not understood: ${message.type}`);
  }

  private async hear(...args: Parameters<VoiceApi["hear"]>): ReturnType<VoiceApi["hear"]> {
    const [recording, language, hearing, signal] = args;
    const { begun } = this;
    const heard = await hearRecording(this.ears, recording, language, signal);
    // Somebody went on speaking while these words were made: what is answered waits for the rest.
    const goesOn = this.begun !== begun && this.pages.isListening;
    if (heard.kind === "words") {
      const taken = this.heard(heard.text, hearing);
      if (goesOn) this.hearer?.listen();
      return taken;
    }
    // Who must be called by name is not silent for what it hears, and goes on by itself.
    if (!goesOn && !hearing.isCallNeeded) this.hearer?.unheard();
    if (heard.status >= 500) this.deps.log("warn", heard.message);
    return heard;
  }

  private heard(text: string, { isCallNeeded }: Hearing): Heard {
    const { hearer } = this;
    const call = hearer === undefined ? "none" : callIn(text, hearer.name());
    if (isCallNeeded && hearer !== undefined && call === "none") {
      const message = `Not for ${hearer.name()}: it was not called by its name.`;
      return { kind: "failed", status: 422, code: "VOICE_NOT_CALLED", message };
    }
    hearer?.heard(text);
    return { kind: "words", text, call };
  }

  /** Nobody talks over a person: silence first. */
  private listening(isOn: boolean): void {
    if (!isOn) return this.hearer?.unheard();
    this.begun++;
    this.stop();
    this.hearer?.listen();
  }

  private shown(text: string, { turnId, index, language }: SpeakOptions, reason: string): void {
    this.deps.log("info", `shown, not spoken: ${reason}`);
    // A filler said later would fill nothing.
    if (!this.pages.isLocked || index < 0) return;
    this.pending.keep(turnId, { text, index, language });
    this.pages.tellRoles();
  }

  /** A9: the gesture has come, and the reply that waited for it is heard. */
  private playPending(): void {
    const { turnId, sentences } = this.pending.take();
    const { signal } = new AbortController();
    for (const { text, language, index } of sentences) {
      void this.speaker.speak(text, { turnId, index, language, signal });
    }
    this.pages.tellRoles();
  }
}

function waysOf(
  options: VoiceOptions,
  path: string | undefined,
  base: Omit<WayDeps, "nextUtterance">,
): Way[] {
  let utterance = 0;
  const deps: WayDeps = { ...base, nextUtterance: () => ++utterance };
  return options.ways.flatMap((name): Way[] => {
    switch (name) {
      case "online": {
        if (!options.speech) return [];
        const voice = new OnlineVoice(options.speech, base.clock);
        return [onlineWay(deps, (text, signal) => voice.speech(text, signal))];
      }
      case "espeak-ng":
      case "flite":
        return [programWay(deps, name, path)];
      case "browser":
        return [browserWay(deps)];
      case "hum":
        return [humWay(deps)];
    }
  });
}
