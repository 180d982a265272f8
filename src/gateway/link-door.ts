/**
 * The port that devices dial, and whoever comes by another way. Keeps strangers small: few connections that have proved nothing, by the rules of
 * `doors/places.ts`, each with 64 bytes and 3 s (PROTOCOL §1.2). One that has said HELLO is being served.
 */
import type { Server, Socket } from "node:net";
import { type Seat, Seats } from "../doors/seats.js";
import { LinkCode } from "../wire/errors.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { formatDoor, openTcp } from "../doors/listeners.js";
import { GatewaySession } from "./session.js";
import type { LinkRoad, SessionHost, SessionOptions } from "./session-types.js";

/**
 * Connections that have proved nothing. So many that a robot on a slow WiFi has time for its three round trips while others
 * dial a thousand times a second; each holds a few hundred bytes.
 */
export const UNPROVEN_MAX = 256;
/** Period of the sessions' look at the time; a dead peer is known within the silence limit and this. */
const TICK_MS = 100;
/** How long the last frames may take to leave before the socket is cut. */
const LINGER_MS = 500;
/** Frames that the kernel does not take: credit keeps this small unless the peer has stopped to read. */
const UNSENT_BYTES_MAX = 65536;

export interface LinkDoorCounters {
  accepted: number;
  proven: number;
  /** Connections that ended before they proved themselves, by code name. */
  refused: number;
  /** Of these: made room for a newer one. */
  evicted: number;
}

export interface LinkDoorEvents {
  keyOf(deviceId: string): Buffer | undefined;
  nextGeneration(seen: number): number;
  onProven(session: GatewaySession): void;
  onListen(session: GatewaySession, protocol: number, port: number): LinkCode;
  onMirror(session: GatewaySession, data: Buffer): void;
  /** A session has ended. */
  onEnd(session: GatewaySession, code: number): void;
  /** A connection from `address` has ended before it was a session. */
  onRefused(session: GatewaySession, code: number, address: string): void;
}

/** The other end of a connection. */
export interface LinkPeer {
  /** For people: who it is. */
  readonly address: string;
  write(frame: Buffer): void;
  /** Nothing more is sent; what was may still leave. */
  end(): void;
}

export class LinkDoor {
  readonly counters: LinkDoorCounters = { accepted: 0, proven: 0, refused: 0, evicted: 0 };
  /** `host:port` once open. */
  address = "";
  private servers: Server[] = [];
  /** All connections; insertion order is age. */
  private readonly sessions = new Set<GatewaySession>();
  private readonly seats: Seats;
  private stopTicking: CancelTimer | undefined;

  constructor(
    private readonly options: SessionOptions & { clock: Clock },
    private readonly events: LinkDoorEvents,
  ) {
    this.seats = new Seats(options.clock, { max: UNPROVEN_MAX, newestWins: true });
  }

  /** Opens the port; throws `PortError`. */
  async open(host: string | undefined, port: number): Promise<void> {
    const opened = await openTcp("link", host, port, (socket) => this.accept(socket));
    this.servers = opened.sockets;
    this.address = formatDoor(opened.host, opened.port);
    this.stopTicking = this.options.clock.every(TICK_MS, () => {
      for (const session of this.sessions) session.tick();
    });
  }

  unprovenCount(): number {
    let count = 0;
    for (const session of this.sessions) if (!session.isOpen()) count++;
    return count;
  }

  async close(): Promise<void> {
    this.stopTicking?.();
    const closed = this.servers
      .splice(0)
      .map((server) => new Promise((resolve) => server.close(resolve)));
    for (const session of this.sessions) session.close(LinkCode.LINK_CLOSING);
    await Promise.all(closed);
  }

  /** Takes in a connection that comes by `road`; it is told of what `peer` receives, and of its end. */
  join(peer: LinkPeer, road: LinkRoad): GatewaySession {
    this.counters.accepted++;
    const session: GatewaySession = new GatewaySession(
      this.options,
      this.hostOf(peer, () => session),
    );
    session.road = road;
    this.sessions.add(session);
    return session;
  }

  private accept(socket: Socket): void {
    const session = this.join(this.peerOf(socket), "network");
    const seat = this.seats.take(socket.remoteAddress ?? "?", () => {
      this.counters.evicted++;
      session.close(LinkCode.LINK_BUSY);
    });
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      session.receive(chunk);
      if (seat) settle(session, seat);
    });
    socket.on("end", () => session.lose());
    // The "close" that follows every error tells all there is to do.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      seat?.leave();
      session.lose();
    });
  }

  private peerOf(socket: Socket): LinkPeer {
    return {
      // Not to be had any more once the socket is gone.
      address: socket.remoteAddress ?? "?",
      write: (frame) => {
        socket.write(frame);
        if (socket.writableLength > UNSENT_BYTES_MAX) socket.destroy();
      },
      end: () => {
        socket.resume();
        socket.end();
        const cancel = this.options.clock.after(LINGER_MS, () => socket.destroy());
        socket.once("close", cancel);
      },
    };
  }

  private hostOf(peer: LinkPeer, self: () => GatewaySession): SessionHost {
    const { events } = this;
    return {
      write: (frame) => peer.write(frame),
      keyOf: (deviceId) => events.keyOf(deviceId),
      nextGeneration: (seen) => events.nextGeneration(seen),
      onProven: () => {
        this.counters.proven++;
        events.onProven(self());
      },
      onListen: (protocol, port) => events.onListen(self(), protocol, port),
      onMirror: (data) => events.onMirror(self(), data),
      onEnd: (code, wasProven) => {
        this.sessions.delete(self());
        peer.end();
        if (wasProven) return events.onEnd(self(), code);
        this.counters.refused++;
        events.onRefused(self(), code, peer.address);
      },
    };
  }
}

/** A proven session has its own place, whoever else comes. */
function settle(session: GatewaySession, seat: Seat): void {
  if (session.isOpen() || session.isEnded()) seat.leave();
  else if (session.hasSaidHello()) seat.use();
}
