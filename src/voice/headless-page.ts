/**
 * A page without a browser: takes what a robot sends to its page and puts the sound on a time line, by the page's own rules
 * (`sound-queue.ts`, `fence.ts`). Whoever listens in another way than a browser is one: the room of voices, an ear that checks.
 */
import type { Clock } from "../time/clock.js";
import { audibleMs, type Fence } from "./fence.js";
import type { PageVoiceMessage, VoiceServerMessage } from "./page-protocol.js";
import { SoundQueue, type AudioLine } from "./sound-queue.js";
import { RATE_HZ } from "./speech/pcm.js";

const HEAD_BYTES = 8;

/** A stretch of sound on the time line, ms of the clock; `endMs` is earlier when it was cut. */
export interface LineSound {
  readonly startMs: number;
  endMs: number;
  /** -1..1, `RATE_HZ` a second. */
  readonly samples: Float32Array;
}

export interface HeadlessPageDeps {
  readonly clock: Clock;
  send(message: PageVoiceMessage): void;
  /** A stretch of sound was put on the line; it may begin a little later. */
  onSound(sound: LineSound): void;
}

export class HeadlessPage {
  private readonly queue: SoundQueue<LineBuffer>;
  /** Where several robots share a floor. */
  private fence: Fence | undefined;

  constructor(private readonly deps: HeadlessPageDeps) {
    const { clock } = deps;
    this.queue = new SoundQueue(
      new Line(clock, (sound) => deps.onSound(sound)),
      undefined,
      {
        started: (utterance) => deps.send({ type: "started", utterance }),
        played: (utterance, samples) => deps.send({ type: "played", utterance, samples }),
        sounding: () => undefined,
      },
      (token, inMs, lengthMs) => audibleMs(this.fence, token, clock.nowMs() + inMs, lengthMs),
    );
  }

  /** Says whether it can be heard; the robot speaks to no page before. */
  tell(state: "running" | "none"): void {
    this.deps.send({ type: "audio", state, voices: 0 });
  }

  take(message: VoiceServerMessage): void {
    switch (message.type) {
      case "begin":
        return this.queue.begin(message.utterance, message.from, message.token);
      case "fence":
        return this.setFence(message);
      case "stop":
        return this.silence();
      case "role":
      case "say":
        // It has no voices of its own (`tell`), so it is never asked to say anything.
        return;
    }
  }

  /** A binary frame. */
  takeSound(frame: Buffer): void {
    const samples = new Int16Array((frame.length - HEAD_BYTES) >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = frame.readInt16LE(HEAD_BYTES + i * 2);
    this.queue.add(frame.readUInt32LE(0), frame.readUInt32LE(4), samples);
  }

  /** What is on the line is void. */
  silence(): void {
    this.queue.stop();
  }

  private setFence({ token, untilMs, seq }: Extract<VoiceServerMessage, { type: "fence" }>): void {
    const nowMs = this.deps.clock.nowMs();
    this.fence = token === undefined ? undefined : { token, untilMs };
    if (this.fence !== undefined && untilMs <= nowMs) this.silence();
    this.deps.send({ type: "now", atMs: nowMs, seq });
  }
}

class LineBuffer {
  constructor(readonly samples: Float32Array) {}

  getChannelData(): Float32Array {
    return this.samples;
  }
}

/** Web Audio's time line as far as a `SoundQueue` needs it. */
class Line implements AudioLine<LineBuffer> {
  readonly sampleRate = RATE_HZ;

  constructor(
    private readonly clock: Clock,
    private readonly onSound: (sound: LineSound) => void,
  ) {}

  get currentTime(): number {
    return this.clock.nowMs() / 1000;
  }

  createBuffer(_channels: number, length: number): LineBuffer {
    return new LineBuffer(new Float32Array(length));
  }

  createBufferSource(): Source {
    return new Source(this.clock, this.onSound);
  }
}

class Source {
  buffer: LineBuffer | null = null;
  onended: (() => unknown) | null = null;
  private sound: LineSound | undefined;
  private cancelEnd: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onSound: (sound: LineSound) => void,
  ) {}

  connect(): void {
    // There is one listener, `onSound`.
  }

  start(atS: number): void {
    const samples = this.buffer?.samples ?? new Float32Array();
    const startMs = atS * 1000;
    const endMs = startMs + (samples.length / RATE_HZ) * 1000;
    this.sound = { startMs, endMs, samples };
    this.onSound(this.sound);
    this.cancelEnd = this.clock.after(endMs - this.clock.nowMs(), () => this.onended?.());
  }

  stop(): void {
    this.cancelEnd();
    if (this.sound) {
      this.sound.endMs = Math.min(
        this.sound.endMs,
        Math.max(this.sound.startMs, this.clock.nowMs()),
      );
    }
  }
}
