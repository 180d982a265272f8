/**
 * Reads `GET /api/health` while the page is connected and looked at: now, every 2 s, and again after what a person did. It is more than
 * the state that is pushed, and nobody needs it sooner.
 */
import { useEffect, useState } from "preact/hooks";
import type { HealthDetails } from "../health-port.js";
import type { Connection } from "./connection.js";

const PERIOD_MS = 2000;
const ANSWER_MS_MAX = 5000;

/** The details, or undefined while they are not known: what was known before a loss is not known now. */
export function useHealth(connection: Connection): {
  details: HealthDetails | undefined;
  reset: (breaker: string) => Promise<void>;
  restart: (part: string) => Promise<void>;
} {
  const [details, setDetails] = useState<HealthDetails>();
  const read = async (): Promise<void> => {
    if (document.hidden || !connection.view.isConnected) return setDetails(undefined);
    try {
      const signal = AbortSignal.timeout(ANSWER_MS_MAX);
      const answer = await fetch("/api/health", { signal });
      setDetails(answer.ok ? ((await answer.json()) as HealthDetails) : undefined);
    } catch {
      setDetails(undefined); // The banner says that Buddy is not there.
    }
  };
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), PERIOD_MS);
    return () => clearInterval(timer);
  }, [connection, connection.view.isConnected]);
  const post = async (path: string): Promise<void> => {
    try {
      await fetch(path, { method: "POST", signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    } catch {
      // The banner says that Buddy is not there; nothing was done.
    }
    await read();
  };
  return {
    details,
    reset: (breaker) => post(`/api/breakers/${encodeURIComponent(breaker)}/reset`),
    restart: (part) => post(`/api/parts/${encodeURIComponent(part)}/restart`),
  };
}
