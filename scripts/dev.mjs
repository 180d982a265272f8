// `npm run dev`: the page from its sources, live as one edits them, against a Buddy that runs already. The page's requests
// go on to that Buddy; nothing is built. `npm run dev -- --buddy http://127.0.0.1:5001 --port 5174` for another.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setUp } from "./setup/parts.mjs";

const ANSWER_MS_MAX = 3000;
/** The doors of docs/PROTOCOL.md §5. Exactly these: the page's sources have folders named `live` and `audio`. */
const DOORS = "^/(api/.*|live|audio|stream|snapshot\\.jpg|healthz|readyz|metrics)(\\?.*)?$";

const { values } = parseArgs({
  options: {
    buddy: { type: "string", default: "http://127.0.0.1:5000" },
    port: { type: "string", default: "5173" },
  },
});
const buddy = new URL(values.buddy).origin;
await setUp(["packages"]);
try {
  await fetch(`${buddy}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
} catch (error) {
  console.error(`dev: no Buddy answers at ${buddy} (${error.cause?.code ?? error.message}).`);
  console.error("dev: Start one in another terminal: npm start -- --no-open");
  process.exit(1);
}

/** The page's own requests come to Buddy as those of its own page; what other sites send is left for Buddy to refuse. */
function asOwnPage(proxied, { headers }) {
  if (headers.origin === `http://${headers.host}`) proxied.setHeader("origin", buddy);
}

const { createServer } = await import("vite");
const root = join(import.meta.dirname, "..");
const server = await createServer({
  configFile: join(root, "src/page/vite.config.ts"),
  server: {
    host: "127.0.0.1",
    port: Number(values.port),
    fs: { allow: [root] },
    proxy: {
      [DOORS]: {
        target: buddy,
        changeOrigin: true,
        ws: true,
        configure: (proxy) => {
          proxy.on("proxyReq", asOwnPage);
          proxy.on("proxyReqWs", asOwnPage);
        },
      },
    },
  },
});
await server.listen();
console.log(`page ${server.resolvedUrls.local[0]} of ${buddy}`);
