import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { failure } from "./fastify-app.js";

/** What a page says, pictures apart: the longest is a robot's command. */
const MESSAGE_BYTES_MAX = 8 * 1024;

/** A path that is a WebSocket and nothing else; who asks for it by plain HTTP is told so. */
export function addSocketRoute(
  app: FastifyInstance,
  url: string,
  wsHandler: (socket: WebSocket, request: FastifyRequest) => void,
): void {
  app.route({
    method: "GET",
    url,
    handler: (_request, reply) =>
      reply
        .code(426)
        .header("upgrade", "websocket")
        .send(failure("WEB_UPGRADE_NEEDED", "This path is a WebSocket.")),
    wsHandler,
  });
}

/** Closes a socket that says more than anybody has to say; the limit of all sockets lets a picture through. */
export function isTooLong(socket: WebSocket, data: Buffer): boolean {
  if (data.length <= MESSAGE_BYTES_MAX) return false;
  socket.close(1009, "message too long");
  return true;
}
