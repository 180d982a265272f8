/**
 * The vision door: the old Buddy's vision API, GET only, plus `/raw_stream` (the camera's own frames
 * with their ages, for the companion) and, for Buddy itself alone, POST `/picture`. It opens no camera: everything comes from the one upstream connection (A13).
 */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Socket } from "node:net";
import { FailureLimit } from "../doors/failure-limit.js";
import { HttpDoor, REQUEST_MS_MAX } from "../doors/http-door.js";
import { secureUrlFor } from "../doors/https-only.js";
import { formatDoor } from "../doors/listeners.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { ageBand, annotate, placeholder, SNAPSHOT_QUALITY, STREAM_QUALITY } from "./annotate.js";
import type { TlsFiles } from "../doors/tls-files.js";
import { GIVEN_BYTES_MAX } from "./choice/giver-protocol.js";
import { stampsOf } from "./camera/mjpeg-parser.js";
import { bearerOf, type DoorRules, header, isOurOwn, queryOf, refusal, tokenOf } from "./door.js";
import { faceReport, healthReport, responseReport, stateReport } from "./report.js";
import { Viewers, type Showing } from "./viewers.js";
import { SmallerPictures, widthOf } from "./smaller.js";
import type { Vision } from "./vision.js";
import { RawViewers } from "./raw-viewers.js";

const URL_CHARS_MAX = 2000;

interface VisionApiOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly rules: DoorRules;
  /** Where there is a certificate. */
  readonly tls?: TlsFiles | undefined;
}

export class VisionApi {
  private readonly app: FastifyInstance;
  private readonly door: HttpDoor;
  private readonly viewers: Viewers;
  readonly rawViewers: RawViewers;
  private readonly cancelRaw: CancelTimer;
  private readonly failures: FailureLimit;
  private readonly smaller = new SmallerPictures();

  constructor(
    private readonly vision: Vision,
    private readonly options: VisionApiOptions,
  ) {
    // Streams never end by themselves: closing must cut them.
    this.app = Fastify({
      forceCloseConnections: true,
      routerOptions: { maxParamLength: 100 },
      keepAliveTimeout: REQUEST_MS_MAX,
      bodyLimit: 1024,
      http: { requireHostHeader: false },
      clientErrorHandler: (error: Error & { code?: string }, socket) =>
        this.refuseMalformed(error, socket),
    }) as unknown as FastifyInstance;
    this.door = new HttpDoor({
      clock: options.clock,
      server: this.app.server,
      tls: options.tls,
    });
    this.failures = new FailureLimit(options.clock);
    this.viewers = new Viewers(options.clock, () => this.showing());
    this.rawViewers = new RawViewers(options.clock, () => vision.hub.latest);
    this.cancelRaw = vision.hub.take((frame) => this.rawViewers.send(frame));
    this.guard();
    this.routes();
  }

  get viewerCount(): number {
    return this.viewers.count + this.rawViewers.count;
  }

  /** Somebody is shown the pictures. */
  get isViewed(): boolean {
    return this.viewers.count > 0 || this.rawViewers.isViewed;
  }

  /** Listens; returns `host:port`. @throws PortError */
  async open(): Promise<string> {
    const { host, port } = this.options;
    await this.app.ready();
    const bound = await this.door.open("vision", host, port);
    return formatDoor(bound.host, bound.port);
  }

  async close(): Promise<void> {
    this.cancelRaw();
    this.viewers.close();
    this.rawViewers.close();
    await this.door.close();
    await this.app.close();
  }

