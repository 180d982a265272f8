/**
 * `/metrics` of what is counted elsewhere: health, breakers, operations, processes, pairs of parts, alerts. The counts have
 * their owners; each family reads them when it is scraped.
 */
import { type Metric, Registry } from "prom-client";
import type { BreakerKind } from "../resilience/breaker-core.js";
import type { BreakerView } from "../resilience/breaker.js";
import type { PairView } from "../resilience/liveness.js";
import { LATENCY_EDGES_MS, type OperationView } from "../resilience/metrics.js";
import type { HealthLevel } from "../state/health.js";
import { Families, type Labels, type Sample } from "./metric-families.js";

export interface MetricFacts {
  readonly backends: readonly { readonly id: string; readonly level: HealthLevel }[];
  readonly isReady: boolean;
  readonly breakers: readonly BreakerView[];
  readonly operations: readonly OperationView[];
  readonly processes: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly phase: string;
    readonly generation: number;
    readonly restarts: number;
    readonly rssBytes: number;
    readonly status?: Readonly<Record<string, unknown>>;
  }[];
  /** What parts and the companion itself cost; none where the system does not tell. */
  readonly loads: readonly {
    readonly name: string;
    readonly cpuMs: number;
    readonly pssBytes: number;
  }[];
  readonly pairs: readonly PairView[];
  readonly alerts: readonly { readonly key: string; readonly severity: string }[];
  readonly isLogLosing: boolean;
  readonly strayRejections: number;
}

const LEVELS: readonly HealthLevel[] = ["ok", "busy", "warn", "bad", "off"];
const BREAKERS: readonly BreakerKind[] = ["closed", "open", "halfOpen", "isolated"];
const SIGHTS = ["unknown", "green", "yellow", "red", "dead"] as const;

/** A registry whose families read `facts` at each scrape; others may register their own beside them. */
export function factsRegistry(facts: () => MetricFacts): Registry {
  const families = new Families(new Registry(), facts);
  addHealth(families);
  addBreakers(families);
  addOperations(families);
  addProcesses(families);
  return families.registry;
}

function addHealth(families: Families<MetricFacts>): void {
  families.gauge("buddy_ready", "1 while Buddy is ready.", [], ({ isReady }) => [
    [{}, Number(isReady)],
  ]);
  families.gauge(
    "buddy_health",
    "1 for the level a backend has.",
    ["backend", "level"],
    ({ backends }) =>
      backends.flatMap(({ id, level }) =>
        LEVELS.map((one): Sample => [{ backend: id, level: one }, Number(one === level)]),
      ),
  );
  families.gauge(
    "buddy_alert",
    "1 for each alert that stands.",
    ["alert", "severity"],
    ({ alerts }) => alerts.map(({ key, severity }): Sample => [{ alert: key, severity }, 1]),
  );
  families.gauge(
    "buddy_log_losing",
    "1 while log lines or state cannot be written.",
    [],
    ({ isLogLosing }) => [[{}, Number(isLogLosing)]],
  );
  families.gauge(
    "buddy_stray_rejections",
    "Failures that nobody awaited, since the start.",
    [],
    ({ strayRejections }) => [[{}, strayRejections]],
  );
}

function addBreakers(families: Families<MetricFacts>): void {
  const states =
    (value: (view: BreakerView, state: BreakerKind) => number) =>
    ({ breakers }: MetricFacts): Sample[] =>
      breakers.flatMap((view) =>
        BREAKERS.map((state): Sample => [{ backend: view.backend, state }, value(view, state)]),
      );
  const counts =
    (value: (view: BreakerView) => number) =>
    ({ breakers }: MetricFacts): Sample[] =>
      breakers.map((view) => [{ backend: view.backend }, value(view)]);
  families.gauge(
    "buddy_breaker_state",
    "1 for the state a breaker has.",
    ["backend", "state"],
    states((view, state) => Number(state === view.state)),
  );
  families.counter(
    "buddy_breaker_opened_total",
    "Times a breaker has opened, over restarts.",
    ["backend"],
    counts((view) => view.counts.opened),
  );
  families.counter(
    "buddy_breaker_rejected_total",
    "Calls that a breaker refused, over restarts.",
    ["backend"],
    counts((view) => view.counts.rejected),
  );
  families.counter(
    "buddy_breaker_state_seconds_total",
    "Time a breaker has spent in each state, over restarts.",
    ["backend", "state"],
    states((view, state) => view.timeInStateMs[state] / 1000),
  );
}

const OPERATION = ["operation", "backend"] as const;

const labelsOf = ({ operation, backend }: OperationView): Labels => ({ operation, backend });

/** One figure of each operation. */
function each(value: (view: OperationView) => number) {
  return ({ operations }: MetricFacts): Sample[] =>
    operations.map((view) => [labelsOf(view), value(view)]);
}

