/** Connections that hold a place of a door without using it, and honest requests beside them. */
import { request } from "node:http";
import { request as secureRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { until } from "../../src/time/until.js";

export type HeldKind =
  "silent" | "half" | "malformed" | "resting" | "half body" | "upgraded" | "viewing";

/** What each kind sends; nothing more ever comes from it, and it reads nothing. */
export function bytesOf(kind: HeldKind, path: string): string {
  switch (kind) {
    case "silent":
      return "";
    case "half":
      return `GET ${path} HTTP/1.1\r\nHost: localh`;
    // To TLS it is a handshake that stops after its first bytes.
    case "malformed":
      return "\u0016\u0003\u0001\u0002 this is no request of anything\r\n\r\n";
    case "resting":
      return "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    case "half body":
      return `POST /api/command HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"line`;
    case "upgraded":
      return (
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
      );
    case "viewing":
      return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  }
}

/** Opens connections that send these bytes and hold on; the returned function ends them. */
export async function holdSockets(port: number, count: number, bytes: string): Promise<() => void> {
  const sockets: Socket[] = [];
  let settled = 0;
  for (let i = 0; i < count; i++) {
    const socket = connect({ host: "127.0.0.1", port });
    socket.pause();
    socket.once("connect", () => {
      settled++;
      if (bytes !== "") socket.write(bytes);
    });
    // Being thrown out is what is expected.
    socket.on("error", () => undefined);
    sockets.push(socket);
  }
  await until(`${count} connections`, 30_000, () => settled === count);
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/**
 * One HTTP request on a connection of its own. @returns its status once the first byte of the body is there
 * @param ca certificate of the other end, PEM: then by https
 */
export function statusOf(port: number, path: string, method = "GET", ca?: string): Promise<number> {
  const options = { host: "127.0.0.1", port, path, method, agent: false };
  return new Promise((resolve, reject) => {
    const asked = (ca === undefined ? request : secureRequest)({
      ...options,
      ...(ca !== undefined && { ca, checkServerIdentity: () => undefined }),
    });
    asked.on("response", (response) => {
      response.once("data", () => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      // After the answer it is cut by ourselves.
      response.on("error", reject);
      response.on("close", () => reject(new Error("closed before it gave anything")));
    });
    asked.on("error", reject);
    asked.end();
  });
}
