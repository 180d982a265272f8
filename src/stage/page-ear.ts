/**
 * Somebody who listens to several robots at once, by the audio path of their pages, and keeps when whose sound was to be heard,
 * all on one clock.
 */
import WebSocket from "ws";
import type { Clock } from "../time/clock.js";
import { HeadlessPage, type LineSound } from "../voice/headless-page.js";
import type { VoiceServerMessage } from "../voice/page-protocol.js";
import type { Ear } from "./ear.js";
import type { Heard } from "./report.js";

const AGAIN_MS = 300;

export class PageEar implements Ear {
  /** A page's time line is told, not listened to. */
  readonly lateMsMax = 0;
  private readonly sounds: { readonly robot: string; readonly sound: LineSound }[] = [];
  private readonly sockets = new Map<string, WebSocket>();
  private isClosed = false;

  constructor(private readonly clock: Clock) {}

  /** Listens to a robot at its page's door (`host:port`), and again whenever that is lost. */
  listenTo(robot: string, door: () => string | undefined): void {
    if (this.isClosed) return;
    const at = door();
    if (at === undefined) return this.again(robot, door);
    const socket = new WebSocket(`ws://${at}/audio`);
    this.sockets.set(robot, socket);
    const page = new HeadlessPage({
      clock: this.clock,
      send: (message) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      },
      onSound: (sound) => this.sounds.push({ robot, sound }),
    });
    socket.on("open", () => page.tell("running"));
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) page.takeSound(data);
      else page.take(JSON.parse(data.toString("utf8")) as VoiceServerMessage);
    });
    // An error is always followed by close.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      page.silence();
      this.again(robot, door);
    });
  }

  heard(): Heard[] {
    const nowMs = this.clock.nowMs();
    return this.sounds
      .filter(({ sound }) => sound.startMs < nowMs)
      .map(({ robot, sound }) => ({
        robot,
        startMs: sound.startMs,
        endMs: Math.min(nowMs, sound.endMs),
      }));
  }

  isListeningTo(robot: string): boolean {
    return this.sockets.get(robot)?.readyState === WebSocket.OPEN;
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const socket of this.sockets.values()) socket.terminate();
    return Promise.resolve();
  }

  private again(robot: string, door: () => string | undefined): void {
    if (!this.isClosed) this.clock.after(AGAIN_MS, () => this.listenTo(robot, door));
  }
}
