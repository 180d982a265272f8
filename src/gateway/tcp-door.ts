/**
 * A forwarded TCP port: takes clients in, by the rules of `doors/places.ts`, and keeps the port open whether the robot is
 * there or not. When all places are taken by clients that are served, the new one is told 503.
 */
import type { Server, Socket } from "node:net";
import type { Clock } from "../time/clock.js";
import { Seats } from "../doors/seats.js";
import { TcpClient, type ClientCounters, type ClientDoor } from "./client.js";
import type { DoorGuard } from "./door-guard.js";
import { formatDoor, openTcp } from "../doors/listeners.js";
import type { OpenStream } from "./session-types.js";

export const CLIENTS_MAX = 256;
/** Clients beyond the limit that may be hearing their 503; above that they are cut without a word. */
const REFUSALS_MAX = 64;

export interface TcpDoorCounters extends ClientCounters {
  accepted: number;
  /** Cut without a word, in a flood. */
  flooded: number;
}

export const noCounts = (): TcpDoorCounters => ({
  accepted: 0,
  away: 0,
  busy: 0,
  idle: 0,
  malformed: 0,
  slow: 0,
  closedByUs: 0,
  torn: 0,
  noToken: 0,
  foreign: 0,
  evicted: 0,
  flooded: 0,
});

export class TcpDoor implements ClientDoor {
  readonly counters = noCounts();
  /** `host:port` once open. */
  address = "";
  private servers: Server[] = [];
  private readonly clients = new Set<TcpClient>();
  private readonly seats: Seats;
  private readonly refused = new Set<TcpClient>();

  constructor(
    /** Port as the robot names it. */
    readonly robotPort: number,
    readonly clock: Clock,
    readonly openStream: OpenStream,
    readonly hasRobot: () => boolean,
    readonly guard: DoorGuard,
  ) {
    this.seats = new Seats(clock, { max: CLIENTS_MAX, newestWins: false });
  }

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
    const client = new TcpClient(socket, this);
    if (client.sit(this.seats)) {
      this.clients.add(client);
    } else if (this.refused.size < REFUSALS_MAX) {
      this.refused.add(client);
      client.refuse();
    } else {
      this.counters.flooded++;
      client.destroy();
    }
  }
}
