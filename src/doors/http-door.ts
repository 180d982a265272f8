/**
 * The door of an HTTP server of ours: listens for it, and keeps it from being shut by those who ask nothing. Connections are
 * held by the rules of `places.ts`; a request must be whole 10 s after its connection, or the last answer; a connection
 * that has become a stream or a WebSocket is released from here and has its seat in `seats.ts`.
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
import type { CancelTimer, Clock } from "../time/clock.js";
import { openTcp } from "./listeners.js";
import { Places } from "./places.js";

/** Each costs some 20 KB while it holds a place: 10 MB in all. */
export const CONNECTIONS_MAX = 512;
/** From the connection, or the last answer, to a whole request. */
export const REQUEST_MS_MAX = 10_000;
const SWEEP_MS = 1000;
/** For a client to take a refusal before its connection is cut. */
const LINGER_MS = 250;

export interface HttpDoorOptions {
  readonly clock: Clock;
  /** Never listens itself. Its "clientError" answers what is malformed or late, by `refuse`. */
  readonly server: HttpServer;
}

export class HttpDoor {
  private readonly places = new Places<Socket>({ max: CONNECTIONS_MAX, newestWins: true });
  /** All of them, released ones too. */
  private readonly sockets = new Set<Socket>();
  private servers: Server[] = [];
  private cancelSweep: CancelTimer | undefined;

  constructor(private readonly options: HttpDoorOptions) {
    options.server.on("request", (request, response) => this.follow(request, response));
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
    this.places.leave(socket);
  }

  /**
   * Answers what is no request, and hangs up on whoever sent it.
   * @param status as in "400 Bad Request" @param body sent as JSON
   */
  refuse(socket: Socket, status: string, body: object): void {
    this.places.leave(socket);
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
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private accept(socket: Socket): void {
    const { clock, server } = this.options;
    // Not to be had any more once the socket is gone.
    const address = socket.remoteAddress ?? "?";
    const entry = this.places.enter(socket, address, clock.nowMs());
    if (entry.isIn) entry.victim?.destroy();
    this.sockets.add(socket);
    socket.once("close", () => {
      this.sockets.delete(socket);
      this.places.leave(socket);
    });
    server.emit("connection", socket);
  }

  private follow(request: IncomingMessage, response: ServerResponse): void {
    const { socket, headers } = request;
    const nowMs = (): number => this.options.clock.nowMs();
    const hasBody =
      headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    if (hasBody) {
      this.places.begin(socket, nowMs());
      request.once("end", () => this.places.serve(socket, nowMs()));
    } else this.places.serve(socket, nowMs());
    response.once("close", () => this.places.rest(socket, nowMs()));
  }

  private sweep(): void {
    const { clock, server } = this.options;
    for (const socket of this.places.idleFor(REQUEST_MS_MAX, clock.nowMs())) {
      const late = Object.assign(new Error("late"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
      if (socket.bytesRead > 0 && socket.bytesWritten === 0) {
        server.emit("clientError", late, socket);
      } else socket.destroy();
    }
  }
}
