/**
 * Who may use the vision door: as `doors/callers.ts` says, and who knows the token, if the door is not on loopback. Pure. Below:
 * what of a request says who asks.
 */
import type { FastifyRequest } from "fastify";
import { type CallerHead, type DoorNames, strangerOf, strangerWords } from "../doors/callers.js";
import { isSameSecret } from "../doors/secret.js";

export interface DoorRequest extends CallerHead {
  readonly authorization: string | undefined;
  /** The `token` of the query. */
  readonly token: string | undefined;
}

export interface DoorRules {
  /** Undefined only when the door is on loopback. */
  readonly token: string | undefined;
  /** What the companion shows in the token's place, whether others are asked or not. */
  readonly ownKey: string | undefined;
  /** Asked each time: names come and go with the certificate. */
  names(): DoorNames;
}

interface Refusal {
  readonly status: 401 | 403;
  readonly code: "VISION_HOST_REFUSED" | "VISION_ORIGIN_REFUSED" | "VISION_TOKEN_NEEDED";
  readonly message: string;
}

/** Why a request is refused; undefined: it may go on. */
export function refusal(request: DoorRequest, rules: DoorRules): Refusal | undefined {
  const stranger = strangerOf(request, rules.names());
  if (stranger !== undefined) {
    const code = stranger === "host" ? "VISION_HOST_REFUSED" : "VISION_ORIGIN_REFUSED";
    return { status: 403, code, message: strangerWords(stranger, request) };
  }
  if (rules.token === undefined) return undefined;
  const given = /^Bearer (.+)$/i.exec(request.authorization ?? "")?.[1] ?? request.token;
  if (given !== undefined && isSameSecret(given, rules.token)) return undefined;
  if (isOurOwn(given, rules)) return undefined;
  const message = "send the token: Authorization: Bearer …, or ?token=…";
  return { status: 401, code: "VISION_TOKEN_NEEDED", message };
}

/** Whether it is Buddy itself that asks. */
export function isOurOwn(given: string | undefined, { ownKey }: DoorRules): boolean {
  return given !== undefined && ownKey !== undefined && isSameSecret(given, ownKey);
}

export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
}

export function tokenOf(request: FastifyRequest): string | undefined {
  return queryOf(request, "token");
}

export function queryOf({ query }: FastifyRequest, name: string): string | undefined {
  const value = (query as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}
