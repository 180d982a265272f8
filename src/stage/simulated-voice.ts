/**
 * The voice of a light robot: its sound is made in this process, a tone a syllable, at the pace of speech. Queue, pages and
 * fence are those of every Buddy; there is no voice program, no renderer and no ear.
 */
import type { Clock } from "../time/clock.js";
import type { Policies } from "../resilience/policies.js";
import type { HealthSource } from "../state/health.js";
import type { FloorGate } from "../voice/floor-gate.js";
import { Pages } from "../voice/pages.js";
import { play } from "../voice/playback.js";
import type { Hearer, SoundState, VoiceService } from "../voice/service.js";
import { Speaker } from "../voice/speaker.js";
import { BUFFER_MS, BUFFER_SAMPLES, bytesOf, RATE_HZ } from "../voice/speech/pcm.js";
import { Sound } from "../voice/speech/sound.js";
import type { Said, Say, SpeakOptions, Spoken, Way } from "../voice/speech/speech.js";
import { hum } from "../voice/standby/hum.js";
import type { Heard, VoiceApi } from "../voice/voice-api.js";
import { voiceState } from "../voice/voice-words.js";

/** Sound is given this much before it is due, as a renderer does. */
const AHEAD_MS = 200;

export interface SimulatedVoiceDeps {
  readonly clock: Clock;
  readonly policies: Policies;
  /** Sound of a turn that was played to its end, ms. */
  onPlayed(turnId: string, soundMs: number): void;
  onChange(): void;
}

const NO_EARS: Heard = {
  kind: "failed",
  status: 503,
  code: "VOICE_EARS_MISSING",
  message: "A simulated robot has no ears; type to it.",
};

export class SimulatedVoice implements VoiceService {
  readonly port: VoiceApi;
  readonly health: HealthSource;
  private readonly pages: Pages;
  private readonly speaker: Speaker;
  private readonly way: Way = {
    name: "tones",
    hasWords: true,
    unusable: () => undefined,
    say: (say) => this.say(say),
  };
  private hearer: Hearer | undefined;
  private utterance = 0;

  constructor(private readonly deps: SimulatedVoiceDeps) {
    const { clock, policies } = deps;
    this.pages = new Pages({
      clock,
      pending: () => 0,
      onUnlock: () => undefined,
      onListening: (isOn) => this.listening(isOn),
      onChange: () => deps.onChange(),
    });
    this.speaker = new Speaker({
      clock,
      ways: [this.way],
      breakerOf: (way) =>
        policies.breaker({ id: `voice-${way}`, title: "Voice", remedy: "It is made anew." }),
      unheard: () => this.pages.unheard(),
      onShown: () => undefined,
      onChange: () => deps.onChange(),
    });
    this.port = {
      addPage: (socket, isRoom) => this.pages.add(socket, isRoom),
      hear: () => Promise.resolve(NO_EARS),
      heard: () => NO_EARS,
    };
    this.health = {
      id: "speech",
      title: "Speech",
      check: () => ({ level: "ok", text: this.state().text, next: "" }),
    };
  }

  speak(sentence: string, options: SpeakOptions): Promise<Spoken> {
    return this.speaker.speak(sentence, options);
  }

  stop(): void {
    this.speaker.stop("asked to be silent");
  }

  state(): SoundState {
    const words = voiceState({
      ways: [{ name: this.way.name, hasWords: true, why: undefined }],
      speaking: this.speaker.speaking,
      pages: this.pages.count,
      isLocked: this.pages.isLocked,
      unheard: this.pages.unheard(),
      pending: 0,
    });
    return { ...words, ears: { state: "off", text: "A simulated robot has no ears." } };
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

  setServing(): void {
    // There is no process that could serve.
  }

  takeMessage(): void {
    // And none that could say anything.
  }

  private async say(say: Say): Promise<Said> {
    const { clock, onPlayed } = this.deps;
    const sound = new Sound();
    const utterance = ++this.utterance;
    const playing = play({ clock, pages: this.pages, utterance }, sound, say);
    const cancel = this.render(soundOf(say.text), sound);
    const said = await playing;
    cancel();
    if (said.kind === "played") onPlayed(say.turnId, (sound.samples / RATE_HZ) * 1000);
    return said;
  }

  /** Gives the samples at the pace of speech, a little ahead. @returns what ends it. */
  private render(samples: Int16Array, sound: Sound): () => void {
    const { clock } = this.deps;
    const beganMs = clock.nowMs();
    const give = (): void => {
      const dueMs = clock.nowMs() - beganMs + AHEAD_MS;
      while (sound.samples < samples.length && (sound.samples / RATE_HZ) * 1000 < dueMs) {
        const first = sound.samples;
        sound.push(first, bytesOf(samples.subarray(first, first + BUFFER_SAMPLES)));
      }
      if (sound.samples < samples.length) return;
      cancel();
      sound.finish();
    };
    const cancel = clock.every(BUFFER_MS, give);
    return cancel;
  }

  private listening(isOn: boolean): void {
    if (!isOn) return this.hearer?.unheard();
    this.stop();
    this.hearer?.listen();
  }
}

/** Without the silence at its end: what is heard is as long as what was said. */
function soundOf(text: string): Int16Array {
  const samples = hum(text);
  const last = samples.findLastIndex((sample) => sample !== 0);
  return samples.subarray(0, last + 1);
}
