/**
 * The one TCP socket of the runtime, straight on its four functions. `@devicescript/net` is not sound here:
 * - `connect` waits on an emitter that keeps only the latest event, so data that comes before its fiber runs
 *   fails an assertion and costs the connection;
 * - `send` on a full queue (-1, on ESP32) sleeps 10 ms and then throws instead of trying again;
 * - received chunks pile up without bound until someone calls `recv`, in a heap whose exhaustion is fatal;
 * - a fiber must be waiting in `recv`, which costs a wake-up; here data is dealt with in the event itself.
 * What remains of the runtime: on ESP32 an abandoned `connect` cannot be cancelled and its late events reach the
 * next attempt. They are harmless (a wrong write or frame ends that attempt). The event hook stays set for
 * ever, as events without one go to the runtime's cloud client.
 */
import * as ds from "@devicescript/core";
import { errorText, noteFault } from "../runtime/duty";
import type { LinkWay, SocketEvents } from "./way";

const raw = ds as typeof ds & {
  _socketOpen(host: string, port: number): number;
  _socketClose(): number;
  _socketWrite(bytes: Buffer): number;
  _socketOnEvent(event: string, arg?: unknown): void;
};

/** What `_socketWrite` answers when the queue is full and the same write may be tried again. */
const QUEUE_FULL = -1;
/** Frames that wait for a full queue. Above: the socket is stuck. */
const UNSENT_BYTES_MAX = 8192;

export class LinkSocket implements LinkWay {
  /** Frames that the runtime did not take yet, oldest first. */
  private unsent: Buffer[] = [];
  private unsentBytes = 0;
  private isGone = false;
  private isUp = false;
  private readonly events: SocketEvents;

  constructor(events: SocketEvents) {
    this.events = events;
  }

  /** Starts to connect; the outcome comes as an event, possibly at once. */
  connectTo(host: string, port: number): void {
    current = this;
    raw._socketOnEvent = onEvent;
    // A port out of range is an exception inside the runtime that ends the VM for good.
    if (host.length === 0 || port < 1 || port > 65535) return this.noteGone("bad address");
    try {
      const code = raw._socketOpen(host, port);
      if (code !== 0) this.noteGone(`open refused: ${code}`);
    } catch (thrown) {
      // ESP32 without WiFi: "network not available".
      this.noteGone(errorText(thrown));
    }
  }

  /** Sends or queues `bytes`; false: the socket is gone or stuck. */
  writeBytes(bytes: Buffer): boolean {
    if (!this.isUp) return false;
    if (this.unsent.length === 0) {
      const code = raw._socketWrite(bytes);
      if (code === 0) return true;
      if (code !== QUEUE_FULL) return false;
    }
    if (this.unsentBytes + bytes.length > UNSENT_BYTES_MAX) return false;
    this.unsent.push(bytes);
    this.unsentBytes += bytes.length;
    return true;
  }

  /** Tries again what the runtime's queue had no room for. False: the socket is gone. */
  flush(): boolean {
    while (this.isUp && this.unsent.length > 0) {
      const code = raw._socketWrite(this.unsent[0]);
      if (code === QUEUE_FULL) return true;
      if (code !== 0) return false;
      this.unsentBytes -= this.unsent.shift().length;
    }
    return this.isUp;
  }

  unsentHeldBytes(): number {
    return this.unsentBytes;
  }

  closeSocket(): void {
    if (current === this) {
      current = undefined;
      // Answers a negative number when there is nothing to close.
      raw._socketClose();
    }
    this.isUp = false;
    this.isGone = true;
    this.unsent = [];
    this.unsentBytes = 0;
  }

  takeSocketEvent(event: string, arg: unknown): void {
    if (this.isGone) return;
    if (event === "open") {
      this.isUp = true;
      this.events.onOpen();
    } else if (event === "data") {
      if (this.isUp) this.events.onSocketData(arg as Buffer);
    } else {
      this.noteGone(event === "error" ? `${arg}` : "closed by the gateway");
    }
  }

  private noteGone(why: string): void {
    this.closeSocket();
    this.events.onGone(why);
  }
}

let current: LinkSocket | undefined = undefined;

function onEvent(event: string, arg?: unknown): void {
  try {
    if (current !== undefined) current.takeSocketEvent(event, arg);
  } catch (thrown) {
    noteFault("link socket", thrown);
  }
}
