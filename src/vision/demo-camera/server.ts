/**
 * The demo camera's door: MJPEG as real cameras speak it, on loopback only.
 * `GET /stream` · `GET /truth` JSON · `POST /pose {"base","nod"}` · `POST /path {"name",…}` · `POST /fault {"name"}`.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { reasonOf } from "../../host/reason.js";
import type { Clock } from "../../time/clock.js";
import { beginMultipart, multipartPart } from "../camera/multipart.js";
import type { Shot } from "./camera.js";

const CLIENTS_MAX = 16;
const BODY_BYTES_MAX = 2000;
const REQUEST_MS_MAX = 5000;

interface CameraServerOptions {
  readonly clock: Clock;
  readonly port: number;
  /** True while a drill wants new streams to be cut. */
  isRefusing(): boolean;
  /** Answers `GET /truth`. */
  truth(): object;
  /** Takes a parsed body of `POST /name`; returns why it is wrong, or undefined. */
  command(name: string, body: unknown): string | undefined;
}

export class CameraServer {
  private readonly server: http.Server;
  private readonly watchers = new Set<http.ServerResponse>();
  /** Streams opened since the start. */
  streamsOpened = 0;

  constructor(private readonly options: CameraServerOptions) {
    this.server = http.createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        reply(response, 400, {
          error: { code: "CAMERA_REQUEST", message: reasonOf(error) },
        });
      });
    });
    this.server.requestTimeout = REQUEST_MS_MAX;
    this.server.headersTimeout = REQUEST_MS_MAX;
    this.server.maxConnections = 2 * CLIENTS_MAX;
  }

  /** Listens on loopback; returns `host:port`. @throws when the port is taken. */
  async open(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.options.port, "127.0.0.1", resolve);
    });
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  get watcherCount(): number {
    return this.watchers.size;
  }

  /** Whether a watcher has taken all that it was sent. */
  get isAwaited(): boolean {
    return [...this.watchers].some((response) => !response.writableNeedDrain);
  }

  /** Cuts every stream. */
  dropWatchers(): void {
    for (const response of this.watchers) response.destroy();
  }

  /** Sends a picture to every watcher that has taken the one before. */
  send(shot: Shot): void {
    const { clock } = this.options;
    const { jpeg, capturedAtMs } = shot;
    for (const response of this.watchers) {
      if (response.writableNeedDrain) continue;
      response.write(multipartPart(jpeg, { capturedAtMs, nowMs: clock.nowMs() }));
    }
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse) {
    const name = new URL(request.url ?? "/", "http://camera").pathname.slice(1);
    const isPost = request.method === "POST";
    if (!isPost && name === "stream") return this.watch(response);
    if (!isPost && name === "truth") return reply(response, 200, this.options.truth());
    if (!isPost || !["pose", "path", "fault"].includes(name)) {
      return reply(response, 404, { error: { code: "CAMERA_ROUTE", message: `no ${name} here` } });
    }
    // A page in a browser cannot send this type to another origin without asking first.
    if (request.headers["content-type"] !== "application/json") {
      return reply(response, 415, {
        error: { code: "CAMERA_JSON", message: "send application/json" },
      });
    }
    const why = this.options.command(name, JSON.parse(await bodyOf(request)));
    if (why) return reply(response, 400, { error: { code: "CAMERA_REQUEST", message: why } });
    reply(response, 200, { ok: true });
  }

  private watch(response: http.ServerResponse): void {
    if (this.options.isRefusing()) {
      response.destroy();
      return;
    }
    if (this.watchers.size >= CLIENTS_MAX) {
      return reply(response, 503, {
        error: { code: "CAMERA_WATCHERS", message: "too many watchers" },
      });
    }
    beginMultipart(response, {});
    this.streamsOpened += 1;
    this.watchers.add(response);
    response.on("close", () => this.watchers.delete(response));
  }
}

function reply(response: http.ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** @throws when the body is longer than the limit or the client goes away. */
async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`body over ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
