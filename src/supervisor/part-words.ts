/** Phrases of supervision: of exits and sizes. */
import type { Exit, Goal } from "./part-types.js";

export function afterStop(goal: Goal): string {
  return { stop: "stays stopped", start: "starts again", retry: "restarts after a wait" }[goal];
}

export function exitWhy(exit: Exit): string {
  if (exit.kind === "unspawned") return `could not be started: ${exit.why}`;
  if (exit.kind === "unready") return `cannot start without ${exit.why}`;
  const words = exit.lastWords === "" ? "" : `: ${exit.lastWords}`;
  if (exit.kind === "signal") return `killed by ${exit.signal}${words}`;
  return `exit status ${exit.code}${words}`;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}
