// What the product asks of its platform is answered by the world: a loader's hook puts the doubles of this folder in the
// place of Node's network, files, processes and chance, for those modules under src/ that use them. The product's own files are unchanged.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const FOLDER = new URL(".", import.meta.url).href;
const SRC = new URL("../../../src/", import.meta.url);

/** Which file of src asks for what, and which double answers. */
const DOUBLES = [
  ["doors/listeners.ts", "node:net", "network.ts"],
  ["doors/listeners.ts", "node:dgram", "network.ts"],
  ["gateway/generations.ts", "node:fs", "disk.ts"],
  ["gateway/node-crypto.ts", "node:crypto", "crypto.ts"],
  ["robot/robot-client.ts", "ws", "websocket.ts"],
  ["store/database.ts", "libsql", "database.ts"],
  ["store/database.ts", "node:fs", "disk.ts"],
  ["store/database-file.ts", "node:fs", "disk.ts"],
  ["store/store.ts", "node:fs", "disk.ts"],
  ["datadir/durable-file.ts", "node:fs/promises", "disk-promises.ts"],
  ["supervisor/part.ts", "node:child_process", "processes.ts"],
  ["supervisor/part.ts", "../host/cpu-time.js", "cpu-time.ts"],
  ["voice/standby/slot-process.ts", "node:child_process", "processes.ts"],
  ["voice/standby/slot-process.ts", "node:fs", "disk.ts"],
  ["voice/standby/starvation.ts", "node:fs", "no-proc.ts"],
  ["voice/standby/standby.ts", "node:fs", "disk.ts"],
  ["voice/standby/renderer-main.ts", "node:net", "network.ts"],
  // The edge of a part's own process: the world is its process.
  ["gateway/main.ts", "../child/child.js", "child.ts"],
  ["voice/standby/renderer-main.ts", "../../child/child.js", "child.ts"],
];

/** A line of the product that is broken on purpose: file, what stands there, what is put in its place. */
let mutation;

export async function initialize(data) {
  mutation = data?.mutation;
  // A file that has moved would get the real thing and spoil the world.
  const missing = DOUBLES.find(([file]) => !existsSync(new URL(file, SRC)));
  if (missing !== undefined) throw new Error(`the world doubles src/${missing[0]}: no such file`);
}

export async function load(url, context, next) {
  if (mutation === undefined || !url.replace(/[?#].*$/, "").endsWith(`/${mutation.file}`)) {
    return next(url, context);
  }
  const text = await readFile(fileURLToPath(url), "utf8");
  if (text.split(mutation.from).length !== 2) {
    throw new Error(`${mutation.file} must hold exactly once: ${mutation.from}`);
  }
  const { default: typescript } = await import("typescript");
  const { outputText: source } = typescript.transpileModule(
    text.replace(mutation.from, mutation.to),
    {
      compilerOptions: { module: "esnext", target: "es2022" },
    },
  );
  return { format: "module", source, shortCircuit: true };
}

export async function resolve(specifier, context, next) {
  const parent = (context.parentURL ?? "").replace(/[?#].*$/, "");
  if (parent.startsWith(SRC.href)) {
    const double = DOUBLES.find(([file, name]) => name === specifier && parent === SRC.href + file);
    if (double !== undefined) return next(FOLDER + double[2], context);
  }
  return next(specifier, context);
}
