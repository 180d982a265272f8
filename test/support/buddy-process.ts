/** What end-to-end tests share: the companion as a user starts it, and clients of its doors. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { join } from "node:path";
import WebSocket from "ws";

export {
  launchBuddy,
  startBuddy,
  type BuddyProcess,
  type LaunchedBuddy,
} from "../../src/drill/run/buddy-process.js";

export const root = join(import.meta.dirname, "../..");

export async function within<T>(
  limitMs: number,
  what: string,
  promise: Promise<T>,
  detail: () => string = () => "",
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`waited ${limitMs} ms for ${what}\n${detail()}`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

export async function getJson(door: string, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`http://${door}${path}`, { signal: AbortSignal.timeout(3000) });
  return (await response.json()) as Record<string, unknown>;
}

/** A plain WebSocket client of the robot, as the old host is one: one text frame, one reply. */
export class PlainRobot {
  private readonly frames: string[] = [];
  private readonly waiting: ((frame: string) => void)[] = [];
  readonly socket: WebSocket;

  constructor(door: string, path = "/") {
    this.socket = new WebSocket(`ws://${door}${path}`, { perMessageDeflate: false });
    this.socket.on("message", (data) => {
      const frame = String(data);
      const next = this.waiting.shift();
      if (next) next(frame);
      else this.frames.push(frame);
    });
    this.socket.on("error", () => undefined); // `open` and `ask` report it with their own words.
  }

  /** @returns the greeting. */
  async open(): Promise<string> {
    await within(5000, "the WebSocket to open", once(this.socket, "open"));
    return this.next(2000);
  }

  next(limitMs = 1000): Promise<string> {
    const ready = this.frames.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    return within(limitMs, "a frame", new Promise((resolve) => this.waiting.push(resolve)));
  }

  async ask(line: string, limitMs = 1000): Promise<Record<string, unknown>> {
    this.socket.send(line);
    return JSON.parse(await this.next(limitMs)) as Record<string, unknown>;
  }

  /** Frames that came without being asked for. */
  get unasked(): readonly string[] {
    return this.frames;
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Sends text datagrams to a door `host:port`. */
export class DatagramSender {
  private readonly socket = createSocket("udp4");
  private readonly host: string;
  private readonly port: number;

  constructor(door: string) {
    const at = door.lastIndexOf(":");
    this.host = door.slice(0, at);
    this.port = Number(door.slice(at + 1));
  }

  send(text: string | Uint8Array): void {
    this.socket.send(text, this.port, this.host);
  }

  close(): void {
    this.socket.close();
  }
}
