/**
 * A forwarded TCP port: takes clients in, up to a limit, and keeps the port open whether the robot is there or
 * not. When all places are taken the oldest client that has asked nothing makes room; if all have asked, the
 * new one is told 503.
 */
import type { Server, Socket } from "node:net";
import type { Clock } from "../time/clock.js";
import { TcpClient, type ClientCounters, type ClientDoor } from "./client.js";
import type { DoorGuard } from "./door-guard.js";
import { formatDoor, openTcp } from "../doors/listeners.js";
import type { ForwardedStream, StreamClient } from "./session-types.js";

export const CLIENTS_MAX = 64;
/** Clients beyond the limit that may be hearing their 503; above that they are cut without a word. */
const REFUSALS_MAX = 64;

export interface TcpDoorCounters extends ClientCounters {
  accepted: number;
  /** Idle clients that made room for a new one. */
  evicted: number;
  /** Cut without a word, in a flood. */
  flooded: number;
}

export const noCounts = (): TcpDoorCounters => ({
  accepted: 0,
  away: 0,
  busy: 0,
  idle: 0,
  slow: 0,
  closedByUs: 0,
  torn: 0,
  noToken: 0,
  foreign: 0,
  evicted: 0,
  flooded: 0,
});

export type OpenStream = (client: StreamClient) => ForwardedStream | "away" | "busy";

export class TcpDoor implements ClientDoor {
  readonly counters = noCounts();
  /** `host:port` once open. */
  address = "";
  private servers: Server[] = [];
  private readonly clients = new Set<TcpClient>();
  private readonly refused = new Set<TcpClient>();

  constructor(
    /** Port as the robot names it. */
    readonly robotPort: number,
    readonly clock: Clock,
    readonly openStream: OpenStream,
    readonly guard: DoorGuard,
  ) {}

  /** Opens the port; throws `PortError`. */
  async open(host: string | undefined, port: number): Promise<void> {
    const what = `robot's TCP port ${this.robotPort}`;
    const opened = await openTcp(what, host, port, (socket) => this.accept(socket));
    this.servers = opened.sockets;
    this.address = formatDoor(opened.host, opened.port);
  }

  clientCount(): number {
    return this.clients.size;
  }

  onGone(client: TcpClient): void {
    this.clients.delete(client);
    this.refused.delete(client);
  }

  async close(): Promise<void> {
    const closed = this.servers
      .splice(0)
      .map((server) => new Promise((resolve) => server.close(resolve)));
    for (const client of [...this.clients, ...this.refused]) client.stop();
    await Promise.all(closed);
  }

  private accept(socket: Socket): void {
    this.counters.accepted++;
    if (this.clients.size >= CLIENTS_MAX && !this.evictIdle()) {
      if (this.refused.size >= REFUSALS_MAX) {
        this.counters.flooded++;
        socket.on("error", () => undefined);
        socket.destroy();
        return;
      }
      const client = new TcpClient(socket, this);
      this.refused.add(client);
      client.refuse();
      return;
    }
    this.clients.add(new TcpClient(socket, this));
  }

  private evictIdle(): boolean {
    for (const client of this.clients) {
      if (client.hasAsked()) continue;
      this.counters.evicted++;
      this.clients.delete(client);
      client.destroy();
      return true;
    }
    return false;
  }
}
