/**
 * How everything is, in one place: what is asked, what it said, since when, and what that makes of the whole. Texts of others
 * pass the redactor before they are kept.
 */
import type { LogLevel } from "../child/messages.js";
import type { Redactor } from "../datadir/redact.js";
import {
  colourOf,
  type Finding,
  type HealthPart,
  type HealthSource,
  type HealthState,
} from "../state/health.js";
import type { Clock } from "../time/clock.js";
import { noteLevel, type History } from "./health-history.js";
import {
  changeLine,
  HealthMonitor,
  notReadyReasons,
  overall,
  type BackendHealth,
  type Health,
  type HealthChange,
} from "./health.js";

const NOT_LOOKED = "Not everything has been looked at yet.";

export interface HealthBookDeps {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly sources: readonly HealthSource[];
  note(part: string, level: LogLevel, message: string): void;
}

export class HealthBook {
  private readonly monitor: HealthMonitor;
  private marks: History = new Map();
  private endListening = (): void => undefined;

  constructor(private readonly deps: HealthBookDeps) {
    this.monitor = new HealthMonitor(deps.clock, deps.sources);
  }

  start(): void {
    this.endListening = this.monitor.onHealthChange((change) => this.take(change));
    this.monitor.start();
  }

  stop(): void {
    this.endListening();
    this.monitor.stop();
  }

  /** One more thing to be asked how it is, every 10 s and after `changed`. */
  watch(source: HealthSource): void {
    const check = async (signal: AbortSignal): Promise<Finding> =>
      safe(await source.check(signal), this.deps.redactor);
    this.monitor.add({ ...source, check });
  }

  /** Calls back on every change of a level; the returned function ends that. */
  onChange(listener: (change: HealthChange, health: Health) => void): () => void {
    return this.monitor.onHealthChange(listener);
  }

  /** Something changed that these sources tell of: they are asked again within 100 ms, and no other. */
  changed(...sourceIds: readonly string[]): void {
    for (const id of sourceIds) this.monitor.poke(id);
  }

  /** Why Buddy is not ready, in plain words; empty when it is. */
  reasons(): string[] {
    return this.monitor.hasLookedAtAll ? notReadyReasons(this.monitor.view()) : [NOT_LOOKED];
  }

  /** What `/api/state`, `/healthz` and the page say. */
  state(): HealthState {
    const health = this.monitor.view();
    const { level, text } = overall(health);
    return { level, state: colourOf(level), text, parts: inOrder(health.backends).map(partOf) };
  }

  get backends(): readonly BackendHealth[] {
    return this.monitor.view().backends;
  }

  get history(): History {
    return this.marks;
  }

  private take(change: HealthChange): void {
    this.marks = noteLevel(this.marks, change.id, change.to, change.wallMs);
    const isLoud = change.to === "bad" && change.from !== undefined;
    this.deps.note("health", isLoud ? "warn" : "info", changeLine(change));
  }
}

/** What others say of themselves may hold what must not be shown. */
function safe(finding: Finding, redactor: Redactor): Finding {
  const { lastError } = finding;
  return {
    ...finding,
    text: redactor.text(finding.text),
    next: redactor.text(finding.next),
    ...(lastError !== undefined && { lastError: redactor.text(lastError) }),
  };
}

/** What people look for first stands first, whenever it was added. */
const FIRST: readonly string[] = ["robot", "link", "wifi", "camera"];

function inOrder(backends: readonly BackendHealth[]): BackendHealth[] {
  const rank = ({ id }: BackendHealth): number => {
    const index = FIRST.indexOf(id);
    if (index >= 0) return index;
    return id.startsWith("process-") ? FIRST.length : FIRST.length + 1;
  };
  return [...backends].sort((a, b) => rank(a) - rank(b));
}

function partOf(backend: BackendHealth): HealthPart {
  const { id, title, level, text, next, sinceWallMs, lastError, nextAttemptWallMs } = backend;
  return {
    id,
    title,
    level,
    state: colourOf(level),
    text,
    next,
    sinceWallMs,
    ...(lastError !== undefined && { lastError }),
    ...(nextAttemptWallMs !== undefined && { nextAttemptWallMs }),
  };
}
