// `npm run edge -- --port N`: the edge on loopback, with the key of BUDDY_EDGE_KEY, until Ctrl-C or SIGTERM.
import { parseArgs } from "node:util";
import { KEY_CHARS_MIN } from "../src/edge/signature.js";
import { startEdge } from "./runtime.js";

const EXIT_USAGE = 2;

function refuse(message: string): never {
  process.stderr.write(`edge: ${message}\n`);
  process.exit(EXIT_USAGE);
}

function optionsOf(): { port?: string | undefined; data?: string | undefined } {
  try {
    return parseArgs({ options: { port: { type: "string" }, data: { type: "string" } } }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const { port = "8787", data } = optionsOf();
const key = process.env["BUDDY_EDGE_KEY"] ?? "";
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
  refuse(`--port: expected 0..65535, got ${JSON.stringify(port)}`);
}
if (key.length < KEY_CHARS_MIN) {
  refuse(`BUDDY_EDGE_KEY: expected at least ${KEY_CHARS_MIN} characters, got ${key.length}`);
}

const edge = await startEdge({ key, port: Number(port), ...(data !== undefined && { data }) });
process.stdout.write(`ready ${edge.url}\n`);
const asked = new Promise<undefined>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => resolve(undefined));
  }
});
const why = await Promise.race([asked, edge.ended]);
await edge.stop();
if (why !== undefined) {
  process.stderr.write(`edge: ${why}\n`);
  process.exitCode = 1;
}
