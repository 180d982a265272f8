/**
 * A board's port on this computer, by the browser's Web Serial, at the service of the companion: what it asks for is done one
 * after the other, what the board says goes to it (`flash/relay-messages.ts`).
 */
import type { FromPage, PortCall, ToPage, Wish } from "../../flash/relay-messages.js";

/** As `RELAY_PIECE_BYTES_MAX` says; the page takes no code of the companion's. */
const PIECE_BYTES = 32 * 1024;
/** The browser's default, 255 bytes, is lost within 3 ms at a boot loader's speed. */
const BUFFER_BYTES = 64 * 1024;

/** Web Serial, as far as it is used here. */
export interface BrowserPort {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  getInfo(): { readonly usbVendorId?: number; readonly usbProductId?: number };
  open(options: { readonly baudRate: number; readonly bufferSize: number }): Promise<void>;
  close(): Promise<void>;
  setSignals(signals: {
    readonly dataTerminalReady?: boolean;
    readonly requestToSend?: boolean;
  }): Promise<void>;
  addEventListener(type: "disconnect", listener: () => void): void;
}

/** What the relay needs of a WebSocket. */
export interface RelayLine {
  send(data: string | Uint8Array<ArrayBuffer>): void;
}

export type RelayNews = Exclude<ToPage, { readonly type: "call" }>;

export class SerialRelay {
  /** What was asked for is done in order. */
  private queue: Promise<void> = Promise.resolve();
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private reading: Promise<void> = Promise.resolve();
  private isOpen = false;

  constructor(
    private readonly port: BrowserPort,
    private readonly line: RelayLine,
    private readonly onNews: (news: RelayNews) => void,
  ) {
    port.addEventListener("disconnect", () => this.say({ type: "lost", why: "it was unplugged" }));
  }

  begin(wish: Omit<Wish, "type" | "usb">, file: Uint8Array<ArrayBuffer> | undefined): void {
    const { usbVendorId, usbProductId } = this.port.getInfo();
    const usb = {
      ...(usbVendorId !== undefined && { usbVendorId }),
      ...(usbProductId !== undefined && { usbProductId }),
    };
    this.say({ ...wish, type: "begin", usb });
    if (file) this.sendPieces(file);
  }

  /** A message of the companion's. */
  take(data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      this.queue = this.queue.then(() => this.write(new Uint8Array(data)));
      return;
    }
    const message = JSON.parse(data) as ToPage;
    if (message.type !== "call") return this.onNews(message);
    this.queue = this.queue.then(() => this.carryOut(message.id, message));
  }

  /** Lets the port go, whatever it was in the middle of. */
  async end(): Promise<void> {
    await this.queue;
    await this.close();
  }

  private async carryOut(id: number, call: PortCall): Promise<void> {
    try {
      if (call.call === "open") await this.open(call.baudRate);
      else if (call.call === "close") await this.close();
      else {
        const { dataTerminalReady, requestToSend } = call;
        await this.port.setSignals({
          ...(dataTerminalReady !== undefined && { dataTerminalReady }),
          ...(requestToSend !== undefined && { requestToSend }),
        });
      }
      this.say({ type: "called", id });
    } catch (error) {
      this.say({ type: "called", id, error: wordsOf(error) });
    }
  }

  private async open(baudRate: number): Promise<void> {
    await this.port.open({ baudRate, bufferSize: BUFFER_BYTES });
    this.isOpen = true;
    this.reading = this.read();
  }

  private async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    // Of a port that has gone there is nothing to be let go.
    await this.reader?.cancel().catch(() => undefined);
    await this.reading;
    await this.port.close().catch(() => undefined);
  }

  /** Ends with the port. A garbled byte or too many at once end a stream, and the port has another. */
  private async read(): Promise<void> {
    let why = "";
    while (this.isOpen && this.port.readable) {
      const reader = this.port.readable.getReader();
      this.reader = reader;
      try {
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          this.sendPieces(read.value);
        }
      } catch (error) {
        why = wordsOf(error);
      }
      reader.releaseLock();
    }
    if (this.isOpen) this.say({ type: "lost", why: why || "it ended" });
  }

  private async write(bytes: Uint8Array): Promise<void> {
    const writer = this.port.writable?.getWriter();
    try {
      await writer?.write(bytes);
    } catch (error) {
      this.say({ type: "lost", why: wordsOf(error) });
    } finally {
      writer?.releaseLock();
    }
  }

  private sendPieces(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      this.line.send(new Uint8Array(bytes.subarray(at, at + PIECE_BYTES)));
    }
  }

  private say(message: FromPage): void {
    this.line.send(JSON.stringify(message));
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
