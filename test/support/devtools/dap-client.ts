/** A client of the Debug Adapter Protocol over TCP, as VS Code is one: only what the tests of the debugger need. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { DEVTOOLS_PORTS } from "./ports.js";

const HEADER_END = "\r\n\r\n";

export interface Breakpoint {
  verified: boolean;
  line: number;
}

export interface Frame {
  id: number;
  name: string;
  line: number;
  source?: { path?: string };
}

export interface Variable {
  name: string;
  value: string;
  variablesReference: number;
}

export interface Scope {
  name: string;
  variablesReference: number;
}

/** Why the program stopped, and which of its fibers. */
export interface Stop {
  reason: string;
  threadId: number;
}

interface Message {
  type: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

export class DapClient {
  private readonly waiting = new Map<number, (message: Message) => void>();
  private readonly events: Message[] = [];
  private onEvent: () => void = () => undefined;
  private bytes = Buffer.alloc(0);
  private seq = 0;
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => this.take(chunk));
    socket.on("error", () => undefined); // `close` follows.
    socket.on("close", () => {
      this.isClosed = true;
      this.onEvent();
    });
  }

  static async connect(): Promise<DapClient> {
    const socket = connect(DEVTOOLS_PORTS.dap, "127.0.0.1");
    await once(socket, "connect");
    return new DapClient(socket);
  }

  /** What VS Code does when a session is stopped: the developer tools end the VM then. */
  async end(): Promise<void> {
    if (this.isClosed) return;
    this.socket.end();
    await once(this.socket, "close");
  }

  /** @throws Error with the adapter's message when it refuses */
  async request<T = undefined>(command: string, args: object = {}, waitMsMax = 15_000): Promise<T> {
    const seq = ++this.seq;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    const answered = new Promise<Message>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no answer to ${command} within ${waitMsMax} ms`)),
        waitMsMax,
      );
      this.waiting.set(seq, (message) => {
        clearTimeout(timer);
        resolve(message);
      });
    });
    this.socket.write(`Content-Length: ${Buffer.byteLength(text)}${HEADER_END}${text}`);
    const answer = await answered.finally(() => this.waiting.delete(seq));
    if (answer.success !== true) throw new Error(`${command}: ${answer.message}`);
    return answer.body as T;
  }

  /** The next event of this name that nobody has taken yet; others before it are dropped. */
  async event<T>(name: string, waitMsMax: number): Promise<T> {
    const endMs = performance.now() + waitMsMax;
    for (;;) {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) {
        if (next.event === name) return next.body as T;
      }
      const leftMs = endMs - performance.now();
      if (this.isClosed || leftMs <= 0) {
        throw new Error(
          `no event "${name}" ${this.isClosed ? "before the end" : `within ${waitMsMax} ms`}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.onEvent = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  private take(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    for (;;) {
      const headerEnd = this.bytes.indexOf(HEADER_END);
      const length = /Content-Length: (\d+)/.exec(
        this.bytes.subarray(0, headerEnd).toString(),
      )?.[1];
      if (headerEnd < 0 || length === undefined) return;
      const start = headerEnd + HEADER_END.length;
      const end = start + Number(length);
      if (this.bytes.length < end) return;
      const message = JSON.parse(this.bytes.subarray(start, end).toString()) as Message;
      this.bytes = this.bytes.subarray(end);
      if (message.type === "response") this.waiting.get(message.request_seq ?? 0)?.(message);
      // It tells its own log as output, too.
      else if (message.type === "event" && message.event !== "output") {
        this.events.push(message);
        this.onEvent();
      }
    }
  }
}
