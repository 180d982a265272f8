/**
 * Who may use the forwarded ports (A14). By name and origin as at every door (`doors/callers.ts`); and when the ports can be
 * reached from other machines, whoever knows the token, on this machine, too. A TCP client shows it in its first request, as
 * `Authorization: Bearer TOKEN` or `?token=TOKEN`; a datagram begins with `token=TOKEN ` (PROTOCOL §2, §3). The link has its
 * own proof.
 */
import { type DoorNames, strangerOf, strangerWords } from "../doors/callers.js";
import { FailureLimit } from "../doors/failure-limit.js";
import { isSameSecret, TOKEN_CHARS_MIN } from "../doors/secret.js";
import type { Clock } from "../time/clock.js";

const DATAGRAM_PREFIX = Buffer.from("token=");
const SPACE = 0x20;

export interface GuardRefusal {
  readonly why: "stranger" | "token";
  /** Of an HTTP answer, with headers of its own. */
  readonly status: string;
  readonly words: string;
}

export class DoorGuard {
  private readonly failures: FailureLimit;

  /** Without a token everybody is let in: the ports are on loopback then. Throws RangeError for a short one. */
  constructor(
    clock: Clock,
    private readonly names: DoorNames,
    private readonly token: string | undefined,
  ) {
    if (token !== undefined && token.length < TOKEN_CHARS_MIN) {
      throw new RangeError(`the token has fewer than ${TOKEN_CHARS_MIN} characters`);
    }
    this.failures = new FailureLimit(clock);
  }

  /**
   * @param head of an HTTP request, complete, without the empty line
   * @returns why it is turned away; undefined: it may go to the robot
   */
  refusal(head: string, address: string): GuardRefusal | undefined {
    const [first = "", ...lines] = head.split("\r\n");
    const [method = "", target = ""] = first.split(" ");
    const header = (name: string): string | undefined => headerOf(lines, name);
    const host = header("host");
    // One without a Host is no browser's; the robot says what is wrong with it.
    const stranger = strangerOf(
      {
        method,
        host: host ?? "localhost",
        origin: header("origin"),
        fetchSite: header("sec-fetch-site"),
        fetchMode: header("sec-fetch-mode"),
        fetchDest: header("sec-fetch-dest"),
      },
      this.names,
    );
    if (stranger) {
      const words = `${strangerWords(stranger, { host })}\n`;
      return { why: "stranger", status: "403 Forbidden", words };
    }
    if (this.token === undefined || this.carriesToken(target, header("authorization"))) {
      return undefined;
    }
    const { waitMs } = this.failures.note(address);
    return waitMs > 0
      ? {
          why: "token",
          status: `429 Too Many Requests\r\nRetry-After: ${Math.ceil(waitMs / 1000)}`,
          words: "Too many wrong tokens. Wait a minute.\n",
        }
      : {
          why: "token",
          status: "401 Unauthorized\r\nWWW-Authenticate: Bearer",
          words: "This door asks other machines for its token.\n",
        };
  }

  /** The datagram without its token; undefined: it has none, or a wrong one, and needs it. */
  admitDatagram(data: Buffer): Buffer | undefined {
    if (this.token === undefined) return data;
    const hasToken = data.subarray(0, DATAGRAM_PREFIX.length).equals(DATAGRAM_PREFIX);
    const end = data.indexOf(SPACE);
    if (!hasToken || end < 0) return undefined;
    const isRight = isSameSecret(data.toString("latin1", DATAGRAM_PREFIX.length, end), this.token);
    return isRight ? data.subarray(end + 1) : undefined;
  }

  private carriesToken(target: string, authorization: string | undefined): boolean {
    const query = target.slice(target.indexOf("?") + 1).split("&");
    const inQuery = query.find((part) => part.startsWith("token="))?.slice(6);
    const bearer = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
    return [inQuery, bearer].some(
      (given) => given !== undefined && this.token !== undefined && isSameSecret(given, this.token),
    );
  }
}

function headerOf(lines: readonly string[], name: string): string | undefined {
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return undefined;
}