  private refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
    const isLate = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    const status = isLate ? "408 Request Timeout" : "400 Bad Request";
    const code = isLate ? "VISION_REQUEST_LATE" : "VISION_REQUEST_INVALID";
    this.door.refuse(socket, status, { error: { code, message: `${status.slice(4)}.` } });
  }

  private guard(): void {
    const { tls, rules } = this.options;
    this.app.addHook("onRequest", async (request, reply) => {
      if (request.url.length > URL_CHARS_MAX)
        return fail(reply, 414, "VISION_URL_LONG", "URL too long");
      const refused = refusal(
        {
          method: request.method,
          host: request.headers.host,
          origin: request.headers.origin,
          fetchSite: header(request, "sec-fetch-site"),
          fetchMode: header(request, "sec-fetch-mode"),
          fetchDest: header(request, "sec-fetch-dest"),
          authorization: request.headers.authorization,
          token: tokenOf(request),
        },
        rules,
      );
      // What is refused for its name or page never learns more; a token has its turn after the https.
      const isStranger = refused?.status === 403;
      const secureUrl = isStranger || !tls ? undefined : secureUrlOf(request);
      if (secureUrl !== undefined) {
        return reply
          .code(307)
          .header("location", secureUrl)
          .header("cache-control", "no-store")
          .send();
      }
      if (refused?.status === 401) return this.refuseToken(request, reply, refused.message);
      if (refused) return fail(reply, refused.status, refused.code, refused.message);
      const { origin } = request.headers;
      // Only origins that passed get here; `*` would show the camera to every site in the user's browser.
      if (origin !== undefined) {
        void reply.header("access-control-allow-origin", origin).header("vary", "origin");
      }
      void reply.header("cache-control", "no-store");
    });
    this.app.setNotFoundHandler((request, reply) => {
      const isKnownMethod = request.method === "GET" || request.method === "HEAD";
      return isKnownMethod ? fail(reply, 404, "VISION_NOT_FOUND", "no such route") : getOnly(reply);
    });
    this.app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
      fail(reply, error.statusCode ?? 500, "VISION_FAILED", error.message.slice(0, 200)),
    );
  }

  /** Slows down guessing; who shows the token is let in all the same. */
  private refuseToken(request: FastifyRequest, reply: FastifyReply, message: string): FastifyReply {
    const { waitMs } = this.failures.note(request.ip);
    if (waitMs === 0) return fail(reply, 401, "VISION_TOKEN_NEEDED", message);
    void reply.header("retry-after", Math.ceil(waitMs / 1000));
    return fail(reply, 429, "VISION_TOKEN_RATE", "Too many wrong tokens. Wait a minute.");
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
    app.get("/snapshot", (request, reply) => this.snapshot(queryOf(request, "width"), reply));
    app.get("/annotated_snapshot", (_request, reply) => this.annotatedSnapshot(reply));
    app.get("/stream", (request, reply) => {
      const headers = this.hijack(request, reply);
      this.viewers.add(reply.raw, headers, request.ip);
    });
    this.takeGiven();
    app.get("/raw_stream", (request, reply) => {
      const headers = this.hijack(request, reply);
      const isOurs = isOurOwn(tokenOf(request), this.options.rules);
      this.rawViewers.add(reply.raw, headers, request.ip, isOurs);
    });
  }

  /**
   * A picture of a page's camera, which the companion hands on. Answered when it was searched, so that whoever sends has
   * no more than a few under way (A12). For anybody else there is no such route.
   */
  private takeGiven(): void {
    const { app, vision } = this;
    app.addContentTypeParser(
      "image/jpeg",
      { parseAs: "buffer", bodyLimit: GIVEN_BYTES_MAX },
      (_request, body, done) => done(null, body),
    );
    app.post("/picture", { bodyLimit: GIVEN_BYTES_MAX }, async (request, reply) => {
      const { body } = request;
      const giver = header(request, "x-giver");
      if (!isOurOwn(bearerOf(request), this.options.rules)) return getOnly(reply);
      if (!Buffer.isBuffer(body) || giver === undefined) {
        return fail(reply, 400, "VISION_REQUEST_INVALID", "expected image/jpeg and X-Giver");
      }
      // An array of its own: the body may lie in a larger one.
      const jpeg = Uint8Array.from(body);
      return { isSearched: await vision.give(giver, { jpeg, head: stampsOf(request.headers) }) };
    });
  }

  /** The newest frame as the camera sent it, or at most so wide. */
  private async snapshot(width: string | undefined, reply: FastifyReply): Promise<FastifyReply> {
    let widthMax: number | undefined;
    try {
      widthMax = width === undefined ? undefined : widthOf(width);
    } catch (error) {
      return fail(reply, 400, "VISION_REQUEST_INVALID", (error as RangeError).message);
    }
    const { latest } = this.vision.hub;
    if (!latest || !this.isFresh(latest.capturedAtMs)) return noPicture(reply);
    const { buffer, byteOffset, length } = latest.jpeg;
    const jpeg =
      widthMax === undefined
        ? Buffer.from(buffer, byteOffset, length)
        : await this.smaller.of(latest, widthMax);
    const ageMs = this.options.clock.nowMs() - latest.capturedAtMs;
    return reply.type("image/jpeg").header("x-frame-age", ageMs.toFixed(1)).send(jpeg);
  }

  private isFresh(capturedAtMs: number): boolean {
    return this.options.clock.nowMs() - capturedAtMs <= this.vision.freshMsMax;
  }

  private async annotatedSnapshot(reply: FastifyReply): Promise<FastifyReply> {
    const { judged } = this.vision;
    const ageMs = judged ? this.options.clock.nowMs() - judged.frame.capturedAtMs : Infinity;
    if (!judged || ageMs > this.vision.freshMsMax) return noPicture(reply);
    const jpeg = await annotate(judged, ageMs, this.vision.freshMsMax, SNAPSHOT_QUALITY);
    return reply.type("image/jpeg").header("x-frame-age", ageMs.toFixed(1)).send(jpeg);
  }

  /** The answer is a stream from now on. @returns the headers that it needs beside its own */
  private hijack(request: FastifyRequest, reply: FastifyReply): Record<string, string> {
    reply.hijack();
    this.door.release(request.raw.socket);
    const { origin } = request.headers;
    return origin ? { "access-control-allow-origin": origin, vary: "origin" } : {};
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

function secureUrlOf(request: FastifyRequest): string | undefined {
  const { protocol, ip, url } = request;
  return secureUrlFor({
    isEncrypted: protocol === "https",
    address: ip,
    host: request.headers.host,
    url,
  });
}

function getOnly(reply: FastifyReply): FastifyReply {
  return fail(reply, 405, "VISION_METHOD", "this door answers GET only");
}

function noPicture(reply: FastifyReply): FastifyReply {
  return fail(reply, 503, "VISION_NO_PICTURE", "the camera gives no picture");
}

function fail(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
