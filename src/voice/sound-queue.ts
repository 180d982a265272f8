/**
 * Puts samples on Web Audio's time line, one piece right after the other, and tells what was played when it was played.
 * Pieces come with their place in the utterance; one that does not fit is a mistake and is not played.
 */

/** Head start of the first piece: enough to hand it to the sound card, too short to notice. */
const START_S = 0.02;
/** Longest piece that is played as one; what was played is told in steps of this. */
const STEP_SAMPLES = 2205;

export interface SoundQueueEvents {
  /** The first sample of an utterance is heard now. */
  started(utterance: number): void;
  /** Everything before this sample was heard. */
  played(utterance: number, samples: number): void;
  sounding(isSounding: boolean): void;
}

interface LineBuffer {
  getChannelData(channel: number): Float32Array;
}

interface LineSource<B> {
  buffer: B | null;
  onended: ((event: never) => unknown) | null;
  connect(output: unknown): unknown;
  start(atS: number): void;
  stop(): void;
}

/** The few things of Web Audio that are used, so that a test can stand in for them. */
export interface AudioLine<B extends LineBuffer = LineBuffer> {
  readonly currentTime: number;
  readonly sampleRate: number;
  createBuffer(channels: number, length: number, sampleRate: number): B;
  createBufferSource(): LineSource<B>;
}

export type Audible = (token: number | undefined, inMs: number, lengthMs: number) => number;

export class SoundQueue<B extends LineBuffer> {
  private utterance = 0;
  /** Number of the sample that must come next. */
  private next = 0;
  /** When on the time line it will be heard. */
  private nextS = 0;
  private hasStarted = false;
  private token: number | undefined;
  private readonly sources = new Set<LineSource<B>>();

  constructor(
    private readonly line: AudioLine<B>,
    private readonly output: unknown,
    private readonly events: SoundQueueEvents,
    /** How much may be heard of a sound of that token and length, beginning in so many ms. */
    private readonly audible: Audible = (_token, _inMs, lengthMs) => lengthMs,
  ) {}

  /** Samples of this utterance follow, beginning with `from`. What of another one still sounds goes on to its end. */
  begin(utterance: number, from: number, token?: number): void {
    this.utterance = utterance;
    this.token = token;
    this.next = from;
    this.hasStarted = false;
  }

  add(utterance: number, first: number, samples: Int16Array): void {
    if (utterance !== this.utterance || first !== this.next) return;
    for (let at = 0; at < samples.length; at += STEP_SAMPLES) {
      this.play(samples.subarray(at, at + STEP_SAMPLES));
    }
  }

  /** Silence now; nothing of it is told as played. */
  stop(): void {
    for (const source of this.sources) {
      source.onended = null;
      source.stop();
    }
    this.sources.clear();
    this.utterance = 0;
    this.nextS = 0;
  }

  private play(sound: Int16Array): void {
    const { line, utterance } = this;
    const atS = Math.max(this.nextS, line.currentTime + START_S);
    const inMs = (atS - line.currentTime) * 1000;
    const lengthMs = (sound.length / line.sampleRate) * 1000;
    const heardMs = this.audible(this.token, inMs, lengthMs);
    // What is beyond the fence is never put on the line, so no timer has to take it off in time.
    const samples = sound.subarray(0, Math.floor((heardMs / 1000) * line.sampleRate + 1e-6));
    if (samples.length === 0) return;
    const buffer = line.createBuffer(1, samples.length, line.sampleRate);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) channel[i] = (samples[i] ?? 0) / 32_768;
    const source = line.createBufferSource();
    source.buffer = buffer;
    source.connect(this.output);
    const startS = Math.max(this.nextS, line.currentTime + START_S);
    this.next += samples.length;
    this.nextS = startS + samples.length / line.sampleRate;
    const played = this.next;
    source.onended = () => {
      this.sources.delete(source);
      if (this.sources.size === 0) this.events.sounding(false);
      this.events.played(utterance, played);
    };
    this.sources.add(source);
    // Also when the pieces came too late and it was silent in between.
    if (this.sources.size === 1) this.events.sounding(true);
    source.start(startS);
    if (this.hasStarted) return;
    this.hasStarted = true;
    // Told when it is heard, not when it was scheduled.
    const waitMs = (startS - line.currentTime) * 1000;
    setTimeout(() => {
      if (this.utterance === utterance) this.events.started(utterance);
    }, waitMs);
  }
}
