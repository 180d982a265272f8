/** Answers of the robot's HTTP side (PROTOCOL §2). Every answer but 101 closes the connection. */
import { bytesOf } from "../../src/wire/bytes.js";
import { base64, Sha1 } from "./sha1.js";

const WS_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The words of a status that is answered. */
function reasonOf(status: number): string {
  const words: Readonly<Record<string, string>> = {
    "200": "OK",
    "400": "Bad Request",
    "404": "Not Found",
    "405": "Method Not Allowed",
    "408": "Request Timeout",
    "426": "Upgrade Required",
    "431": "Request Header Fields Too Large",
    "503": "Service Unavailable",
    "505": "HTTP Version Not Supported",
  };
  return words[`${status}`] as string;
}

function extraHeader(status: number): string {
  if (status === 405) return "Allow: GET\r\n";
  if (status === 426) return "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  return status === 503 ? "Retry-After: 1\r\n" : "";
}

/** A plain-text answer. `hasBody` false for HEAD: the headers of the same answer without it. */
export function textReply(status: number, body: string, hasBody: boolean): Buffer {
  const line = `HTTP/1.1 ${status} ${reasonOf(status)}\r\n`;
  const length = bytesOf(body).length;
  const headers = `Content-Type: text/plain\r\nContent-Length: ${length}\r\n${extraHeader(status)}`;
  return bytesOf(line + headers + "Connection: close\r\n\r\n" + (hasBody ? body : ""));
}

/** The answer to a refused or malformed request; the body is the reason in words. */
export function refusal(status: number): Buffer {
  return textReply(status, reasonOf(status), true);
}

/** What the answer's accept header is the hash of. `key` has been checked. */
export function acceptHash(key: string): Sha1 {
  return new Sha1(bytesOf(key + WS_GUID));
}

/** The answer that opens a WebSocket, once its hash is computed. */
export function switchingReply(hash: Sha1): Buffer {
  const start = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  return bytesOf(start + "Sec-WebSocket-Accept: " + base64(hash.finish()) + "\r\n\r\n");
}
