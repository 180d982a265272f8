/**
 * The side protocol of DeviceScript's developer tools, as VS Code's extension speaks it: a WebSocket with JSON requests, answers
 * and events as text, and frames of the Jacdac bus as binary messages.
 */
import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { DEVTOOLS_PORTS } from "./ports.js";

const RETRY_MS = 100;

interface SideEvents {
  /** A frame of the bus. */
  frame: [Buffer];
  /** Lines of the VM or of a device. */
  output: [from: string, lines: string[]];
}

interface Answer {
  resp: string;
  data: unknown;
}

export class SideClient extends EventEmitter<SideEvents> {
  readonly lines: { from: string; text: string }[] = [];
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private seq = 0;

  private constructor(private readonly socket: WebSocket) {
    super();
    socket.on("message", (data: Buffer, isBinary) => this.take(data, isBinary));
  }

  /** Tries until the developer tools listen. */
  static async connect(waitMsMax: number): Promise<SideClient> {
    const endMs = performance.now() + waitMsMax;
    for (;;) {
      const socket = new WebSocket(`ws://127.0.0.1:${DEVTOOLS_PORTS.side}/`);
      try {
        await once(socket, "open");
        return new SideClient(socket);
      } catch (error) {
        if (performance.now() > endMs) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  close(): void {
    this.socket.close();
  }

  /** The extension's own limit for most requests is 60 s. @throws Error with the message of an error answer */
  async request<T>(req: string, data: object, waitMsMax = 60_000): Promise<T> {
    const seq = ++this.seq;
    const answered = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no answer to "${req}" within ${waitMsMax} ms`)),
        waitMsMax,
      );
      this.waiting.set(seq, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
    this.socket.send(JSON.stringify({ req, seq, data }));
    const answer = await answered.finally(() => this.waiting.delete(seq));
    if (answer.resp === req) return answer.data as T;
    throw new Error(`"${req}": ${(answer.data as { message?: string }).message ?? answer.resp}`);
  }

  sendFrame(frame: Uint8Array): void {
    this.socket.send(frame);
  }

  private take(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.emit("frame", data);
      return;
    }
    const message = JSON.parse(String(data)) as {
      seq?: number;
      resp?: string;
      ev?: string;
      data: { from: string; lines: string[] };
    };
    if (message.resp !== undefined) {
      this.waiting.get(message.seq ?? 0)?.({ resp: message.resp, data: message.data });
    } else if (message.ev === "output") {
      const { from, lines } = message.data;
      for (const text of lines) this.lines.push({ from, text });
      this.emit("output", from, lines);
    }
  }
}
