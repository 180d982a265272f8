/**
 * The door of an HTTP server of ours: listens for it, and keeps it from being shut by those who ask nothing. Connections are
 * held by the rules of `places.ts`; a request must be whole 10 s after its connection, or the last answer; a connection
 * that has become a stream or a WebSocket is released from here and has its seat in `seats.ts`. With a certificate the same
 * port speaks both: a TLS connection is known by its first byte.
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { CancelTimer, Clock } from "../time/clock.js";
import { openTcp } from "./listeners.js";
import { Places } from "./places.js";
import type { TlsFiles } from "./tls-files.js";

/** Each costs some 20 KB while it holds a place: 10 MB in all. */
export const CONNECTIONS_MAX = 512;
/** From the connection, or the last answer, to a whole request. */
export const REQUEST_MS_MAX = 10_000;
const SWEEP_MS = 1000;
/** First byte of a TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16;
/** For a client to take a refusal before its connection is cut. */
const LINGER_MS = 250;

export interface HttpDoorOptions {
  readonly clock: Clock;
  /** Never listens itself. Its "clientError" answers what is malformed or late, by `refuse`. */
  readonly server: HttpServer;
  /** Where there is one: then the port speaks TLS, too. */
  readonly tls?: TlsFiles | undefined;
}

/** One connection: what was accepted, and what is spoken to, which differ under TLS. */
interface Connection {
  readonly raw: Socket;
  top: Socket;
}

export class HttpDoor {
  private readonly places = new Places<Connection>({ max: CONNECTIONS_MAX, newestWins: true });
  /** All of them, by both of their sockets; released ones too. */
  private readonly connections = new Map<Socket, Connection>();
  /** Those whose TLS is being agreed on, by the other end's address and port. */
  private readonly greeting = new Map<string, Connection>();
  private readonly tls: TlsServer | undefined;
  private servers: Server[] = [];
  private cancelSweep: CancelTimer | undefined;

  constructor(private readonly options: HttpDoorOptions) {
    const { server, tls } = options;
    server.on("request", (request, response) => this.follow(request, response));
    if (!tls) return;
    this.tls = createTlsServer({ ALPNProtocols: ["http/1.1"], ...tls.pem });
    tls.onTaken((pem) => this.tls?.setSecureContext(pem));
    this.tls.on("secureConnection", (socket) => this.settle(socket));
    // Cut by Node itself; nobody is told of scanners.
    this.tls.on("tlsClientError", () => undefined);
  }

  /** @param what the door's name in errors @throws PortError */
  async open(
    what: string,
    host: string,
    port: number,
  ): Promise<{ readonly host: string; readonly port: number }> {
    const opened = await openTcp(what, host, port, (socket) => this.accept(socket));
    this.servers = opened.sockets;
    this.cancelSweep = this.options.clock.every(SWEEP_MS, () => this.sweep());
    return { host: opened.host, port: opened.port };
  }

  /** This connection is a stream or a WebSocket from now on. */
  release(socket: Socket): void {
    this.with(socket, (connection) => this.places.leave(connection));
  }

  /**
   * Answers what is no request, and hangs up on whoever sent it.
   * @param status as in "400 Bad Request" @param body sent as JSON
   */
  refuse(socket: Socket, status: string, body: object): void {
    this.release(socket);
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const text = JSON.stringify(body);
    // Unread bytes would turn the answer into a reset: read and drop them.
    socket.resume();
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    );
    const cancel = this.options.clock.after(LINGER_MS, () => socket.destroy());
    socket.once("close", cancel);
  }

  /** Ends all connections; the port is free when it resolves. */
  async close(): Promise<void> {
    this.cancelSweep?.();
    const closed = this.servers
      .splice(0)
      .map((server) => new Promise((resolve) => server.close(resolve)));
    for (const { raw } of this.connections.values()) raw.destroy();
    await Promise.all(closed);
  }

  private accept(raw: Socket): void {
    // Not to be had any more once the socket is gone.
    const { remoteAddress = "?" } = raw;
    const peer = peerOf(raw);
    const connection: Connection = { raw, top: raw };
    const entry = this.places.enter(connection, remoteAddress, this.options.clock.nowMs());
    if (entry.isIn) entry.victim?.raw.destroy();
    this.connections.set(raw, connection);
    raw.once("close", () => {
      this.connections.delete(raw);
      this.connections.delete(connection.top);
      if (this.greeting.get(peer) === connection) this.greeting.delete(peer);
      this.places.leave(connection);
    });
    if (!this.tls) {
      this.options.server.emit("connection", raw);
      return;
    }
    // Whoever breaks off before it has said anything is gone, and that is all.
    const ignore = (): void => undefined;
    raw.on("error", ignore);
    raw.once("data", (first: Buffer) => {
      raw.pause();
      raw.unshift(first);
      raw.removeListener("error", ignore);
      const isTls = first[0] === TLS_HANDSHAKE;
      if (isTls) this.greeting.set(peer, connection);
      (isTls ? this.tls : this.options.server)?.emit("connection", raw);
      // The server reads it from here on; nothing was lost, since it was put back.
      if (!isTls) raw.resume();
    });
  }

  /** TLS is agreed on: what is spoken to from now on is another socket on the same connection. */
  private settle(top: Socket): void {
    const peer = peerOf(top);
    const connection = this.greeting.get(peer);
    this.greeting.delete(peer);
    if (!connection) {
      top.destroy();
      return;
    }
    connection.top = top;
    this.connections.set(top, connection);
    this.options.server.emit("connection", top);
  }

  private follow(request: IncomingMessage, response: ServerResponse): void {
    const { socket, headers } = request;
    const hasBody =
      headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    const serve = (): void =>
      this.with(socket, (connection, nowMs) => this.places.serve(connection, nowMs));
    if (hasBody) {
      this.with(socket, (connection, nowMs) => this.places.begin(connection, nowMs));
      request.once("end", serve);
    } else serve();
    response.once("close", () =>
      this.with(socket, (connection, nowMs) => this.places.rest(connection, nowMs)),
    );
  }

  private with(socket: Socket, act: (connection: Connection, nowMs: number) => void): void {
    const connection = this.connections.get(socket);
    if (connection) act(connection, this.options.clock.nowMs());
  }

  private sweep(): void {
    const { clock, server } = this.options;
    for (const { raw, top } of this.places.idleFor(REQUEST_MS_MAX, clock.nowMs())) {
      const late = Object.assign(new Error("late"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
      if (top.bytesRead > 0 && top.bytesWritten === 0) server.emit("clientError", late, top);
      else raw.destroy();
    }
  }
}

/** The other end: no two connections of a port have the same. */
function peerOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
