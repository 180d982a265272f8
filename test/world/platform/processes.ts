/** `node:child_process` on the world's process table. */
import type { WorldChild } from "./process-table.js";
import { platform } from "./platform.js";

export type ChildProcess = WorldChild;

export function spawn(
  file: string,
  args: readonly string[],
  options: { env: Record<string, string> },
): WorldChild {
  return platform().processes.spawn(file, args, options.env);
}
