/**
 * A TCP proxy that is as slow as it is told: all connections of one direction share its rate, in the order in which their bytes
 * came, and everything arrives late. A new connection costs a round trip first, as its handshake would.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { systemClock } from "../../src/time/clock.js";

export interface Pace {
  /** Of each direction. */
  readonly bytesPerS: number;
  /** One way, ms. */
  readonly delayMs: number;
}

/** What a line holds before it makes senders wait: a router's buffer. */
const HELD_BYTES_MAX = 64 * 1024;
/** Bytes that take their turn together. */
const PACKET_BYTES = 1400;

export class SlowLine {
  port = 0;
  pace: Pace = { bytesPerS: Infinity, delayMs: 0 };
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** When the last byte of each direction will have left, ms. */
  private readonly freeMs = { up: 0, down: 0 };

  constructor(target: number) {
    this.server = createServer((client) => {
      const server = connect({ host: "127.0.0.1", port: target });
      const openMs = systemClock.nowMs() + 2 * this.pace.delayMs;
      this.carry("up", client, server, openMs);
      this.carry("down", server, client, openMs);
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** How far behind the line is in that direction, ms. */
  backlogMs(direction: "up" | "down"): number {
    return Math.max(0, this.freeMs[direction] - systemClock.nowMs());
  }

  private carry(direction: "up" | "down", from: Socket, to: Socket, openMs: number): void {
    this.sockets.add(from);
    let held = 0;
    from.setNoDelay(true);
    from.on("data", (data: Buffer) => {
      for (let at = 0; at < data.length; at += PACKET_BYTES) {
        const packet = data.subarray(at, at + PACKET_BYTES);
        held += packet.length;
        this.later(direction, packet.length, openMs, () => {
          held -= packet.length;
          if (held < HELD_BYTES_MAX) from.resume();
          if (!to.destroyed) to.write(packet);
        });
      }
      if (held >= HELD_BYTES_MAX) from.pause();
    });
    from.on("end", () => this.later(direction, 0, openMs, () => to.end()));
    // Whoever breaks off takes the other end along.
    from.on("error", () => undefined);
    from.on("close", () => {
      this.sockets.delete(from);
      this.later(direction, 0, openMs, () => to.destroy());
    });
  }

  private later(direction: "up" | "down", bytes: number, openMs: number, act: () => void): void {
    const nowMs = systemClock.nowMs();
    const { bytesPerS, delayMs } = this.pace;
    const beginMs = Math.max(nowMs, this.freeMs[direction], openMs);
    this.freeMs[direction] = beginMs + (bytes / bytesPerS) * 1000;
    const waitMs = this.freeMs[direction] + delayMs - nowMs;
    if (waitMs <= 0) act();
    else systemClock.after(waitMs, act);
  }
}
