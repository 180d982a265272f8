/** The owner's backups: list, make, take away, go back. They hold the robot's keys; who knows the door's token may have them. */
import { createReadStream } from "node:fs";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { BackupsApi, BackupTrouble } from "../backup/backup-desk.js";
import { failure } from "./fastify-app.js";

/** Making and checking one reads and writes all there is. */
const CALLS_PER_MIN = 12;

const config = { rateLimit: { max: CALLS_PER_MIN, timeWindow: 60_000 } };

interface Named {
  readonly Params: { readonly name: string };
}

export function addBackupRoutes(app: FastifyInstance, backups: BackupsApi): void {
  const answer = async (
    reply: FastifyReply,
    trouble: BackupTrouble | undefined,
  ): Promise<FastifyReply> => {
    if (trouble === undefined) return reply.send(await backups.list());
    return trouble.kind === "unknown"
      ? reply.code(404).send(failure("WEB_BACKUP_UNKNOWN", trouble.text))
      : reply.code(500).send(failure("WEB_BACKUP_FAILED", trouble.text));
  };
  app.get("/api/backups", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return backups.list();
  });
  app.post("/api/backups", { config }, async (_request, reply) =>
    answer(reply, await backups.make()),
  );
  app.get<Named>(
    "/api/backups/:name",
    { config, exposeHeadRoute: false },
    async (request, reply) => {
      const { name } = request.params;
      const path = await backups.pathOf(name);
      if (path === undefined) {
        return answer(reply, { kind: "unknown", text: "There is no such backup any more." });
      }
      return reply
        .header("cache-control", "no-store")
        .header("content-disposition", `attachment; filename="${name}"`)
        .type("application/gzip")
        .send(createReadStream(path));
    },
  );
  app.post<Named>("/api/backups/:name/restore", { config }, async (request, reply) =>
    answer(reply, await backups.want(request.params.name)),
  );
  app.delete("/api/backups/wanted", async (_request, reply) => {
    await backups.unwant();
    return answer(reply, undefined);
  });
}
