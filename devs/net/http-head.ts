/** What a request head asks for (PROTOCOL §2); `src/wire/head-reader.ts` has found its end. */
import { isKey } from "./sha1.js";

/** What a request head asks for. */
export type HeadRequest =
  | { kind: "upgrade"; path: string; key: string }
  | { kind: "http"; method: string; path: string }
  | { kind: "bad"; status: number };

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

/** The runtime's own `includes` is code in the image, looked up by name. */
function has(text: string, part: string): boolean {
  return text.indexOf(part) >= 0;
}

function takeHeader(headers: Headers, line: string): void {
  const colon = line.indexOf(":");
  const name = colon < 0 ? "" : line.slice(0, colon).toLowerCase();
  // An empty name, a space in it (also that of a folded line) or a lone CR hide another header from somebody.
  if (name === "" || has(name, " ") || has(name, "\t") || has(line, "\r")) {
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
    isMalformed: has(text, "\u0000"),
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
