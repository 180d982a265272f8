import { once } from "node:events";

/** Resolves with the words for the first signal that asks this process to end. */
export async function untilSignal(): Promise<string> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const name = await Promise.race(
    signals.map((signal) => once(process, signal).then(() => signal)),
  );
  // A second Ctrl-C must not cut the clean stop short and leave orphans: it is bounded anyway.
  for (const signal of signals) process.on(signal, () => undefined);
  return `the companion got ${name}`;
}
