/** The page's door on a free port with a fake robot behind it, and the requests of its clients, polite or not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import { Gauge, Registry } from "prom-client";
import { WebSocket } from "ws";
import { systemClock } from "../../src/time/clock.js";
import { startWebServer, type WebServer, type WebServerOptions } from "../../src/web/server.js";
import { LivePeer } from "./live-peer.js";
import { FakeServices } from "./services.js";

/** No test waits for ever. */
export const LIMIT = { timeout: 60_000 };
export const TOKEN = "canary-token-0123456789abcdef";
export const JPEG = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  Buffer.alloc(3000, 7),
  Buffer.from([0xff, 0xd9]),
]);
export const json = { "content-type": "application/json" };

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/** The code of an answer that is an error. */
export const code = (answer: Answer): string =>
  (JSON.parse(answer.body) as { error: { code: string } }).error.code;

export class TestWebDoor {
  private readonly folder = mkdtempSync(join(tmpdir(), "buddy-web-"));
  readonly pageDir = join(this.folder, "page");
  services = new FakeServices(systemClock);
  logs: string[] = [];
  server!: WebServer;
  readonly opened: WebSocket[] = [];

  constructor() {
    mkdirSync(join(this.pageDir, "assets"), { recursive: true });
    writeFileSync(
      join(this.pageDir, "index.html"),
      '<!doctype html><script type="module" src="/assets/index-abc.js"></script>',
    );
    writeFileSync(join(this.pageDir, "assets", "index-abc.js"), "export {};");
    writeFileSync(join(this.folder, "buddy-outside.txt"), "canary outside");
  }

  async start(options: Partial<WebServerOptions> = {}): Promise<WebServer> {
    this.services = new FakeServices(systemClock);
    this.logs = [];
    const registry = new Registry();
    new Gauge({ name: "buddy_ready", help: "Of operations.", registers: [registry] }).set(1);
    this.server = await startWebServer(
      { host: "127.0.0.1", port: 0, version: "1.2.3", pageDir: this.pageDir, ...options },
      {
        services: this.services,
        clock: systemClock,
        registry,
        log: (level, message) => this.logs.push(`${level} ${message}`),
      },
    );
    return this.server;
  }

  /** A request with any header, which `fetch` would not allow (Host, Origin, raw paths). */
  ask(
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
    body?: string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const req = httpRequest(
        { host: "127.0.0.1", port: this.server.port, path, method, headers, agent: false },
        (res) => {
          const chunks: Buffer[] = [];
          res.on("data", (chunk: Buffer) => chunks.push(chunk));
          res.on("end", () =>
            resolve({
              status: res.statusCode ?? 0,
              headers: res.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      req.on("error", reject);
      req.end(body);
    });
  }

  post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask("/api/command", { ...json, ...headers }, "POST", JSON.stringify(body));
  }

  /** Sends these bytes and reads until the server closes. */
  async rawRequest(bytes: string): Promise<string> {
    const socket = connect(this.server.port, "127.0.0.1");
    socket.end(bytes);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(socket, "close");
    return Buffer.concat(chunks).toString();
  }

  /** Opens /live and collects what comes. */
  async openLive(headers: Record<string, string> = {}): Promise<LivePeer> {
    const peer = new LivePeer(
      new WebSocket(`ws://127.0.0.1:${this.server.port}/live`, {
        headers,
        perMessageDeflate: false,
      }),
    );
    this.opened.push(peer.socket);
    await once(peer.socket, "open");
    return peer;
  }

  /** Status of an upgrade on /live with these headers: 101, or the refusal. */
  async upgradeStatus(headers: Record<string, string>): Promise<number> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.server.port}/live`, { headers });
    this.opened.push(socket);
    return new Promise((resolve, reject) => {
      socket.on("open", () => resolve(101));
      socket.on("unexpected-response", (_request, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.on("error", reject);
    });
  }

  /** The camera's stream, as a viewer gets it. */
  openStream(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(
        { host: "127.0.0.1", port: this.server.port, path: "/stream", agent: false },
        (response) => {
          response.on("error", () => undefined);
          resolve(response);
        },
      ).on("error", reject);
    });
  }

  async end(): Promise<void> {
    for (const socket of this.opened.splice(0)) socket.terminate();
    await this.server.close();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One for all tests of a file: each starts it for itself, and what it opened is closed after it. */
export function testWebDoor(): TestWebDoor {
  const web = new TestWebDoor();
  afterEach(() => web.end());
  after(() => web.remove());
  return web;
}
