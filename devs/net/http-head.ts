/**
 * HTTP/1.1 request heads (PROTOCOL §2): at most 2,048 bytes and 32 lines, CR LF only. Finding the end is
 * incremental over any chunks; parsing then reads the whole head once.
 */
import { HTTP_HEAD_BYTES_MAX } from "../../src/wire/limits.js";
import { copyBytes, sliceBytes, textOf } from "../../src/wire/bytes.js";
import { isKey } from "./sha1.js";

const HEAD_LINES_MAX = 32;

/** Room taken beforehand when a head comes in more than one piece. */
const GROWTH_BYTES = 256;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** What a request head asks for. */
export type HeadRequest =
  | { kind: "upgrade"; path: string; key: string }
  | { kind: "http"; method: string; path: string }
  | { kind: "bad"; status: number };

/** Collects bytes until the empty line. */
export class HeadReader {
  private buffer = Buffer.alloc(0);
  private used = 0;
  private scannedTo = 0;
  private lineAt = 0;
  private lines = 0;
  private status = 0;

  /**
   * Takes bytes. Returns how many of them belong to the head if it is now complete; -1 if more are needed or it
   * has failed (`failure`).
   */
  take(data: Buffer): number {
    const room = HTTP_HEAD_BYTES_MAX - this.used;
    const taken = data.length < room ? data.length : room;
    if (this.buffer.length < this.used + taken) {
      // The first chunk usually is the whole head; after that room grows with what comes, not before.
      const need = this.used + taken + (this.used === 0 ? 0 : GROWTH_BYTES);
      const grown = Buffer.alloc(need < HTTP_HEAD_BYTES_MAX ? need : HTTP_HEAD_BYTES_MAX);
      copyBytes(grown, 0, this.buffer, 0, this.used);
      this.buffer = grown;
    }
    copyBytes(this.buffer, this.used, data, 0, taken);
    const before = this.used;
    this.used += taken;
    if (this.scanHead()) return this.lineAt - before;
    if (this.status === 0 && this.used === HTTP_HEAD_BYTES_MAX) this.status = 431;
    return -1;
  }

  /** HTTP status of a head that can no longer become a good one; 0 otherwise. */
  failure(): number {
    return this.status;
  }

  /** Text of the complete head, without the empty line. */
  text(): string {
    return textOf(sliceBytes(this.buffer, 0, this.lineAt - 2));
  }

  /** Bytes of memory held. */
  heldBytes(): number {
    return this.buffer.length;
  }

  /** Looks at new lines; true at the empty one, `lineAt` then is behind it. */
  private scanHead(): boolean {
    while (this.status === 0 && this.scannedTo < this.used) {
      const at = this.buffer.indexOf(NEWLINE, this.scannedTo);
      if (at < 0 || at >= this.used) break;
      this.scannedTo = at + 1;
      if (at === this.lineAt || this.buffer[at - 1] !== RETURN) {
        this.status = 400;
        return false;
      }
      const isEmpty = at === this.lineAt + 1;
      this.lineAt = at + 1;
      if (isEmpty) return true;
      this.lines++;
      if (this.lines > HEAD_LINES_MAX) this.status = 431;
    }
    return false;
  }
}

/** True if `list`, comma separated, holds `token` in any case. */
function hasToken(list: string, token: string): boolean {
  const lower = list.toLowerCase();
  let at = 0;
  while (at <= lower.length) {
    let end = lower.indexOf(",", at);
    if (end < 0) end = lower.length;
    if (lower.slice(at, end).trim() === token) return true;
    at = end + 1;
  }
  return false;
}

interface Headers {
  upgrade: string;
  connection: string;
  key: string;
  version: string;
  /** Occurrences of each; more than one is malformed. */
  keys: number;
  versions: number;
  hosts: number;
  isMalformed: boolean;
}

function takeHeader(headers: Headers, line: string): void {
  const colon = line.indexOf(":");
  const name = colon < 0 ? "" : line.slice(0, colon).toLowerCase();
  // An empty name, a space in it (also that of a folded line) or a lone CR hide another header from somebody.
  if (name === "" || name.includes(" ") || name.includes("\t") || line.includes("\r")) {
    headers.isMalformed = true;
    return;
  }
  const value = line.slice(colon + 1).trim();
  if (name === "host") headers.hosts++;
  else if (name === "upgrade") headers.upgrade += "," + value;
  else if (name === "connection") headers.connection += "," + value;
  else if (name === "sec-websocket-key") {
    headers.key = value;
    headers.keys++;
  } else if (name === "sec-websocket-version") {
    headers.version = value;
    headers.versions++;
  }
}

function bad(status: number): HeadRequest {
  return { kind: "bad", status: status };
}

/** Reads a complete head (`HeadReader.text`). */
export function parseHead(text: string): HeadRequest {
  let end = text.indexOf("\r\n");
  const first = text.slice(0, end);
  const headers: Headers = {
    upgrade: "",
    connection: "",
    key: "",
    version: "",
    keys: 0,
    versions: 0,
    hosts: 0,
    isMalformed: text.includes("\u0000"),
  };
  while (end + 2 < text.length) {
    const from = end + 2;
    end = text.indexOf("\r\n", from);
    if (end < 0) end = text.length;
    takeHeader(headers, text.slice(from, end));
  }
  const space = first.indexOf(" ");
  const second = first.indexOf(" ", space + 1);
  const method = first.slice(0, space < 0 ? 0 : space);
  const target = second < 0 ? "" : first.slice(space + 1, second);
  const version = second < 0 ? "" : first.slice(second + 1);
  if (method === "" || !target.startsWith("/") || headers.isMalformed) return bad(400);
  if (version !== "HTTP/1.1" && version !== "HTTP/1.0")
    return bad(version.startsWith("HTTP/") ? 505 : 400);
  // RFC 9112 §3.2: exactly one, and only the older version may do without.
  if (headers.hosts > 1 || (headers.hosts === 0 && version === "HTTP/1.1")) return bad(400);
  const query = target.indexOf("?");
  const path = query < 0 ? target : target.slice(0, query);
  if (!hasToken(headers.upgrade, "websocket")) return { kind: "http", method: method, path: path };
  if (method !== "GET") return bad(405);
  if (version !== "HTTP/1.1" || !hasToken(headers.connection, "upgrade")) return bad(400);
  if (headers.versions !== 1 || headers.version !== "13") return bad(426);
  if (headers.keys !== 1 || !isKey(headers.key)) return bad(400);
  return { kind: "upgrade", path: path, key: headers.key };
}
