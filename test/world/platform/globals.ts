/**
 * Timers, signals and `fetch` that libraries take from the global object, given by the world while it runs. Everything is put
 * back afterwards.
 */
import { platform } from "./platform.js";

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** @returns the function that puts Node's own back. */
export function takeGlobals(fetch: Fetch): () => void {
  const { setTimeout, clearTimeout, fetch: realFetch } = globalThis;
  const { kill } = process;
  const timer = (fn: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): unknown => {
    const cancel = platform().time.after(ms, () => fn(...args));
    const handle = { cancel, ref: () => handle, unref: () => handle, hasRef: () => true };
    return handle;
  };
  const clear = (handle: { cancel?: () => void } | undefined): void => handle?.cancel?.();
  Object.assign(globalThis, {
    setTimeout: timer,
    clearTimeout: clear,
    fetch: (url: string | URL, init?: RequestInit) => fetch(String(url), init),
  });
  process.kill = (pid, signal) => {
    platform().processes.kill(pid, signal);
    return true;
  };
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout, fetch: realFetch });
    process.kill = kill;
  };
}
