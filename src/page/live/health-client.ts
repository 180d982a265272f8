/**
 * Reads `GET /api/health` while the page is connected and looked at: now, every 2 s, and again after what a person did. It is more than
 * the state that is pushed, and nobody needs it sooner.
 */
import { useEffect, useState } from "preact/hooks";
import type { HealthDetails } from "../../state/health.js";
import type { Connection } from "./connection.js";

const PERIOD_MS = 2000;
const ANSWER_MS_MAX = 5000;

export interface HealthControls {
  readonly details: HealthDetails | undefined;
  readonly isOld: boolean;
  readonly reset: (breaker: string) => Promise<void>;
  readonly restart: (part: string) => Promise<void>;
}

/**
 * The details, undefined until they are known. What was known before a loss stays, marked as old: a page that put it away
 * would jump, and forget what was opened to be read.
 */
export function useHealth(connection: Connection): HealthControls {
  const [details, setDetails] = useState<HealthDetails>();
  const [isOld, setOld] = useState(false);
  const read = async (): Promise<void> => {
    if (document.hidden) return;
    if (!connection.view.isConnected) return setOld(true);
    try {
      const signal = AbortSignal.timeout(ANSWER_MS_MAX);
      const answer = await fetch("/api/health", { signal });
      if (answer.ok) setDetails((await answer.json()) as HealthDetails);
      setOld(!answer.ok);
    } catch {
      setOld(true); // The banner says that Buddy is not there.
    }
  };
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), PERIOD_MS);
    const look = (): void => void read();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
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
    isOld,
    reset: (breaker) => post(`/api/breakers/${encodeURIComponent(breaker)}/reset`),
    restart: (part) => post(`/api/parts/${encodeURIComponent(part)}/restart`),
  };
}
