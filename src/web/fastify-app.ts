/**
 * What Fastify is told before a route is there: limits, malformed requests, headers that keep browsers safe, the one shape
 * of every failure, and that no answer holds a secret.
 */
import type { Socket } from "node:net";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import websocket from "@fastify/websocket";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { HttpDoor, REQUEST_MS_MAX } from "../doors/http-door.js";
import { GIVEN_BYTES_MAX, GIVEN_HEAD_BYTES } from "../vision/choice/giver-protocol.js";
import { textsThrough } from "../state/texts.js";

/** Every error answer of the page's door has this one shape (PROTOCOL §5). */
export function failure(
  code: string,
  message: string,
): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code, message } };
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Its answer is meant to hold sign-in codes: it goes out as it is. */
    readonly tellsSecrets?: boolean;
  }
}

/** What answers say may come from outside, or be what somebody said: secrets are taken out of each, whatever route it is of. */
export function redactAnswers(app: FastifyInstance, redact: (text: string) => string): void {
  app.addHook("preSerialization", async (request, _reply, payload: unknown) =>
    request.routeOptions.config.tellsSecrets === true ? payload : textsThrough(payload, redact),
  );
}

const BODY_BYTES_MAX = 8 * 1024;
/** A picture of a page's camera with its head; what else comes is held to less (`socket-route.ts`). */
const SOCKET_BYTES_MAX = GIVEN_HEAD_BYTES + GIVEN_BYTES_MAX;
const HEAD_BYTES_MAX = 16 * 1024;

type ClientError = Error & { code?: string };

export function newApp(refuse: (error: ClientError, socket: Socket) => void): FastifyInstance {
  const app = Fastify({
    // The default waits for open streams, which never end by themselves.
    forceCloseConnections: true,
    bodyLimit: BODY_BYTES_MAX,
    // Of all of it; `HttpDoor` looks after what has not even become a request.
    keepAliveTimeout: REQUEST_MS_MAX,
    // Without a Host Node itself would answer, in no shape of ours; `guard.ts` does.
    http: { maxHeaderSize: HEAD_BYTES_MAX, requireHostHeader: false },
    logger: false,
    clientErrorHandler: refuse,
    frameworkErrors(_error, _request, reply) {
      const error = { code: "WEB_REQUEST_INVALID", message: "The address is malformed." };
      void (reply as FastifyReply).code(400).send({ error });
    },
  });
  // A form of another site can send text/plain without asking; nothing here takes it.
  app.removeContentTypeParser("text/plain");
  takeEmptyJson(app as unknown as FastifyInstance);
  return app as unknown as FastifyInstance;
}

/** Many clients name JSON whatever they send: "stop" without a body must stop. A route that needs a body refuses none. */
function takeEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser<string>(
    "application/json",
    { parseAs: "string" },
    (request, body, done) => {
      if (body === "") done(null);
      else void parse(request, body, done);
    },
  );
}

/** Bytes that are not HTTP, or come too late: answered in the same shape, then closed. */
export function refuseMalformed(door: HttpDoor, error: ClientError, socket: Socket): void {
  const isLong = error.code === "HPE_HEADER_OVERFLOW";
  const isLate = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const status = isLong
    ? "431 Request Header Fields Too Large"
    : isLate
      ? "408 Request Timeout"
      : "400 Bad Request";
  const code = isLong ? "WEB_HEAD_LONG" : isLate ? "WEB_REQUEST_TIMEOUT" : "WEB_REQUEST_INVALID";
  door.refuse(socket, status, failure(code, `${status.slice(4)}.`));
}

/** @param roomUrl of the LiveKit server that the page may talk to */
export async function addSafety(app: FastifyInstance, roomUrl?: string): Promise<void> {
  await app.register(helmet, {
    // Served over plain HTTP on a LAN: nothing may be upgraded to HTTPS, and no HSTS.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "connect-src": ["'self'", ...roomSources(roomUrl)],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
  });
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, context) =>
      Object.assign(new Error("rate"), { statusCode: context.statusCode }),
  });
  await app.register(websocket, {
    options: { maxPayload: SOCKET_BYTES_MAX, perMessageDeflate: false },
    errorHandler: (_error, socket) => socket.terminate(),
  });
}

/** LiveKit's library asks the same host by HTTP why a connection failed; its cloud sends it on to the nearest of its own. */
function roomSources(roomUrl: string | undefined): string[] {
  if (roomUrl === undefined) return [];
  const { protocol, host } = new URL(roomUrl);
  const isCloud = host.endsWith(".livekit.cloud");
  const schemes = protocol === "wss:" ? ["wss:", "https:"] : ["ws:", "http:"];
  return [host, ...(isCloud ? ["*.livekit.cloud"] : [])].flatMap((name) =>
    schemes.map((scheme) => `${scheme}//${name}`),
  );
}
