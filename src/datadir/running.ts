/** Finds the companion that runs with a data directory, and what one needs to talk to it: address and token. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertNoWait } from "../host/file-fault.js";
import { originOf, readRuntime, type Runtime } from "./runtime-file.js";

export type Running =
  | { readonly kind: "running"; readonly runtime: Runtime; readonly origin: string }
  /** `why` is a sentence for people with the next step. */
  | { readonly kind: "none"; readonly why: string };

/** Looks at `DIR/runtime.json` and whether the process it names is there. */
export function findRunning(dataDir: string): Running {
  const runtime = readRuntime(dataDir);
  if (runtime === undefined) {
    const why = `No Buddy is running with the data directory ${dataDir}. Start it with \`buddy start\`, or name its directory with --data.`;
    return { kind: "none", why };
  }
  if (!isAlive(runtime.pid)) {
    const why = `The Buddy of ${dataDir} (process ${runtime.pid}) ended without cleaning up. Start it with \`buddy start\`.`;
    return { kind: "none", why };
  }
  return { kind: "running", runtime, origin: originOf(runtime.page) };
}

/** Whether a process with that id is there, be it ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The secret in a file of the data directory, or undefined when that door needs none. */
export function readSecret(
  dataDir: string,
  name: "token" | "mcp.token" | "link.key",
): string | undefined {
  const path = join(dataDir, name);
  assertNoWait(path);
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
