/** One look whether the gateway can be reached by network: connects, and closes again without a word. */
import { LinkSocket } from "./socket";
import type { SocketEvents } from "./way";

/** A connect that takes longer counts as none. */
const CONNECT_MS_MAX = 3000;

export class Probe implements SocketEvents {
  /** It could be reached. */
  isGood = false;
  private isOver = false;
  private readonly socket: LinkSocket;
  private readonly endMs: number;

  constructor(host: string, port: number, nowMs: number) {
    this.endMs = nowMs + CONNECT_MS_MAX;
    this.socket = new LinkSocket(this);
    this.socket.connectTo(host, port);
  }

  hasEnded(nowMs: number): boolean {
    return this.isOver || nowMs >= this.endMs;
  }

  endProbe(): void {
    this.socket.closeSocket();
  }

  onOpen(): void {
    this.isGood = true;
    this.isOver = true;
  }

  onSocketData(_chunk: Buffer): void {}

  onGone(_why: string): void {
    this.isOver = true;
  }
}
