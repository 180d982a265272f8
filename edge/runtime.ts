/**
 * The edge on this machine, in the real Workers runtime (`workerd`): for `npm run edge` and for tests. The Worker is bundled
 * as wrangler does it, by esbuild.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { build } from "esbuild";

export interface EdgeOptions {
  /** BUDDY_EDGE_KEY. */
  readonly key: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Where the object keeps what was pushed; by default a folder that ends with the runtime. */
  readonly data?: string;
}

export interface RunningEdge {
  readonly url: string;
  readonly pid: number;
  /** Resolves with words when the runtime has ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** How long the runtime may take to open its door. */
const START_MS_MAX = 60_000;

/** @throws Error when the runtime ends, or says nothing, before its door is open. */
export async function startEdge({ key, port, data }: EdgeOptions): Promise<RunningEdge> {
  const folder = await mkdtemp(join(tmpdir(), "buddy-edge-"));
  try {
    const disk = data ?? join(folder, "disk");
    await mkdir(disk, { recursive: true });
    await bundle(join(folder, "worker.js"));
    await writeFile(join(folder, "config.capnp"), configOf(port, disk));
    return await launch(folder, key);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** One module, as it is deployed. */
export async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "worker.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    target: "es2022",
    minify: true,
    external: ["cloudflare:*"],
    logLevel: "error",
  });
}

async function launch(folder: string, key: string): Promise<RunningEdge> {
  const program = createRequire(import.meta.url).resolve("workerd/bin/workerd");
  const args = ["serve", "config.capnp", "--control-fd=3"];
  const child = spawn(program, args, {
    cwd: folder,
    env: { BUDDY_EDGE_KEY: key },
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const watcher = endWithUs(child.pid ?? 0);
  const ended = once(child, "exit").then(([code, signal]) => `workerd ended: ${code ?? signal}`);
  const stop = async (): Promise<void> => {
    watcher.kill("SIGKILL");
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await portOf(child, ended);
    return { url: `http://127.0.0.1:${port}/`, pid: child.pid ?? 0, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In a process of its own: its input closes when this process is gone, however that ended. */
const WATCH = `process.stdin.resume().on("close", () => process.kill(Number(process.argv[1]), "SIGKILL"))`;

/** A runtime would outlive this process when that is killed. */
function endWithUs(pid: number): ChildProcess {
  return spawn(process.execPath, ["-e", WATCH, String(pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
}

/** The runtime tells of its doors on the control pipe, one JSON object a line. */
async function portOf(child: ChildProcess, ended: Promise<string>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no door after ${START_MS_MAX} ms`)), START_MS_MAX);
  });
  const gone = ended.then((why) => Promise.reject(new Error(why)));
  const lines = createInterface({ input: child.stdio[3] as Readable });
  const told = async (): Promise<number> => {
    for await (const line of lines) {
      const { event, port } = JSON.parse(line) as { event?: string; port?: number };
      if (event === "listen" && port !== undefined) return port;
    }
    throw new Error("the runtime closed its control pipe");
  };
  try {
    return await Promise.race([told(), gone, late]);
  } finally {
    clearTimeout(timer);
    gone.catch(() => undefined); // Its end is told by `ended` from here on.
  }
}

function configOf(port: number, disk: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "edge", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-07-30",
      bindings = [
        (name = "HOME", durableObjectNamespace = "Home"),
        (name = "BUDDY_EDGE_KEY", fromEnvironment = "BUDDY_EDGE_KEY"),
      ],
      durableObjectNamespaces = [(className = "Home", uniqueKey = "buddy-edge-home", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
    )),
    (name = "disk", disk = (path = ${JSON.stringify(disk)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "edge")],
);
`;
}
