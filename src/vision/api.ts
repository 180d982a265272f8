/**
 * The vision door: the old vision API (`buddy-protocol` §4.2), GET only, plus `/raw_stream` (the camera's own frames
 * with their ages, for the companion). It opens no camera: everything comes from the one upstream connection (A13).
 */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AddressInfo } from "node:net";
import type { CancelTimer, Clock } from "../time/clock.js";
import { ageBand, annotate, placeholder, SNAPSHOT_QUALITY, STREAM_QUALITY } from "./annotate.js";
import { refusal, type DoorRules } from "./door.js";
import { faceReport, healthReport, responseReport, stateReport } from "./report.js";
import { Viewers, type Showing } from "./viewers.js";
import type { Vision } from "./vision.js";
import { RawViewers } from "./raw-viewers.js";

const URL_CHARS_MAX = 2000;

interface VisionApiOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly rules: DoorRules;
}

export class VisionApi {
  private readonly app: FastifyInstance;
  private readonly viewers: Viewers;
  private readonly rawViewers: RawViewers;
  private readonly cancelRaw: CancelTimer;

  constructor(
    private readonly vision: Vision,
    private readonly options: VisionApiOptions,
  ) {
    // Streams never end by themselves: closing must cut them.
    this.app = Fastify({
      forceCloseConnections: true,
      routerOptions: { maxParamLength: 100 },
      requestTimeout: 10_000,
      bodyLimit: 1024,
    });
    this.viewers = new Viewers(options.clock, () => this.showing());
    this.rawViewers = new RawViewers(options.clock, () => vision.hub.latest);
    this.cancelRaw = vision.hub.take((frame) => this.rawViewers.send(frame));
    this.guard();
    this.routes();
  }

  get viewerCount(): number {
    return this.viewers.count + this.rawViewers.count;
  }

  /** Listens; returns `host:port`. @throws when the port is taken. */
  async open(): Promise<string> {
    const { host, port } = this.options;
    await this.app.listen({ host, port });
    const bound = this.app.server.address() as AddressInfo;
    return `${host.includes(":") ? `[${host}]` : host}:${bound.port}`;
  }

  async close(): Promise<void> {
    this.cancelRaw();
    this.viewers.close();
    this.rawViewers.close();
    await this.app.close();
  }

  private guard(): void {
    this.app.addHook("onRequest", async (request, reply) => {
      if (request.url.length > URL_CHARS_MAX)
        return fail(reply, 414, "VISION_URL_LONG", "URL too long");
      const query = request.query as Record<string, unknown>;
      const refused = refusal(
        {
          host: request.headers.host,
          origin: request.headers.origin,
          authorization: request.headers.authorization,
          token: typeof query["token"] === "string" ? query["token"] : undefined,
        },
        this.options.rules,
      );
      if (refused) return fail(reply, refused.status, refused.code, REFUSALS[refused.code]);
      const { origin } = request.headers;
      // Only origins that passed get here; `*` would show the camera to every site in the user's browser.
      if (origin !== undefined) {
        void reply.header("access-control-allow-origin", origin).header("vary", "origin");
      }
      void reply.header("cache-control", "no-store");
    });
    this.app.setNotFoundHandler((request, reply) => {
      const isKnownMethod = request.method === "GET" || request.method === "HEAD";
      return isKnownMethod
        ? fail(reply, 404, "VISION_NOT_FOUND", "no such route")
        : fail(reply, 405, "VISION_METHOD", "this door answers GET only");
    });
    this.app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
      fail(reply, error.statusCode ?? 500, "VISION_FAILED", error.message.slice(0, 200)),
    );
  }

  private routes(): void {
    const { app, vision } = this;
    const { clock } = this.options;
    app.get("/state", () => stateReport(vision, clock));
    app.get("/face", () => faceReport(vision));
    app.get("/health", () => healthReport(vision, clock));
    app.get("/response_detection", () => responseReport(vision, clock));
    app.get("/coord_history", () => vision.history);
    app.get("/last_udp_msg", () => ({
      last_udp_msg: vision.sender.lastMessage,
      udp_sent: vision.sender.sent,
    }));
    app.get("/snapshot", (_request, reply) => this.snapshot(reply));
    app.get("/annotated_snapshot", (_request, reply) => this.annotatedSnapshot(reply));
    app.get("/stream", (request, reply) => this.stream(request, reply, this.viewers));
    app.get("/raw_stream", (request, reply) => this.stream(request, reply, this.rawViewers));
  }

  /** The newest frame as the camera sent it. */
  private snapshot(reply: FastifyReply): FastifyReply {
    const { latest } = this.vision.hub;
    const ageMs = this.vision.frameAgeMs();
    if (!latest || ageMs === undefined || ageMs > this.vision.freshMsMax) return noPicture(reply);
    return reply
      .type("image/jpeg")
      .header("x-frame-age", ageMs.toFixed(1))
      .send(Buffer.from(latest.jpeg.buffer, latest.jpeg.byteOffset, latest.jpeg.length));
  }

  private async annotatedSnapshot(reply: FastifyReply): Promise<FastifyReply> {
    const { judged } = this.vision;
    const ageMs = judged ? this.options.clock.nowMs() - judged.frame.capturedAtMs : Infinity;
    if (!judged || ageMs > this.vision.freshMsMax) return noPicture(reply);
    const jpeg = await annotate(judged, ageMs, this.vision.freshMsMax, SNAPSHOT_QUALITY);
    return reply.type("image/jpeg").header("x-frame-age", ageMs.toFixed(1)).send(jpeg);
  }

  private stream(
    request: FastifyRequest,
    reply: FastifyReply,
    viewers: Viewers | RawViewers,
  ): FastifyReply | undefined {
    const { origin } = request.headers;
    const headers: Record<string, string> = origin
      ? { "access-control-allow-origin": origin, vary: "origin" }
      : {};
    if (!viewers.add(reply.raw, headers)) {
      return fail(reply, 503, "VISION_VIEWERS", "too many viewers");
    }
    reply.hijack();
    return undefined;
  }

  /** What the annotated stream shows now. */
  private showing(): Showing {
    const { vision } = this;
    const { judged } = vision;
    const nowMs = this.options.clock.nowMs();
    if (!judged) return { mark: "none", encode: () => placeholder("NO PICTURE YET") };
    const ageMs = nowMs - judged.frame.capturedAtMs;
    const { freshMsMax } = vision;
    return {
      // As it grows old it is drawn anew.
      mark: `${judged.frame.index} ${ageBand(ageMs, freshMsMax)}`,
      encode: () => annotate(judged, ageMs, freshMsMax, STREAM_QUALITY),
    };
  }
}

const REFUSALS = {
  VISION_HOST_REFUSED: "this door does not go by that name",
  VISION_ORIGIN_REFUSED: "pages of other sites may not use this door",
  VISION_TOKEN_NEEDED: "send the token: Authorization: Bearer …, or ?token=…",
} as const;

function noPicture(reply: FastifyReply): FastifyReply {
  return fail(reply, 503, "VISION_NO_PICTURE", "the camera gives no picture");
}

function fail(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
