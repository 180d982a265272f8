import { once } from "node:events";
import { systemClock } from "../time/clock.js";

const SHELL_WATCH_MS = 500;
/** Taken at once, so that one that ends while this process starts is missed, too. */
const SHELL_PID = process.ppid;

/**
 * Resolves with the words for the first signal that asks this process to end.
 * @param given when it aborts, nothing is waited for any more: the promise rejects, and signals do again what they do without this.
 */
export async function untilSignal(given?: AbortSignal): Promise<string> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const ends = new AbortController();
  given?.addEventListener("abort", () => ends.abort());
  try {
    return await Promise.race([
      ...signals.map((signal) =>
        once(process, signal, { signal: ends.signal }).then(() => `this process got ${signal}`),
      ),
      untilShellEnds(ends.signal),
    ]);
  } finally {
    // A second Ctrl-C must not cut the clean stop short and leave orphans: it is bounded anyway.
    if (!ends.signal.aborted) for (const signal of signals) process.on(signal, () => undefined);
    ends.abort();
  }
}

/**
 * npm hands a signal to the shell that it started, which ends without what it runs: so under npm the end of that shell is a
 * signal, too. Without npm a process may well outlive its parent.
 */
function untilShellEnds(end: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    if (process.env["npm_lifecycle_event"] === undefined) return;
    const cancel = systemClock.every(SHELL_WATCH_MS, () => {
      if (process.ppid !== SHELL_PID) resolve("npm's shell, which started this process, has ended");
    });
    end.addEventListener("abort", cancel);
  });
}
