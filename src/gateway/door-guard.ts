/**
 * Who may use the forwarded ports when they can be reached from other machines (A14): whoever knows the token,
 * on this machine, too, as at the other doors. A TCP client shows it in its first request, as `Authorization: Bearer TOKEN` or
 * `?token=TOKEN`; a datagram begins with `token=TOKEN ` (PROTOCOL §2, §3). The link has its own proof.
 *
 * On loopback no token is asked, but this machine's browser shows pages of anybody, and no rule of browsers keeps them
 * from opening a WebSocket here: those are known by their Origin.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { bareHost, isLoopback } from "../host/loopback.js";

/** Shorter could be guessed. */
export const TOKEN_CHARS_MIN = 16;
/** As long as the robot's own limit for a request's head. */
export const HEAD_BYTES_MAX = 2048;

const DATAGRAM_PREFIX = Buffer.from("token=");
const SPACE = 0x20;

export class DoorGuard {
  private readonly digest: Buffer | undefined;

  /** Without a token everybody is let in: the ports are on loopback then. Throws RangeError for a short one. */
  constructor(token: string | undefined) {
    if (token !== undefined && token.length < TOKEN_CHARS_MIN) {
      throw new RangeError(`the token has fewer than ${TOKEN_CHARS_MIN} characters`);
    }
    this.digest = token === undefined ? undefined : digestOf(token);
  }

  /** False: the ports are on loopback, and nobody is asked. */
  get needsToken(): boolean {
    return this.digest !== undefined;
  }

  /** Whether the head of an HTTP request carries the token. */
  admitsHead(head: Buffer): boolean {
    const lines = head.toString("latin1").split("\r\n");
    const target = lines[0]?.split(" ")[1] ?? "";
    const query = target.slice(target.indexOf("?") + 1).split("&");
    const inQuery = query.find((part) => part.startsWith("token="))?.slice(6);
    if (inQuery !== undefined && this.isToken(inQuery)) return true;
    return lines.some((line) => {
      const bearer = /^authorization:\s*bearer\s+(\S+)\s*$/i.exec(line)?.[1];
      return bearer !== undefined && this.isToken(bearer);
    });
  }

  /** Whether the head of an HTTP request says that a page of another machine sends it, and no token speaks for it. */
  isForeign(head: Buffer): boolean {
    if (this.needsToken) return false;
    return head
      .toString("latin1")
      .split("\r\n")
      .some((line) => {
        const origin = /^origin:\s*(https?:\S*)/i.exec(line)?.[1];
        if (origin === undefined) return false;
        return !URL.canParse(origin) || !isLoopback(bareHost(new URL(origin)));
      });
  }

  /** The datagram without its token; undefined: it has none, or a wrong one, and needs it. */
  admitDatagram(data: Buffer): Buffer | undefined {
    if (!this.needsToken) return data;
    const hasToken = data.subarray(0, DATAGRAM_PREFIX.length).equals(DATAGRAM_PREFIX);
    const end = data.indexOf(SPACE);
    if (!hasToken || end < 0) return undefined;
    const isRight = this.isToken(data.toString("latin1", DATAGRAM_PREFIX.length, end));
    return isRight ? data.subarray(end + 1) : undefined;
  }

  /** Compares digests, so that the time says nothing about the token. */
  private isToken(text: string): boolean {
    return this.digest !== undefined && timingSafeEqual(digestOf(text), this.digest);
  }
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
