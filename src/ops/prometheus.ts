/**
 * Prometheus text (exposition format 0.0.4) of what is counted elsewhere: health, breakers, operations, processes, pairs of
 * parts, alerts. Pure; written by hand because the counts have their owners already and a metrics library wants to own them.
 */
import type { BreakerView } from "../resilience/breaker.js";
import type { BreakerKind } from "../resilience/breaker-core.js";
import type { PairView } from "../resilience/liveness.js";
import { LATENCY_EDGES_MS, type OperationView } from "../resilience/metrics.js";
import type { HealthLevel } from "../state/health.js";

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
  }[];
  readonly pairs: readonly PairView[];
  readonly alerts: readonly { readonly key: string; readonly severity: string }[];
  readonly isLogLosing: boolean;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

const LEVELS: readonly HealthLevel[] = ["ok", "busy", "warn", "bad", "off"];
const BREAKERS: readonly BreakerKind[] = ["closed", "open", "halfOpen", "isolated"];
const SIGHTS = ["unknown", "green", "yellow", "red", "dead"] as const;

export function prometheusText(facts: MetricFacts): string {
  return [
    ...healthMetrics(facts),
    ...breakerMetrics(facts.breakers),
    ...operationMetrics(facts.operations),
    ...processMetrics(facts),
  ].join("");
}

function healthMetrics(facts: MetricFacts): string[] {
  const states = facts.backends.flatMap(({ id, level }) =>
    LEVELS.map((one): Sample => [{ backend: id, level: one }, Number(one === level)]),
  );
  return [
    family("buddy_ready", "gauge", "1 while Buddy is ready.", [[{}, Number(facts.isReady)]]),
    family("buddy_health", "gauge", "1 for the level a backend has.", states),
    family(
      "buddy_alert",
      "gauge",
      "1 for each alert that stands.",
      facts.alerts.map(({ key, severity }) => [{ alert: key, severity }, 1]),
    ),
    family("buddy_log_losing", "gauge", "1 while log lines or state cannot be written.", [
      [{}, Number(facts.isLogLosing)],
    ]),
  ];
}

function breakerMetrics(breakers: readonly BreakerView[]): string[] {
  const of = (value: (view: BreakerView) => number): Sample[] =>
    breakers.map((view) => [{ backend: view.backend }, value(view)]);
  return [
    family(
      "buddy_breaker_state",
      "gauge",
      "1 for the state a breaker has.",
      breakers.flatMap((view) =>
        BREAKERS.map((state): Sample => [
          { backend: view.backend, state },
          Number(state === view.state),
        ]),
      ),
    ),
    family(
      "buddy_breaker_opened_total",
      "counter",
      "Times a breaker has opened, over restarts.",
      of((view) => view.counts.opened),
    ),
    family(
      "buddy_breaker_rejected_total",
      "counter",
      "Calls that a breaker refused, over restarts.",
      of((view) => view.counts.rejected),
    ),
    family(
      "buddy_breaker_state_seconds_total",
      "counter",
      "Time a breaker has spent in each state, over restarts.",
      breakers.flatMap((view) =>
        BREAKERS.map((state): Sample => [
          { backend: view.backend, state },
          view.timeInStateMs[state] / 1000,
        ]),
      ),
    ),
  ];
}

function operationMetrics(operations: readonly OperationView[]): string[] {
  const labels = (view: OperationView): Labels => ({
    operation: view.operation,
    backend: view.backend,
  });
  const outcomes = operations.flatMap((view): Sample[] => [
    [{ ...labels(view), outcome: "success" }, view.successes],
    [{ ...labels(view), outcome: "failure" }, view.failures],
    [{ ...labels(view), outcome: "cancelled" }, view.cancelled],
  ]);
  const count = (name: string, help: string, value: (view: OperationView) => number): string =>
    family(
      name,
      "counter",
      help,
      operations.map((view) => [labels(view), value(view)]),
    );
  return [
    family("buddy_operation_calls_total", "counter", "Calls by how they ended.", outcomes),
    count("buddy_operation_attempts_total", "Calls that went out, retries too.", (v) => v.attempts),
    count("buddy_operation_retries_total", "Retries.", (v) => v.retries),
    count(
      "buddy_operation_deadlines_total",
      "Attempts ended by their deadline.",
      (v) => v.deadlines,
    ),
    count(
      "buddy_operation_refused_open_total",
      "Refused by an open breaker.",
      (v) => v.refusedOpen,
    ),
    count(
      "buddy_operation_refused_full_total",
      "Refused by a full bulkhead.",
      (v) => v.refusedFull,
    ),
    count("buddy_operation_fallbacks_total", "Answered by the fallback.", (v) => v.fallbacks),
    family(
      "buddy_operation_in_flight",
      "gauge",
      "Calls under way.",
      operations.map((view) => [labels(view), view.inFlight]),
    ),
    histogram(operations, labels),
  ];
}

function histogram(
  operations: readonly OperationView[],
  labels: (view: OperationView) => Labels,
): string {
  const name = "buddy_operation_seconds";
  const lines: string[] = [];
  for (const view of operations) {
    let below = 0;
    view.latencyCounts.forEach((count, i) => {
      below += count;
      const edgeMs = LATENCY_EDGES_MS[i];
      const le = edgeMs === undefined ? "+Inf" : String(edgeMs / 1000);
      lines.push(sampleLine(`${name}_bucket`, { ...labels(view), le }, below));
    });
    lines.push(sampleLine(`${name}_sum`, labels(view), view.latencySumMs / 1000));
    lines.push(sampleLine(`${name}_count`, labels(view), below));
  }
  return `${head(name, "histogram", "Duration of calls, retries and waits included.")}${lines.join("")}`;
}

function processMetrics(facts: MetricFacts): string[] {
  const of = (value: (view: MetricFacts["processes"][number]) => number): Sample[] =>
    facts.processes.map((view) => [{ part: view.name }, value(view)]);
  const pairs = facts.pairs.flatMap(({ observer, observed, sight }) =>
    SIGHTS.map((one): Sample => [{ observer, observed, sight: one }, Number(one === sight)]),
  );
  return [
    family(
      "buddy_part_ready",
      "gauge",
      "1 while a part serves.",
      of((v) => Number(v.ready)),
    ),
    family(
      "buddy_part_given_up",
      "gauge",
      "1 once a part is not restarted any more.",
      of((v) => Number(v.phase === "givenUp")),
    ),
    family(
      "buddy_part_starts_total",
      "counter",
      "Processes started for a part.",
      of((v) => v.generation),
    ),
    family(
      "buddy_part_restarts_recent",
      "gauge",
      "Automatic restarts in the last 10 minutes.",
      of((v) => v.restarts),
    ),
    family(
      "buddy_part_memory_bytes",
      "gauge",
      "Resident memory.",
      of((v) => v.rssBytes),
    ),
    family("buddy_sight", "gauge", "1 for how one part sees another.", pairs),
  ];
}

function family(
  name: string,
  type: "gauge" | "counter",
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(([labels, value]) => sampleLine(name, labels, value));
  return `${head(name, type, help)}${lines.join("")}`;
}

function head(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function sampleLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  const inside = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${inside} ${value}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
