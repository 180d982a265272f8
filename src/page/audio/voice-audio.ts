/**
 * The page's end of `/audio`: plays what comes through Web Audio without a gap, says what was played, and notices when
 * the browser wants a gesture first (A9). Any click or key in the page is that gesture.
 */
import type { PageVoiceMessage, VoiceServerMessage } from "../../voice/page-protocol.js";
import type { Connection } from "../live/connection.js";
import { audibleMs, type Fence } from "../../voice/fence.js";
import { SoundQueue } from "../../voice/sound-queue.js";
import type { OwnSound } from "./listener.js";

const HEAD_BYTES = 8;
const RATE_HZ = 22_050;
const RETRY_MS = 700;

export interface VoiceView {
  readonly isConnected: boolean;
  /** none: this browser has no Web Audio. */
  readonly audio: "running" | "locked" | "none";
  readonly isPlayer: boolean;
  /** Sentences that wait for a gesture. */
  readonly pending: number;
  readonly isSounding: boolean;
}

export class VoiceAudio {
  view: VoiceView = {
    isConnected: false,
    audio: "locked",
    isPlayer: false,
    pending: 0,
    isSounding: false,
  };
  private readonly listeners = new Set<() => void>();
  private socket: WebSocket | undefined;
  private context: AudioContext | undefined;
  private analyser: AnalyserNode | undefined;
  private gain: GainNode | undefined;
  private queue: SoundQueue<AudioBuffer> | undefined;
  /** Its sound is heard elsewhere in this page. */
  private isElsewhere = false;
  private spoken: SpeechSynthesisUtterance | undefined;
  private levels = new Float32Array(512);
  /** Where several robots share a floor. */
  private fence: Fence | undefined;
  private fenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly connection: Connection) {}

  start(): void {
    this.prepare();
    // Not at the press of a pointer: the sound that comes on changes the page, and what moved away under a
    // button held down never gets its click.
    for (const type of ["click", "keydown"]) {
      document.addEventListener(type, () => void this.unlock(), { capture: true });
    }
    if ("speechSynthesis" in window) {
      speechSynthesis.addEventListener("voiceschanged", () => this.tell());
    }
    this.connection.subscribe(() => {
      this.connect();
      this.setVolume();
    });
    this.connect();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** In a gesture: asks the browser to let sound through. */
  async unlock(): Promise<void> {
    if (this.view.audio !== "locked") return;
    await this.context?.resume();
    this.look();
  }

  /** Somebody speaks to Buddy in this page, or has finished: Buddy is silent meanwhile. */
  listening(isOn: boolean): void {
    if (isOn) this.silence();
    this.send({ type: "listening", isOn });
  }

  /** The same samples come from the room: here they are played without a sound, so that nothing else changes. */
  elsewhere(isInRoom: boolean): void {
    this.isElsewhere = isInRoom;
    this.setVolume();
  }

  /** Loudness now, 0..1, for what moves with the voice. */
  level(): number {
    return Math.min(1, this.playedLevel() * 5);
  }

  /** What the microphone may hear of Buddy: the level that is played here, if it is known. */
  ownSound(): OwnSound {
    if (!this.view.isSounding) return 0;
    // The browser's own speech goes past its echo cancellation, and past us.
    return this.spoken === undefined ? this.playedLevel() : "unknown";
  }

  /** Root mean square, 0..1. */
  private playedLevel(): number {
    if (!this.analyser || !this.view.isSounding) return 0;
    this.analyser.getFloatTimeDomainData(this.levels);
    const power = this.levels.reduce((sum, value) => sum + value * value, 0) / this.levels.length;
    return Math.sqrt(power);
  }

  private prepare(): void {
    if (!("AudioContext" in window)) return this.show({ audio: "none" });
    // At the sound's own rate nothing is resampled, so pieces join without a click.
    this.context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
    this.analyser = this.context.createAnalyser();
    this.analyser.connect(this.context.destination);
    // Before what measures: the meter moves with what is heard.
    this.gain = this.context.createGain();
    this.gain.connect(this.analyser);
    this.setVolume();
    this.context.addEventListener("statechange", () => this.look());
    this.queue = new SoundQueue(
      this.context,
      this.gain,
      {
        started: (utterance) => this.send({ type: "started", utterance }),
        played: (utterance, samples) => this.send({ type: "played", utterance, samples }),
        sounding: (isSounding) => this.show({ isSounding }),
      },
      (token, inMs, lengthMs) => audibleMs(this.fence, token, performance.now() + inMs, lengthMs),
    );
    this.look();
  }

  /** 0..1, as it was set at Buddy for all pages; what was last known while Buddy is away. */
  private get volume(): number {
    return (this.connection.view.state?.voice.volume ?? 100) / 100;
  }

  private setVolume(): void {
    if (this.gain) this.gain.gain.value = this.isElsewhere ? 0 : this.volume;
  }

  private look(): void {
    if (this.context) {
      this.show({ audio: this.context.state === "running" ? "running" : "locked" });
    }
    this.tell();
  }

  private tell(): void {
    const voices = "speechSynthesis" in window ? speechSynthesis.getVoices().length : 0;
    this.send({ type: "audio", state: this.view.audio, voices });
  }

  /** One socket, as long as the page itself is connected. */
  private connect(): void {
    if (this.socket || !this.connection.view.isConnected) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/audio`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.show({ isConnected: true });
      this.tell();
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === "string") this.take(JSON.parse(event.data) as VoiceServerMessage);
      else this.takeSound(event.data);
    };
    socket.onclose = () => {
      this.silence();
      this.show({ isConnected: false, isPlayer: false, pending: 0 });
      setTimeout(() => {
        this.socket = undefined;
        this.connect();
      }, RETRY_MS);
    };
  }

  private take(message: VoiceServerMessage): void {
    switch (message.type) {
      case "role":
        return this.show({ isPlayer: message.isPlayer, pending: message.pending });
      case "begin":
        return this.queue?.begin(message.utterance, message.from, message.token);
      case "fence":
        return this.setFence(message);
      case "say":
        return this.say(message);
      case "stop":
        return this.silence();
    }
  }

  private setFence({ token, untilMs, seq }: Extract<VoiceServerMessage, { type: "fence" }>): void {
    clearTimeout(this.fenceTimer);
    const nowMs = performance.now();
    this.fence = token === undefined ? undefined : { token, untilMs };
    if (this.fence !== undefined && untilMs <= nowMs) this.silence();
    // The browser's own speech cannot be scheduled: it is ended when its time is over.
    else if (this.fence !== undefined && this.spoken !== undefined)
      this.fenceTimer = setTimeout(() => this.silence(), untilMs - nowMs);
    this.send({ type: "now", atMs: performance.now(), seq });
  }

  private takeSound(bytes: ArrayBuffer): void {
    const head = new DataView(bytes);
    const samples = new Int16Array(bytes.slice(HEAD_BYTES));
    this.queue?.add(head.getUint32(0, true), head.getUint32(4, true), samples);
  }

  private silence(): void {
    this.queue?.stop();
    if (this.spoken) {
      this.spoken = undefined;
      speechSynthesis.cancel();
    }
    this.show({ isSounding: false });
  }

  private say(message: Extract<VoiceServerMessage, { type: "say" }>): void {
    const { utterance, text, language, token } = message;
    if (audibleMs(this.fence, token, performance.now(), 1) <= 0) {
      return this.send({
        type: "said",
        utterance,
        isWhole: false,
        chars: 0,
        why: "The floor is not free.",
      });
    }
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = language;
    speech.volume = this.volume;
    let chars = 0;
    const end = (isWhole: boolean, why: string): void => {
      if (this.spoken !== speech) return;
      this.spoken = undefined;
      this.show({ isSounding: false });
      this.send({ type: "said", utterance, isWhole, chars, why });
    };
    speech.onstart = () => {
      this.show({ isSounding: true });
      this.send({ type: "started", utterance });
    };
    speech.onboundary = (event) => {
      chars = event.charIndex;
      this.send({ type: "at", utterance, chars });
    };
    speech.onend = () => end(true, "");
    speech.onerror = (event) => end(false, `The browser's speech failed: ${event.error}.`);
    this.spoken = speech;
    speechSynthesis.speak(speech);
  }

  private send(message: PageVoiceMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private show(change: Partial<VoiceView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
