/** A double of the hub that models are fetched from: one file on loopback, and every way in which it may go wrong. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type HubFate =
  | { readonly kind: "well" }
  /** The connection breaks after so many bytes of this answer. */
  | { readonly kind: "cut"; readonly bytes: number }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "redirect"; readonly to: string }
  /** Another length is claimed, and given. */
  | { readonly kind: "body"; readonly body: Buffer }
  /** Gives all of it, whatever part was asked for. */
  | { readonly kind: "whole" }
  /** Gives another piece than it says. */
  | { readonly kind: "wrongPiece" }
  /** Nothing at all after the headers. */
  | { readonly kind: "silent" };

export class HubDouble {
  /** The range of each request, in order; "" for none. */
  readonly asked: string[] = [];
  private readonly fates: HubFate[] = [];

  private constructor(
    private readonly server: Server,
    private readonly content: Buffer,
  ) {}

  static async open(content: Buffer): Promise<HubDouble> {
    const server = createServer();
    const hub = new HubDouble(server, content);
    server.on("request", (request: IncomingMessage, response: ServerResponse) =>
      hub.answer(request, response),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What becomes of the next requests; after them all goes well. */
  next(...fates: readonly HubFate[]): void {
    this.fates.push(...fates);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const range = request.headers.range ?? "";
    this.asked.push(range);
    const fate = this.fates.shift() ?? { kind: "well" };
    const { content } = this;
    const from = fate.kind === "whole" ? 0 : Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
    if (fate.kind === "status") return void response.writeHead(fate.status).end();
    if (fate.kind === "redirect") {
      return void response.writeHead(302, { location: fate.to }).end();
    }
    if (fate.kind === "body") {
      return void response.writeHead(200, { "content-length": fate.body.length }).end(fate.body);
    }
    const at = fate.kind === "wrongPiece" ? from + 1 : from;
    const last = content.length - 1;
    if (from > 0) {
      response.writeHead(206, {
        "content-range": `bytes ${at}-${last}/${content.length}`,
        "content-length": content.length - at,
      });
    } else response.writeHead(200, { "content-length": content.length });
    if (fate.kind === "silent") return void response.flushHeaders();
    if (fate.kind !== "cut") return void response.end(content.subarray(at));
    response.write(content.subarray(from, from + fate.bytes), () => response.destroy());
  }
}