const OPERATION_COUNTS: readonly (readonly [string, string, (view: OperationView) => number])[] = [
  ["attempts", "Calls that went out, retries too.", (view) => view.attempts],
  ["retries", "Retries.", (view) => view.retries],
  ["deadlines", "Attempts ended by their deadline.", (view) => view.deadlines],
  ["refused_open", "Refused by an open breaker.", (view) => view.refusedOpen],
  ["refused_full", "Refused by a full bulkhead.", (view) => view.refusedFull],
  ["fallbacks", "Answered by the fallback.", (view) => view.fallbacks],
];

function addOperations(families: Families<MetricFacts>): void {
  families.counter(
    "buddy_operation_calls_total",
    "Calls by how they ended.",
    [...OPERATION, "outcome"],
    ({ operations }) =>
      operations.flatMap((view): Sample[] => [
        [{ ...labelsOf(view), outcome: "success" }, view.successes],
        [{ ...labelsOf(view), outcome: "failure" }, view.failures],
        [{ ...labelsOf(view), outcome: "cancelled" }, view.cancelled],
      ]),
  );
  for (const [name, help, value] of OPERATION_COUNTS) {
    families.counter(`buddy_operation_${name}_total`, help, OPERATION, each(value));
  }
  families.gauge(
    "buddy_operation_in_flight",
    "Calls under way.",
    OPERATION,
    each((view) => view.inFlight),
  );
  addDurations(families);
}

/** The library's histogram takes observations and no finished counts: this one gives what it would. */
function addDurations({ registry, facts }: Families<MetricFacts>): void {
  const name = "buddy_operation_seconds";
  const help = "Duration of calls, retries and waits included.";
  const get = async (): Promise<object> => {
    const values = facts().operations.flatMap(durationsOf);
    return { name, help, type: "histogram", values, aggregator: "sum" };
  };
  registry.registerMetric({ name, get } as unknown as Metric);
}

function durationsOf(view: OperationView): object[] {
  const name = "buddy_operation_seconds";
  const labels = labelsOf(view);
  let below = 0;
  const buckets = view.latencyCounts.map((count, i) => {
    below += count;
    const edgeMs = LATENCY_EDGES_MS[i];
    const le = edgeMs === undefined ? "+Inf" : edgeMs / 1000;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: view.latencySumMs / 1000 },
    { metricName: `${name}_count`, labels, value: below },
  ];
}

/** Of the newest reply of the model in the box: a figure of its part's status, and its unit in seconds or words. */
const BRAIN_FIGURES = [
  ["buddy_brain_first_word_seconds", "From a request to its first word.", "firstMs", 0.001],
  ["buddy_brain_words_per_second", "Words a second.", "wordsPerS", 1],
  ["buddy_brain_read_tokens", "Tokens of the prompt that were read anew.", "readTokens", 1],
] as const;

type Process = MetricFacts["processes"][number];

function addProcesses(families: Families<MetricFacts>): void {
  const of =
    (value: (view: Process) => number) =>
    ({ processes }: MetricFacts): Sample[] =>
      processes.map((view) => [{ part: view.name }, value(view)]);
  families.gauge(
    "buddy_part_ready",
    "1 while a part serves.",
    ["part"],
    of((view) => Number(view.ready)),
  );
  families.gauge(
    "buddy_part_given_up",
    "1 once a part is not restarted any more.",
    ["part"],
    of((view) => Number(view.phase === "givenUp")),
  );
  families.counter(
    "buddy_part_starts_total",
    "Processes started for a part.",
    ["part"],
    of((view) => view.generation),
  );
  families.gauge(
    "buddy_part_restarts_recent",
    "Automatic restarts in the last 10 minutes.",
    ["part"],
    of((view) => view.restarts),
  );
  families.gauge(
    "buddy_part_memory_bytes",
    "Resident memory of its main process.",
    ["part"],
    of((view) => view.rssBytes),
  );
  families.gauge(
    "buddy_part_pss_bytes",
    "Proportional memory with what it started.",
    ["part"],
    ({ loads }) => loads.map(({ name, pssBytes }): Sample => [{ part: name }, pssBytes]),
  );
  families.counter(
    "buddy_part_cpu_seconds_total",
    "Processor time with what it started.",
    ["part"],
    ({ loads }) => loads.map(({ name, cpuMs }): Sample => [{ part: name }, cpuMs / 1000]),
  );
  for (const [name, help, key, scale] of BRAIN_FIGURES) {
    families.gauge(name, help, [], ({ processes }) => {
      const value = processes.find((view) => view.name === "brain")?.status?.[key];
      return typeof value === "number" ? [[{}, value * scale]] : [];
    });
  }
  families.gauge(
    "buddy_sight",
    "1 for how one part sees another.",
    ["observer", "observed", "sight"],
    ({ pairs }) =>
      pairs.flatMap(({ observer, observed, sight }) =>
        SIGHTS.map((one): Sample => [{ observer, observed, sight: one }, Number(one === sight)]),
      ),
  );
}
