/**
 * The hook in front of every route and every upgrade: asks who calls and whether it knows the token, answers those it turns away, and
 * slows down guessing. What is logged is the address, the method and the path, never a query or a header.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../time/clock.js";
import { type DoorNames, strangerOf, strangerWords } from "../doors/callers.js";
import { secureUrlFor } from "../doors/https-only.js";
import { FailureLimit } from "../doors/failure-limit.js";
import type { Access } from "./access.js";
import { MODEL_SCOPE } from "../mcp/scope.js";
import { askForToken, welcome } from "./sign-in.js";
import { isTrustPath } from "./trust.js";

const URL_CHARS_MAX = 2048;

export interface GuardDeps {
  readonly access: Access;
  /** Asked each time: names come and go with the network. */
  names(): DoorNames;
  /** There is a certificate: who is not on this machine comes by https. */
  readonly isHttps: boolean;
  readonly clock: Clock;
  denied(code: string): void;
  log(level: "info" | "warn" | "error", message: string): void;
}

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const pathOf = (request: FastifyRequest): string => request.url.split("?", 1)[0] ?? "";

function wantsHtml(request: FastifyRequest): boolean {
  return request.method === "GET" && !request.ws && /text\/html/.test(request.headers.accept ?? "");
}

/** Only what changes nothing is sent on by itself: all else has already gone over the line unencrypted. */
async function leadToHttps(
  request: FastifyRequest,
  reply: FastifyReply,
  url: string,
): Promise<FastifyReply> {
  reply.header("cache-control", "no-store");
  if ((request.method === "GET" || request.method === "HEAD") && !request.ws) {
    return reply.code(307).header("location", url).send();
  }
  const message = `This door speaks https: ${url.split("?", 1)[0]}`;
  return reply.code(403).send({ error: { code: "WEB_HTTPS_NEEDED", message } });
}

/** Adds the hook and `POST /login`. Must be called before any other route is added. */
export function guard(app: FastifyInstance, deps: GuardDeps): void {
  const { access } = deps;
  const failures = new FailureLimit(deps.clock);

  const refuse = async (
    request: FastifyRequest,
    reply: FastifyReply,
    problem: string,
    asPage: boolean,
  ): Promise<void> => {
    const { waitMs, isFirst } = failures.note(request.ip);
    const status = waitMs > 0 ? 429 : 401;
    const code = waitMs > 0 ? "WEB_TOKEN_RATE" : "WEB_TOKEN_NEEDED";
    deps.denied(code);
    if (isFirst) {
      deps.log(
        "warn",
        `no valid token from ${request.ip} for ${request.method} ${pathOf(request)}`,
      );
    }
    if (waitMs > 0) reply.header("retry-after", Math.ceil(waitMs / 1000));
    else reply.header("www-authenticate", 'Bearer realm="buddy"');
    const message = waitMs > 0 ? "Too many wrong tokens. Wait a minute." : problem;
    if (asPage) await askForToken(reply, status, message);
    else await reply.code(status).send({ error: { code, message } });
  };

  app.addHook("onRequest", async (request, reply) => {
    if (request.url.length > URL_CHARS_MAX) {
      return reply
        .code(414)
        .send({ error: { code: "WEB_URL_LONG", message: "The address is too long." } });
    }
    if (header(request, "host") === undefined && request.raw.httpVersion === "1.1") {
      const error = { code: "WEB_REQUEST_INVALID", message: "The request names no host." };
      return reply.code(400).send({ error });
    }
    const head = {
      method: request.method,
      host: header(request, "host"),
      origin: header(request, "origin"),
      fetchSite: header(request, "sec-fetch-site"),
      fetchMode: header(request, "sec-fetch-mode"),
      fetchDest: header(request, "sec-fetch-dest"),
    };
    const stranger = strangerOf(head, deps.names());
    if (stranger) {
      const code = stranger === "host" ? "WEB_HOST_DENIED" : "WEB_ORIGIN_DENIED";
      deps.denied(code);
      const message = strangerWords(stranger, head);
      return reply.code(403).send({ error: { code, message } });
    }
    if (isTrustPath(pathOf(request))) return;
    const isEncrypted = request.protocol === "https";
    const secureUrl = deps.isHttps
      ? secureUrlFor({
          isEncrypted,
          address: request.ip,
          host: head.host,
          url: request.url,
        })
      : undefined;
    if (secureUrl !== undefined) return leadToHttps(request, reply, secureUrl);
    if (!access.needsToken || (request.method === "POST" && pathOf(request) === "/login")) return;
    // Not as a URL: a path such as "//" is none, and what a stranger sends must not fail here.
    const query = request.url.slice(pathOf(request).length);
    const secret = new URLSearchParams(query).get("token");
    const isLink = request.method === "GET" && pathOf(request) === "/" && secret !== null;
    const isModelPath = pathOf(request) === MODEL_SCOPE.path;
    const [authorization, cookie] = [header(request, "authorization"), header(request, "cookie")];
    if (access.isKnown(authorization, cookie, isModelPath)) {
      // A used link of a browser that is signed in already: only take the secret off the address bar.
      if (isLink) await welcome(reply, access, isEncrypted);
      return;
    }
    if (isLink && access.redeem(secret)) {
      await welcome(reply, access, isEncrypted);
      return;
    }
    const problem = isLink ? "That link was used or is too old." : "This robot asks for its token.";
    await refuse(request, reply, problem, wantsHtml(request));
  });

  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (request, body, done) => {
      // Every other route takes JSON alone: a form is what a page of another site can send.
      if (pathOf(request) === "/login")
        done(null, Object.fromEntries(new URLSearchParams(String(body))));
      else done(Object.assign(new Error("a form"), { statusCode: 415 }));
    },
  );
  app.post<{ Body: unknown }>("/login", async (request, reply) => {
    const body = request.body as Record<string, unknown> | null | undefined;
    const secret = body?.["token"];
    if (typeof secret === "string" && access.redeem(secret.trim()))
      await welcome(reply, access, request.protocol === "https");
    else await refuse(request, reply, "That is not the token.", true);
    return reply;
  });
}
