/** A port in somebody's browser, as `esptool-js` wants one: its calls and its bytes go through the relay of a page. */
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import {
  unplugged,
  type BoardPlace,
  type BoardPort,
  type Signals,
  type UsbIds,
} from "../usb/board-port.js";
import { FlashError } from "../usb/flash-error.js";
import type { PortCall, ToPage } from "./relay-messages.js";

/** A browser opens and closes a port within a second; one that hangs must not hang the flashing. */
const CALL_MS_MAX = 10_000;
/** What a board has said and nobody read yet. A boot loader waits for its reader; only a log could run on. */
const UNREAD_BYTES_MAX = 1024 * 1024;

export interface RelaySocket {
  send(data: string | Uint8Array): void;
  close(code: number, why: string): void;
}

interface Waiting {
  done(error: Error | undefined): void;
}

/** The companion's end of the relay. */
export class PortRelay implements BoardPlace {
  readonly path = "the browser's port";
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private current: RelayedPort | undefined;
  private goneBecause: string | undefined;

  constructor(
    private readonly socket: RelaySocket,
    private readonly usb: UsbIds,
    private readonly clock: Clock,
  ) {}

  newPort(): BoardPort {
    const port = new RelayedPort(this, this.usb);
    this.current = port;
    return port;
  }

  /** The page's answer to a call. */
  called(id: number, error: string | undefined): void {
    this.waiting.get(id)?.done(error === undefined ? undefined : new Error(error));
  }

  /** Bytes that the board has said. */
  received(bytes: Uint8Array): void {
    this.current?.take(bytes);
  }

  /** The port has gone, and may come back. */
  lost(why: string): void {
    this.current?.lose(why);
  }

  /** The page has gone, and with it all. */
  gone(why: string): void {
    this.goneBecause = why;
    for (const one of [...this.waiting.values()]) one.done(new Error(why));
    this.lost(why);
  }

  send(message: ToPage): void {
    this.socket.send(JSON.stringify(message));
  }

  write(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  /** @throws Error with what the browser said, or that it said nothing. */
  async call(call: PortCall): Promise<void> {
    if (this.goneBecause !== undefined) throw new Error(this.goneBecause);
    const id = ++this.calls;
    try {
      await new Promise<void>((resolve, reject) => {
        const late = new Error(`the page has not answered for ${CALL_MS_MAX / 1000} s`);
        const cancel = this.clock.after(CALL_MS_MAX, () => reject(late));
        const done = (error: Error | undefined): void => {
          cancel();
          if (error) reject(error);
          else resolve();
        };
        this.waiting.set(id, { done });
        this.send({ type: "call", id, ...call });
      });
    } finally {
      this.waiting.delete(id);
    }
  }
}

class RelayedPort implements BoardPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  hasSignals = true;
  readonly lost: Promise<never>;
  private loseIt: (error: FlashError) => void = () => undefined;
  private bytes: ReadableStreamDefaultController<Uint8Array> | undefined;
  private isEnded = false;

  constructor(
    private readonly relay: PortRelay,
    private readonly usb: UsbIds,
  ) {
    this.lost = new Promise((_, reject) => (this.loseIt = reject));
    this.lost.catch(() => undefined); // Told to whoever waits for it.
  }

  getInfo(): UsbIds {
    return this.usb;
  }

  async open({ baudRate }: { readonly baudRate: number }): Promise<void> {
    if (this.isEnded) throw unplugged(this.relay.path, "it is closed");
    try {
      await this.relay.call({ call: "open", baudRate });
    } catch (error) {
      throw new FlashError(
        "FLASH_PORT",
        `the browser cannot open the port: ${reasonOf(error)}`,
        "close serial monitors, editors, other tabs and a Buddy with --robot auto, which may have it; plug the board in again and try again",
        { cause: error },
      );
    }
    this.readable = new ReadableStream<Uint8Array>(
      { start: (controller) => (this.bytes = controller), cancel: () => (this.bytes = undefined) },
      { highWaterMark: UNREAD_BYTES_MAX, size: (chunk) => chunk?.length ?? 0 },
    );
    this.writable = new WritableStream<Uint8Array>({ write: (chunk) => this.relay.write(chunk) });
  }

  take(bytes: Uint8Array): void {
    if (!this.bytes) return;
    if ((this.bytes.desiredSize ?? 0) <= 0) this.lose("it says more than anybody reads");
    else this.bytes.enqueue(bytes);
  }

  lose(why: string): void {
    const error = unplugged(this.relay.path, why);
    this.bytes?.error(error);
    this.bytes = undefined;
    this.loseIt(error);
  }

  async close(): Promise<void> {
    if (!this.readable) return;
    this.readable = null;
    this.writable = null;
    this.bytes = undefined;
    // An error here is one of a port that has gone, which `lost` has told.
    await this.relay.call({ call: "close" }).catch(() => undefined);
  }

  async end(): Promise<void> {
    this.isEnded = true;
    await this.close();
  }

  async setSignals(signals: Signals): Promise<void> {
    if (!this.readable) return;
    try {
      await this.relay.call({ call: "signals", ...signals });
    } catch {
      this.hasSignals = false;
    }
  }
}
