/**
 * Who knows the secret of the page's door. Pure decisions over headers; `guard.ts` asks in front of every route and every
 * upgrade, after `doors/callers.ts`. Secrets are compared as digests in constant time and appear in no log and no reply.
 */
import { createHmac, randomBytes } from "node:crypto";
import { isSameSecret, TOKEN_CHARS_MIN } from "../doors/secret.js";
import type { Clock } from "../time/clock.js";

/** How long a browser stays signed in: 30 days. */
const SESSION_S = 30 * 24 * 3600;
/** How long a printed sign-in link works: long enough to walk to another machine. */
const LOGIN_CODE_MS = 15 * 60 * 1000;
/** Links that may be open at once; the oldest goes first. */
const LOGIN_CODES_MAX = 32;

export class Access {
  private readonly codes = new Map<string, number>();
  private readonly cookieName: string;

  /** @throws RangeError when the token is too short to be a secret. */
  constructor(
    private readonly clock: Clock,
    private readonly token: string | undefined,
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
    if (bearer !== undefined && isSameSecret(bearer, this.token)) return true;
    if (isModelPath && bearer !== undefined && this.modelToken !== undefined) {
      return isSameSecret(bearer, this.modelToken);
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
      if (!isSameSecret(code, secret)) continue;
      this.codes.delete(code);
      return this.clock.nowMs() <= untilMs;
    }
    return isSameSecret(secret, this.token);
  }

  /**
   * The Set-Cookie value of a new browser session. It does not hold the token and outlives a restart.
   * @param isEncrypted then it never goes over plain HTTP
   */
  sessionCookie(isEncrypted: boolean): string {
    const until = Math.floor(this.clock.wallMs() / 1000) + SESSION_S;
    const value = `${until}.${this.mac(`session ${until}`)}`;
    const secure = isEncrypted ? "; Secure" : "";
    return `${this.cookieName}=${value}; Path=/; Max-Age=${SESSION_S}; HttpOnly; SameSite=Strict${secure}`;
  }

  private isSession(cookie: string | undefined): boolean {
    for (const part of (cookie ?? "").split(";")) {
      const [name, value] = part.trim().split("=", 2);
      if (name !== this.cookieName || value === undefined) continue;
      const [until = "", mac = ""] = value.split(".", 2);
      if (!/^\d{1,12}$/.test(until) || Number(until) * 1000 < this.clock.wallMs()) continue;
      if (isSameSecret(mac, this.mac(`session ${until}`))) return true;
    }
    return false;
  }

  private mac(text: string): string {
    return createHmac("sha256", this.token ?? "")
      .update(`buddy page ${text}`)
      .digest("hex");
  }
}
