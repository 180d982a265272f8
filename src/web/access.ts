/**
 * Who may use the page's door. Pure decisions over headers; `server.ts` asks in front of every route and
 * every upgrade.
 *
 * Three questions, in this order: is it our name that the client called (Host, against DNS rebinding), is
 * it our own page that asks (Origin and Sec-Fetch, against other sites in the same browser), and, when a
 * token is set, does the client know it. Secrets are compared as digests in constant time and appear in
 * no log and no reply.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";
import type { Clock } from "../time/clock.js";

/** How long a browser stays signed in: 30 days. */
const SESSION_S = 30 * 24 * 3600;
/** How long a printed sign-in link works: long enough to walk to another machine. */
const LOGIN_CODE_MS = 15 * 60 * 1000;
/** Links that may be open at once; the oldest goes first. */
const LOGIN_CODES_MAX = 32;
const TOKEN_CHARS_MIN = 16;

export type Denial = "WEB_HOST_DENIED" | "WEB_ORIGIN_DENIED";

/** The headers that the decisions read, as Node gives them (lower case). */
export interface RequestHead {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
}

const HOST_FORM = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/;

/** @returns the name in a Host header without brackets and port, or undefined when it is malformed. */
export function hostName(header: string | undefined): string | undefined {
  const match = HOST_FORM.exec((header ?? "").toLowerCase());
  return match?.[1]?.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

/** The names a client may call us by: loopback, the bound host, and for a wildcard our own addresses. */
function ownNames(host: string, extra: readonly string[]): Set<string> {
  const names = new Set(["localhost", "127.0.0.1", "::1", ...extra.map((n) => n.toLowerCase())]);
  if (host !== "0.0.0.0" && host !== "::") return names.add(host.toLowerCase());
  const machine = hostname().toLowerCase();
  names.add(machine).add(`${machine}.local`);
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) names.add(address.toLowerCase());
  }
  return names;
}

/** Compares in time that does not depend on where the first difference is, nor on the lengths. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

export class Access {
  private readonly codes = new Map<string, number>();
  private readonly cookieName: string;

  /** @throws RangeError when the token is too short to be a secret. */
  constructor(
    private readonly clock: Clock,
    private readonly host: string,
    private readonly token: string | undefined,
    private readonly extraNames: readonly string[] = [],
    /** A model's own token: opens the one path that `isKnown` is told of, and nothing else. */
    private readonly modelToken: string | undefined = undefined,
  ) {
    for (const secret of [token, modelToken]) {
      if (secret !== undefined && secret.length < TOKEN_CHARS_MIN) {
        throw new RangeError(`The token has fewer than ${TOKEN_CHARS_MIN} characters.`);
      }
    }
    // Two robots on one machine share the browser's cookie jar, whatever their ports.
    this.cookieName = `buddy_${this.mac("cookie name").slice(0, 8)}`;
  }

  get needsToken(): boolean {
    return this.token !== undefined;
  }

  /** Host and origin. Not the token. */
  denial(head: RequestHead): Denial | undefined {
    const name = hostName(head.host);
    // Addresses come and go with the network, so a wildcard's names are read anew each time.
    if (name === undefined || !ownNames(this.host, this.extraNames).has(name))
      return "WEB_HOST_DENIED";
    if (head.origin !== undefined) {
      return this.isOwnOrigin(head.origin, head.host ?? "") ? undefined : "WEB_ORIGIN_DENIED";
    }
    const site = head.fetchSite;
    if (site === undefined || site === "same-origin" || site === "none") return undefined;
    // Another site may link to our page, and nothing else: no picture, no frame, no form.
    const isLink =
      head.method === "GET" && head.fetchMode === "navigate" && head.fetchDest === "document";
    return isLink ? undefined : "WEB_ORIGIN_DENIED";
  }

  private isOwnOrigin(origin: string, hostHeader: string): boolean {
    const match = /^https?:\/\/(.+)$/.exec(origin.toLowerCase());
    const host = match?.[1];
    if (host === undefined) return false;
    if (host === hostHeader.toLowerCase()) return true;
    const name = hostName(host);
    return name !== undefined && this.extraNames.some((extra) => extra.toLowerCase() === name);
  }

  /**
   * True when no token is set, or the request carries it as bearer or as our cookie.
   * @param isModelPath whether the request is for the path that the model's own token opens, too.
   */
  isKnown(
    authorization: string | undefined,
    cookie: string | undefined,
    isModelPath = false,
  ): boolean {
    if (this.token === undefined) return true;
    const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (bearer !== undefined && sameSecret(bearer, this.token)) return true;
    if (isModelPath && bearer !== undefined && this.modelToken !== undefined) {
      return sameSecret(bearer, this.modelToken);
    }
    return this.isSession(cookie);
  }

  /** A code for one sign-in by link; good for one browser, for a quarter of an hour. */
  newLoginCode(): string {
    const oldest = this.codes.keys().next();
    if (this.codes.size >= LOGIN_CODES_MAX && !oldest.done) this.codes.delete(oldest.value);
    const code = randomBytes(18).toString("base64url");
    this.codes.set(code, this.clock.nowMs() + LOGIN_CODE_MS);
    return code;
  }

  /** Takes a sign-in code (which then works no more) or the token itself. */
  redeem(secret: string): boolean {
    if (this.token === undefined) return false;
    for (const [code, untilMs] of this.codes) {
      if (!sameSecret(code, secret)) continue;
      this.codes.delete(code);
      return this.clock.nowMs() <= untilMs;
    }
    return sameSecret(secret, this.token);
  }

  /** The Set-Cookie value of a new browser session. It does not hold the token and outlives a restart. */
  sessionCookie(): string {
    const until = Math.floor(this.clock.wallMs() / 1000) + SESSION_S;
    const value = `${until}.${this.mac(`session ${until}`)}`;
    return `${this.cookieName}=${value}; Path=/; Max-Age=${SESSION_S}; HttpOnly; SameSite=Strict`;
  }

  private isSession(cookie: string | undefined): boolean {
    for (const part of (cookie ?? "").split(";")) {
      const [name, value] = part.trim().split("=", 2);
      if (name !== this.cookieName || value === undefined) continue;
      const [until = "", mac = ""] = value.split(".", 2);
      if (!/^\d{1,12}$/.test(until) || Number(until) * 1000 < this.clock.wallMs()) continue;
      if (sameSecret(mac, this.mac(`session ${until}`))) return true;
    }
    return false;
  }

  private mac(text: string): string {
    return createHmac("sha256", this.token ?? "")
      .update(`buddy page ${text}`)
      .digest("hex");
  }
}
