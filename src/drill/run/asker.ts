/**
 * A plain client of the robot's forwarded door that asks all the time, on a connection that it makes anew whenever it is closed, and
 * keeps what came of each command: answered once, or its client knows by the end of its connection that it is not.
 */
import WebSocket from "ws";
import type { CancelTimer, Clock } from "../../time/clock.js";
import { until } from "../../time/until.js";

const SETTLE_MS_MAX = 60_000;

interface Asked {
  answers: number;
  /** Its connection has been closed since. */
  isClosed: boolean;
}

export class Asker {
  /** Of all commands. */
  answers = 0;
  private readonly asked: Asked[] = [];
  private socket: WebSocket | undefined;
  private isOpen = false;
  private readonly cancel: CancelTimer;

  /** @param door `host:port` of the robot's WebSocket. */
  constructor(
    private readonly door: string,
    everyMs: number,
    clock: Clock,
  ) {
    this.cancel = clock.every(everyMs, () => this.ask());
  }

  get count(): number {
    return this.asked.length;
  }

  /** Commands that were answered more than once. */
  get doubled(): number {
    return this.asked.filter(({ answers }) => answers > 1).length;
  }

  /** Commands that have no answer, and whose client is none the wiser. */
  get unanswered(): number {
    return this.asked.filter(({ answers, isClosed }) => answers === 0 && !isClosed).length;
  }

  /** Asks nothing more, and waits for what is open. @throws Error when something stays open */
  async settle(): Promise<void> {
    this.cancel();
    await until("all to be answered or closed", SETTLE_MS_MAX, () => this.unanswered === 0);
  }

  close(): void {
    this.cancel();
    this.socket?.terminate();
  }

  private ask(): void {
    if (!this.socket) return this.dial();
    if (!this.isOpen) return;
    const id = this.asked.push({ answers: 0, isClosed: false }) - 1;
    this.socket.send(`${id} QUERY`);
  }

  private dial(): void {
    const socket = new WebSocket(`ws://${this.door}/v2`);
    this.socket = socket;
    socket.on("open", () => (this.isOpen = true));
    socket.on("message", (data: Buffer) => {
      const entry = this.asked[Number(/^(\d+) \{/.exec(data.toString())?.[1])];
      if (!entry) return;
      entry.answers++;
      this.answers++;
    });
    socket.on("error", () => undefined); // It is followed by close.
    socket.on("close", () => {
      this.isOpen = false;
      this.socket = undefined;
      for (const entry of this.asked) entry.isClosed = true;
    });
  }
}
