/**
 * Clients for the conformance checks: one over the `ws` library that pairs replies by counting, one over a bare
 * socket that may send anything. Every wait has a limit.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import WebSocket from "ws";

export interface RobotDoors {
  host: string;
  port: number;
  udpPort: number;
}

export type State = Record<string, unknown>;

/** Far more than any bar; a check that waits so long has failed. */
export const REPLY_MS_MAX = 5000;
const GREETING = '{"ok":true,"msg":"bridge_ready"}';

/** A text client that pairs replies with commands by counting, as the old host does. */
export class TextClient {
  private readonly received: string[] = [];
  private wake: () => void = () => undefined;
  closeCode = -1;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => {
      this.received.push(String(data));
      this.wake();
    });
    socket.on("close", (code) => {
      this.closeCode = code;
      this.wake();
    });
    socket.on("error", () => this.wake());
  }

  static async open(doors: RobotDoors, path = "/"): Promise<TextClient> {
    const socket = new WebSocket(`ws://${doors.host}:${doors.port}${path}`);
    const client = new TextClient(socket);
    await once(socket, "open", { signal: AbortSignal.timeout(REPLY_MS_MAX) });
    if (path !== "/v2") assert.equal(await client.next(), GREETING);
    return client;
  }

  async next(): Promise<string> {
    const endMs = performance.now() + REPLY_MS_MAX;
    while (this.received.length === 0) {
      const leftMs = endMs - performance.now();
      if (this.closeCode >= 0 || leftMs <= 0)
        throw new Error(`no reply (close code ${this.closeCode})`);
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      await Promise.race([woken, delay(leftMs, undefined, { ref: false })]);
    }
    return this.received.shift() as string;
  }

  ask(line: string): Promise<string> {
    this.socket.send(line);
    return this.next();
  }

  async state(): Promise<State> {
    return JSON.parse(await this.ask("QUERY")) as State;
  }

  waiting(): number {
    return this.received.length;
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, "close", { signal: AbortSignal.timeout(REPLY_MS_MAX) });
    this.socket.close();
    await closed;
  }
}

/** A request that opens a plain WebSocket. */
export const HANDSHAKE =
  "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/** A client's frame, masked; the length is written in the shortest way. */
export function clientFrame(first: number, payload: Buffer): Buffer {
  const n = payload.length;
  const head =
    n < 126 ? Buffer.from([first, 0x80 | n]) : Buffer.from([first, 0xfe, n >> 8, n & 255]);
  const mask = Buffer.from([0x21, 0xf3, 0x00, 0x9c]);
  const masked = payload.map((byte, i) => byte ^ (mask[i & 3] as number));
  return Buffer.concat([head, mask, masked]);
}

/** A connection without any library. */
export class RawClient {
  private data = Buffer.alloc(0);
  private isEnded = false;
  readonly socket: Socket;

  constructor(doors: RobotDoors) {
    this.socket = connect(doors.port, doors.host);
    this.socket.on("data", (data: Buffer) => (this.data = Buffer.concat([this.data, data])));
    this.socket.on("error", () => (this.isEnded = true));
    this.socket.on("close", () => (this.isEnded = true));
  }

  /** All that came until the robot closed. */
  async all(limitMs = REPLY_MS_MAX): Promise<Buffer> {
    const endMs = performance.now() + limitMs;
    while (!this.isEnded && performance.now() < endMs) await delay(5);
    this.socket.destroy();
    if (!this.isEnded) throw new Error(`not closed: ${this.data.toString("latin1").slice(-80)}`);
    return this.data;
  }

  /** What came so far, and whether the robot has closed. */
  heard(): { data: Buffer; isEnded: boolean } {
    return { data: this.data, isEnded: this.isEnded };
  }

  async untilText(text: string): Promise<void> {
    const endMs = performance.now() + REPLY_MS_MAX;
    while (!this.data.includes(text)) {
      if (performance.now() > endMs || this.isEnded) throw new Error(`never heard ${text}`);
      await delay(5);
    }
  }
}

/** Runs a check with `count` plain clients and closes them whatever comes of it. */
export async function withClients(
  doors: RobotDoors,
  count: number,
  check: (clients: TextClient[]) => Promise<void>,
  path = "/",
): Promise<void> {
  const opening = Array.from({ length: count }, () => TextClient.open(doors, path));
  const opened = await Promise.allSettled(opening);
  const clients = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  try {
    // Only now, so that those that did open are closed too.
    await Promise.all(opening);
    await check(clients);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
