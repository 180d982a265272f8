import type { WebSocket } from "ws";

/** A page at the live socket, as far as the server can tell: it collects what comes. */
export class LivePeer {
  readonly messages: Array<Record<string, unknown>> = [];
  readonly pictures: Buffer[] = [];
  private readonly waiters = new Set<() => void>();

  constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.pictures.push(data);
      else this.messages.push(JSON.parse(data.toString()) as Record<string, unknown>);
      for (const wake of [...this.waiters]) wake();
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Resolves when `isDone` holds after some message. */
  async until(isDone: () => boolean, what: string): Promise<void> {
    if (isDone()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited for ${what}`)), 3000);
      const wake = (): void => {
        if (!isDone()) return;
        clearTimeout(timer);
        this.waiters.delete(wake);
        resolve();
      };
      this.waiters.add(wake);
    });
  }

  async message(type: string): Promise<Record<string, unknown>> {
    await this.until(() => this.messages.some((m) => m["type"] === type), type);
    return this.messages.find((m) => m["type"] === type) ?? {};
  }

  /** The newest server time this peer has seen. */
  get seen(): number {
    return Math.max(...this.messages.map((m) => Number(m["t"] ?? 0)));
  }
}
