/**
 * The built page. Only files that exist at start get a route each, so no request can name a path outside
 * the folder, however it is encoded.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

const YEAR_S = 31_536_000;

/**
 * Serves the folder that `npm run build` made.
 * @returns the path of the page's script (its name holds a hash of its content), or "" when the page was
 * not built; then `/` says so.
 */
export async function servePage(app: FastifyInstance, pageDir: string): Promise<string> {
  let index: string;
  try {
    index = readFileSync(join(pageDir, "index.html"), "utf8");
  } catch {
    // A checkout whose page was not built yet still serves its API.
    app.get("/", async (_request, reply) =>
      reply.code(503).send({
        error: { code: "WEB_PAGE_MISSING", message: "The page is not built: npm run build" },
      }),
    );
    return "";
  }
  await app.register(fastifyStatic, {
    root: pageDir,
    wildcard: false,
    globIgnore: linksIn(pageDir),
    dotfiles: "deny",
    // The build puts them beside the files.
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      // Names under assets/ hold a hash of the content; everything else is asked for anew.
      const isHashed = path.includes("assets");
      reply.header("cache-control", isHashed ? `public, max-age=${YEAR_S}, immutable` : "no-cache");
    },
  });
  return /<script[^>]+src="([^"]+)"/.exec(index)?.[1] ?? "";
}

/** Symbolic links, which could lead out of the folder, as paths within it. */
function linksIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .flatMap((entry) => {
      const path = relative(folder, join(entry.parentPath, entry.name));
      return [path, `${path}/**`];
    });
}
