/**
 * `DIR/runtime.json`: where a running companion's doors are (PROTOCOL §5). Written whole or not at
 * all, removed on a clean stop; one left by a crash is replaced.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fileFault } from "../host/file-fault.js";

/** A door that is not there is "". */
const door = z.string().regex(/^([\w.:[\]-]{1,253}:\d{1,5})?$/);
const runtimeSchema = z.object({
  /** 0 and below would be whole groups of processes. */
  pid: z
    .number()
    .int()
    .positive()
    .max(2 ** 31),
  page: door.refine(isDialable),
  visionApi: door,
  robotWs: door,
  robotUdp: door,
  link: door,
});

/** Each door is `host:port`. */
export type Runtime = z.infer<typeof runtimeSchema>;

/** Others dial it, so it must be an address. */
function isDialable(text: string): boolean {
  const at = text.lastIndexOf(":");
  const host = text.slice(0, at).replace(/^\[|\]$/g, "");
  const inUrl = host.includes(":") ? `[${host}]` : host;
  return at > 0 && URL.canParse(`http://${inUrl}${text.slice(at)}`);
}

export function writeRuntime(dataDir: string, runtime: Runtime): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, "runtime.json");
  writeFileSync(`${path}.new`, `${JSON.stringify(runtime)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Removes the file if it is this process's; another companion's stays. */
export function removeRuntime(dataDir: string, pid: number): void {
  if (readRuntime(dataDir)?.pid === pid) rmSync(join(dataDir, "runtime.json"), { force: true });
}

/** What stands at that path is no file of a companion: a folder, or a data directory that is none. */
const NO_FILE: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

/**
 * The running companion's doors, or undefined when there is no file or it is not readable as one.
 * @throws the file system's error when there may be one, but this user is not let near it.
 */
export function readRuntime(dataDir: string): Runtime | undefined {
  const path = join(dataDir, "runtime.json");
  // A folder or a FIFO in its place is no companion's.
  if (fileFault(path) !== undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (NO_FILE.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
  try {
    return runtimeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // Half a file of an older version's crash is the same as none.
  }
}

/** How a program on this machine dials a door: every door listens on loopback, too, and there needs no https. */
export function originOf(door: string): string {
  return `http://127.0.0.1:${door.slice(door.lastIndexOf(":") + 1)}`;
}
