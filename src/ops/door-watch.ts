/**
 * Looks at the page's door from outside, as a browser does: health asks it every 10 s, the monitor every 5 min. Both only
 * look (C5).
 */
import type { Finding, HealthSource } from "../state/health.js";
import { breakerFinding } from "./health-words.js";
import { Monitor, readDisk, readReadiness, type AlertSink, type Sample } from "./monitor.js";
import type { Backend, Policies } from "../resilience/policies.js";
import type { Clock } from "../time/clock.js";

const ANSWER_MS_MAX = 2000;

const DOOR: Backend = {
  id: "web",
  title: "Page's door",
  remedy: "See logs/page.log in the data directory.",
  watchedBy: "web",
};

export interface DoorWatchDeps {
  readonly clock: Clock;
  readonly dataDir: string;
  /** `host:port` of the page. */
  readonly door: string;
  readonly token: string | undefined;
  readonly policies: Policies;
  readonly alerts: AlertSink;
  watch(source: HealthSource): void;
  /** Why lines or state cannot be written now; undefined when they can. */
  writeTrouble(): string | undefined;
  /** Age of the newest backup; undefined: there is none. Absent when nobody makes any. */
  readonly backupAgeMs?: () => Promise<number | undefined>;
}

/** @returns the function that ends it. */
export function watchDoor(deps: DoorWatchDeps): () => void {
  // A connection that is kept tells nothing of a door that takes no new ones.
  const headers: Record<string, string> = { connection: "close" };
  if (deps.token !== undefined) headers["authorization"] = `Bearer ${deps.token}`;
  const spec = { backend: DOOR, attemptMs: ANSWER_MS_MAX, retry: "fetch" } as const;
  const asks = deps.policies.policy("page door", spec);
  const breaker = deps.policies.breaker(DOOR);
  const check = async (signal: AbortSignal): Promise<Finding> => {
    try {
      await asks.run((call) => ask(`http://${deps.door}/healthz`, headers, call.signal), signal);
      return { level: "ok", text: "It answers.", next: "" };
    } catch {
      // The breaker has noted why, and says it in words.
      return breakerFinding(breaker.view(), DOOR.remedy);
    }
  };
  deps.watch({ id: DOOR.id, title: DOOR.title, check });
  const monitor = new Monitor(deps.clock, (signal) => sample(deps, headers, signal), deps.alerts);
  monitor.start();
  return () => monitor.stop();
}

async function ask(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(url, { headers, signal, redirect: "error" });
  await response.arrayBuffer();
  if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: 500 });
}

async function sample(
  deps: DoorWatchDeps,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Sample> {
  const [readiness, disk, backupAgeMs] = await Promise.all([
    readReadiness(`http://${deps.door}/readyz`, signal, headers),
    readDisk(deps.dataDir),
    deps.backupAgeMs?.() ?? ("unwatched" as const),
  ]);
  return { readiness, ...disk, backupAgeMs, logTrouble: deps.writeTrouble() };
}
