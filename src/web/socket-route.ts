import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { failure } from "./fastify-app.js";

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
