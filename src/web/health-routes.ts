/**
 * How Buddy is, for programs: `/healthz` (this process serves), `/readyz` (Buddy is of use), `/api/state`, `/api/health`
 * (all there is to know), `/metrics`, and the reset of a breaker. All read one place, so they say one thing.
 */
import type { FastifyInstance } from "fastify";
import { failure } from "./fastify-app.js";
import type { WebMetrics } from "./metrics.js";
import type { WebServices } from "./services.js";

const BY_HAND_PER_S = 5;

export function addHealthRoutes(
  app: FastifyInstance,
  services: WebServices,
  metrics: WebMetrics,
): void {
  // 200 whatever else is wrong: whoever restarts for a bad answer here would make it worse.
  app.get("/healthz", async () => {
    const { level, state, text } = services.health.state();
    return { ok: true, level, state, text };
  });
  app.get("/readyz", async (_request, reply) => {
    const reasons = services.readiness.reasons();
    if (reasons.length === 0) return { ready: true, reasons };
    reply.code(503).header("retry-after", 1);
    return { ready: false, reasons, ...failure("WEB_NOT_READY", reasons.join(" ")) };
  });
  app.get("/api/state", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return services.state.snapshot();
  });
  app.get("/api/health", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return services.health.details();
  });
  app.get("/metrics", async (_request, reply) => {
    reply.header("content-type", metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  const byHand = { config: { rateLimit: { max: BY_HAND_PER_S, timeWindow: 1000 } } };
  app.post<{ Params: { name: string } }>(
    "/api/breakers/:name/reset",
    byHand,
    async (request, reply) => {
      if (services.health.resetBreaker(request.params.name)) return { ok: true };
      const message = "There is no breaker of that name.";
      return reply.code(404).send(failure("WEB_BREAKER_UNKNOWN", message));
    },
  );
  app.post<{ Params: { name: string } }>(
    "/api/parts/:name/restart",
    byHand,
    async (request, reply) => {
      if (services.health.restartPart(request.params.name)) return { ok: true };
      const message = "There is no part of that name.";
      return reply.code(404).send(failure("WEB_PART_UNKNOWN", message));
    },
  );
}
