/** Puts `GET /api/health` together from what the keepers of each fact say. Pure. */
import type { ActiveAlert, AlertRecord } from "./alert-core.js";
import { marksOf, type History } from "./health-history.js";
import { breakerFinding } from "./health-words.js";
import type { BreakerView } from "../resilience/breaker.js";
import type { PairView } from "../resilience/liveness.js";
import type { OperationView } from "../resilience/metrics.js";
import type { Backend } from "../resilience/policies.js";
import type { PartChange, PartView } from "../supervisor/supervisor-types.js";
import type { BreakerDetails, HealthDetails, HealthState, ProcessCost } from "../state/health.js";
import { partTitle } from "./health-sources.js";

/** Rows of each list that people see. */
const ROWS_MAX = 30;
const TRANSITIONS_MAX = 8;
/** Changes of a process that are news; that it waits or is being started follows from them. */
const NEWS: ReadonlySet<string> = new Set(["running", "hung", "backoff", "ended", "givenUp"]);

export interface DetailFacts {
  readonly wallMs: number;
  readonly state: HealthState;
  readonly history: History;
  readonly breakers: readonly BreakerView[];
  readonly operations: readonly OperationView[];
  readonly backends: ReadonlyMap<string, Backend>;
  readonly processes: readonly PartView[];
  loadOf(part: string): ProcessCost | undefined;
  readonly changes: readonly PartChange[];
  readonly pairs: readonly PairView[];
  readonly alerts: readonly ActiveAlert[];
  readonly alertLog: readonly AlertRecord[];
  redact(text: string): string;
}

export function healthDetails(facts: DetailFacts): HealthDetails {
  const { wallMs, state, redact } = facts;
  const newest = <T>(rows: readonly T[]): T[] => [...rows].reverse().slice(0, ROWS_MAX);
  return {
    wallMs,
    level: state.level,
    state: state.state,
    text: state.text,
    backends: state.parts.map((part) => ({
      ...part,
      history: marksOf(facts.history, part.id, wallMs),
    })),
    breakers: facts.breakers.map((view) => breakerDetails(view, facts.backends, redact)),
    operations: facts.operations.map((view) => ({
      ...view,
      lastError: safe(view.lastError, redact),
    })),
    processes: facts.processes.map((view) => ({
      name: view.name,
      title: partTitle(view.name),
      phase: view.phase,
      sinceWallMs: view.sinceWallMs,
      pid: view.pid,
      restarts: view.restarts,
      restartsMax: view.restartsMax,
      rssBytes: view.rssBytes,
      load: facts.loadOf(view.name),
    })),
    changes: newest(facts.changes.filter(({ to }) => NEWS.has(to))).map((change) => ({
      wallMs: change.wallMs,
      title: partTitle(change.part),
      to: change.to,
      why: redact(change.why),
      next: redact(change.next),
    })),
    pairs: facts.pairs.map((pair) => ({ ...pair, why: redact(pair.why) })),
    alerts: facts.alerts.map(({ key, severity, text, next, sinceWallMs }) => ({
      key,
      severity,
      text,
      next,
      sinceWallMs,
    })),
    alertLog: newest(facts.alertLog).map(
      ({ wallMs: atMs, event, key, severity, text, next, sinceWallMs }) => ({
        wallMs: atMs,
        event,
        key,
        severity,
        text,
        next,
        sinceWallMs,
      }),
    ),
  };
}

function breakerDetails(
  view: BreakerView,
  backends: ReadonlyMap<string, Backend>,
  redact: (text: string) => string,
): BreakerDetails {
  const {
    title = view.backend,
    remedy = "",
    watchedBy: toldBy = view.backend,
  } = backends.get(view.backend) ?? {};
  const { text, next } = breakerFinding(view, remedy);
  const transitions = view.transitions
    .slice(-TRANSITIONS_MAX)
    .map((transition) => ({ ...transition, reason: redact(transition.reason) }));
  const breaker = { ...view, transitions, lastError: safe(view.lastError, redact) };
  return { id: view.backend, title, toldBy, breaker, text: redact(text), next: redact(next) };
}

function safe(text: string | undefined, redact: (text: string) => string): string | undefined {
  return text === undefined ? undefined : redact(text);
}
