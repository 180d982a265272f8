/**
 * Who may use the vision door. Loopback needs no token, any other address does. A page of another site must not see
 * the camera: foreign names in Host (DNS rebinding) and foreign origins are refused. Pure.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { bareHost, isLoopback } from "../host/loopback.js";

export interface DoorRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  /** The `token` of the query. */
  readonly token: string | undefined;
}

export interface DoorRules {
  /** Undefined only when the door is on loopback. */
  readonly token: string | undefined;
  /** What the companion shows in the token's place, whether others are asked or not. */
  readonly ownKey: string | undefined;
  /** Names, beside addresses and localhost, by which the door may be called. */
  readonly names: readonly string[];
}

type Refusal =
  | { readonly status: 403; readonly code: "VISION_HOST_REFUSED" | "VISION_ORIGIN_REFUSED" }
  | { readonly status: 401; readonly code: "VISION_TOKEN_NEEDED" };

/** Why a request is refused; undefined: it may go on. */
export function refusal(request: DoorRequest, rules: DoorRules): Refusal | undefined {
  if (!isKnownName(hostName(request.host), rules))
    return { status: 403, code: "VISION_HOST_REFUSED" };
  if (request.origin !== undefined && !isOwnOrigin(request.origin, request.host)) {
    return { status: 403, code: "VISION_ORIGIN_REFUSED" };
  }
  if (rules.token === undefined) return undefined;
  const given = /^Bearer (.+)$/i.exec(request.authorization ?? "")?.[1] ?? request.token;
  if (given !== undefined && isSame(given, rules.token)) return undefined;
  if (isOurOwn(given, rules)) return undefined;
  return { status: 401, code: "VISION_TOKEN_NEEDED" };
}

/** Whether it is Buddy itself that asks. */
export function isOurOwn(given: string | undefined, { ownKey }: DoorRules): boolean {
  return given !== undefined && ownKey !== undefined && isSame(given, ownKey);
}

/** A rebinding attack needs a name of its own; an address or localhost in Host is what the user typed. */
function isKnownName(name: string | undefined, rules: DoorRules): boolean {
  if (name === undefined) return false;
  return name === "localhost" || isIP(name) !== 0 || rules.names.includes(name);
}

/** Our own page is on this machine or has the same host name, on another port. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const name = bareHost(new URL(origin));
  return isLoopback(name) || name === hostName(host);
}

function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return bareHost(new URL(`http://${host}`)).toLowerCase();
}

/** In a time that does not depend on where the two differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
