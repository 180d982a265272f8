/**
 * A robot's voice in a room: a page without a browser (`headless-page.ts`), whose time line goes out as frames, each when it is
 * due. What the fence of the floor cuts from the line never becomes a frame, and what was due while the process stood still
 * is not made up for: a robot that was stopped and goes on is silent.
 */
import type { CancelTimer, Clock } from "../../time/clock.js";
import { HeadlessPage } from "../../voice/headless-page.js";
import type { PageVoiceMessage, VoiceServerMessage } from "../../voice/page-protocol.js";
import type { PageHandle, VoiceApi } from "../../voice/voice-api.js";
import { FRAME_MS, FrameMixer } from "./frame-mixer.js";

/** A late timer is caught up with; a process that stood still for longer is not. */
const CATCH_UP_MS = 60;
/** Silence that follows a sound, so that the codec ends it. */
const TAIL_MS = 300;
/**
 * A listener has the last sound so much later than it left: WebRTC held 70 ms of a voice on average and wanted 108 (its own
 * statistics, one run on a busy machine), each voice its own. Whoever speaks next would be heard beside it.
 */
export const LISTENER_MS = 250;

export interface RoomVoiceDeps {
  readonly clock: Clock;
  readonly voice: VoiceApi;
  /** A frame of 10 ms leaves now. */
  send(frame: Int16Array): void;
}

export class RoomVoice {
  private readonly mixer = new FrameMixer();
  private readonly page: HeadlessPage;
  private handle: PageHandle | undefined;
  private cancelPump: CancelTimer | undefined;
  private nextMs = 0;
  private soundMs = 0;
  /** When a frame that is not silent left last. */
  private loudMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: RoomVoiceDeps) {
    this.page = new HeadlessPage({
      clock: deps.clock,
      // After whoever sends has done so: it does not expect an answer meanwhile.
      send: (message) => {
        if (message.type === "now") this.answer(message);
        else queueMicrotask(() => this.take(message));
      },
      onSound: (sound) => {
        this.mixer.put(sound);
        this.pump();
      },
    });
  }

  /** From now on the robot is heard there. */
  open(): void {
    this.handle ??= this.deps.voice.addPage(
      {
        send: (data) => {
          if (typeof data === "string") this.page.take(JSON.parse(data) as VoiceServerMessage);
          else this.page.takeSound(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
        },
        unsentBytes: () => 0,
        close: () => this.shut(),
      },
      true,
    );
  }

  /** Somebody listens there, or nobody does: then the robot has nobody to speak to. */
  tell(isHeard: boolean): void {
    this.page.tell(isHeard ? "running" : "none");
  }

  /** A person speaks there, or has finished. */
  listening(isOn: boolean): void {
    this.handle?.take(JSON.stringify({ type: "listening", isOn }));
  }

  /** What is on its time line is void. */
  silence(): void {
    this.page.silence();
  }

  shut(): void {
    this.silence();
    this.cancelPump?.();
    this.cancelPump = undefined;
    const { handle } = this;
    this.handle = undefined;
    handle?.closed();
  }

  private take(message: PageVoiceMessage): void {
    this.handle?.take(JSON.stringify(message));
  }

  /** The floor is given on when its fence was answered: not before listeners have heard what left. */
  private answer(message: Extract<PageVoiceMessage, { type: "now" }>): void {
    const { clock } = this.deps;
    const { mixer } = this;
    const nowMs = clock.nowMs();
    // Of what was cut just now, part of a frame is still to leave.
    const lastMs = mixer.hasMore(this.nextMs) ? nowMs + FRAME_MS : this.loudMs;
    const waitMs = mixer.hasMore(nowMs) ? 0 : lastMs + LISTENER_MS - nowMs;
    if (waitMs <= 0) return queueMicrotask(() => this.take(message));
    clock.after(waitMs, () => this.take({ ...message, atMs: clock.nowMs() }));
  }

  private pump(): void {
    const { clock } = this.deps;
    this.soundMs = clock.nowMs();
    if (this.cancelPump !== undefined) return;
    this.nextMs = clock.nowMs();
    this.cancelPump = clock.every(FRAME_MS, () => this.sendDue());
  }

  private sendDue(): void {
    const nowMs = this.deps.clock.nowMs();
    this.nextMs = Math.max(this.nextMs, nowMs - CATCH_UP_MS);
    for (; this.nextMs + FRAME_MS <= nowMs; this.nextMs += FRAME_MS) {
      const frame = this.mixer.frame(this.nextMs);
      if (frame.some((sample) => sample !== 0)) this.loudMs = nowMs;
      this.deps.send(frame);
    }
    if (this.mixer.hasMore(this.nextMs)) this.soundMs = nowMs;
    else if (nowMs - this.soundMs > TAIL_MS) {
      this.cancelPump?.();
      this.cancelPump = undefined;
    }
  }
}
