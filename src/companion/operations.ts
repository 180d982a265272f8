/**
 * Operations of the companion, in one object: how things outside are called (`backends`), how each is (`health`), what happened
 * and what was wrong (`logbook`), and who is alive. Others report here and read from here; nobody keeps a second opinion.
 */
import { mkdir } from "node:fs/promises";
import type { Registry } from "prom-client";
import { reasonOf } from "../host/reason.js";
import type { LogLevel } from "../child/messages.js";
import type { Redactor } from "../datadir/redact.js";
import type { AlertBook } from "../ops/alerts.js";
import { Backends } from "../ops/backends.js";
import { diskSource } from "../ops/disk-source.js";
import { HealthBook } from "../ops/health-book.js";
import { healthDetails } from "../ops/health-details.js";
import { partTitle, sourcesOfPart } from "../ops/health-sources.js";
import type { Health, HealthChange } from "../ops/health.js";
import { StrayRejections } from "../host/stray-rejections.js";
import { Logbook } from "../ops/logbook.js";
import { PartLoads, type PartLoad } from "../ops/part-loads.js";
import { factsRegistry, type MetricFacts } from "../ops/prometheus.js";
import type { BreakerView, CircuitBreaker } from "../resilience/breaker.js";
import type { SightChange } from "../resilience/liveness.js";
import type { Backend, Policies, PolicySpec } from "../resilience/policies.js";
import type { Policy } from "../resilience/policy.js";
import type { HealthApi, HealthDetails, HealthSource, HealthState } from "../state/health.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { Chance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";

export interface OperationsDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly supervisor: Pick<Supervisor, "view" | "changes" | "liveness" | "listen" | "restart">;
  /** What must never be shown. */
  readonly secrets: readonly string[];
  /** Shows a line, already redacted, to people: terminal and page. */
  show(part: string, level: LogLevel, message: string): void;
}

export class Operations implements Policies, HealthApi {
  /** Of all of it; the page's door adds its own figures and tells them. */
  readonly registry: Registry = factsRegistry(() => this.metricFacts());
  private readonly logbook: Logbook;
  private readonly health: HealthBook;
  private readonly backends: Backends;
  /** What each part costs. */
  private readonly loads: PartLoads;
  private readonly ends: (() => void)[] = [];
  private readonly stray = new StrayRejections((level, message) =>
    this.note("companion", level, message),
  );

  constructor(private readonly deps: OperationsDeps) {
    const { clock, chance, dataDir, secrets } = deps;
    const note = (part: string, level: LogLevel, message: string): void =>
      this.note(part, level, message);
    this.logbook = new Logbook({
      dataDir,
      clock,
      secrets,
      show: (part, level, message) => deps.show(part, level, message),
      onTrouble: () => this.changed("disk"),
    });
    this.health = new HealthBook({
      clock,
      redactor: this.logbook.redactor,
      sources: [diskSource(dataDir, () => this.writeTrouble())],
      note,
    });
    this.loads = new PartLoads(clock, () => deps.supervisor.view());
    this.backends = new Backends({
      dataDir,
      clock,
      chance,
      alerts: this.logbook.alerts,
      note,
      watch: (source) => this.watch(source),
      onChange: (sourceId) => this.changed(sourceId),
    });
  }

  /** Restores what an earlier companion knew and begins to look. Never rejects for a damaged file or a full disk. */
  async start(): Promise<void> {
    try {
      await mkdir(this.deps.dataDir, { recursive: true, mode: 0o700 });
    } catch (error) {
      this.note("companion", "error", `no data directory: ${reasonOf(error)}`);
    }
    await this.backends.start();
    this.ends.push(
      this.deps.supervisor.liveness.onChange((change) => this.onSight(change)),
      this.listenToParts(),
    );
    this.health.start();
    this.loads.start();
  }

  /**
   * Buddy is stopping: from here on doors close and calls fail because of that. None of it is a finding, an alert or a
   * failure that the next start would still know of.
   */
  quiesce(): void {
    this.health.stop();
    this.backends.quiesce();
  }

  /** Saves and closes everything; no timer is left. */
  async stop(): Promise<void> {
    for (const end of this.ends.splice(0)) end();
    this.loads.stop();
    this.stray.stop();
    this.quiesce();
    await this.backends.stop();
    await this.logbook.close();
  }

  get redactor(): Redactor {
    return this.logbook.redactor;
  }

  get alerts(): AlertBook {
    return this.logbook.alerts;
  }

  policy(operation: string, spec: PolicySpec): Policy {
    return this.backends.policy(operation, spec);
  }

  breaker(backend: Backend): CircuitBreaker {
    return this.backends.breaker(backend);
  }

  recovered(backendId: string, why: string): void {
    this.backends.recovered(backendId, why);
  }

  /** One more thing to be asked how it is, every 10 s and after `changed`. */
  watch(source: HealthSource): void {
    this.health.watch(source);
  }

  /** Calls back on every change of a level; the returned function ends that. */
  onHealthChange(listener: (change: HealthChange, health: Health) => void): () => void {
    return this.health.onChange(listener);
  }

  /** A line of the log: redacted, kept in the part's file, shown. */
  note(part: string, level: LogLevel, message: string): void {
    this.logbook.note(part, level, message);
  }

  /** Something changed that these health sources tell of: they are asked again within 100 ms. */
  changed(...sourceIds: readonly string[]): void {
    this.health.changed(...sourceIds);
  }

  /** Why Buddy is not ready, in plain words; empty when it is. */
  reasons(): string[] {
    return this.health.reasons();
  }

  /** How everything is: what `/api/state`, `/healthz` and the page say. */
  state(): HealthState {
    return this.health.state();
  }

  /** All there is to know: what `GET /api/health` says. */
  details(): HealthDetails {
    const { supervisor, clock } = this.deps;
    return healthDetails({
      wallMs: clock.wallMs(),
      state: this.state(),
      history: this.health.history,
      ...this.backends.view(),
      processes: supervisor.view(),
      loadOf: (part) => this.loads.of(part),
      changes: supervisor.changes(),
      pairs: supervisor.liveness.view(),
      alerts: this.alerts.active(),
      alertLog: this.alerts.recent(),
      redact: (text) => this.redactor.text(text),
    });
  }

  /** How a part's memory has grown; undefined while it has not. */
  grown(part: string): PartLoad["grown"] {
    return this.loads.of(part)?.grown;
  }

  /** A breaker as it is now; undefined before the first policy of its backend. */
  breakerOf(id: string): BreakerView | undefined {
    return this.backends.breakerOf(id);
  }

  /** A person closes a breaker; false when there is none of this name. */
  resetBreaker(id: string): boolean {
    return this.backends.reset(id);
  }

  /** A person starts a part again; false when there is none of this name. */
  restartPart(name: string): boolean {
    const { supervisor } = this.deps;
    if (!supervisor.view().some((part) => part.name === name)) return false;
    supervisor.restart(name);
    return true;
  }

  /** Why lines or state cannot be written now; undefined when they can. */
  writeTrouble(): string | undefined {
    return this.logbook.trouble ?? this.backends.trouble;
  }

  private metricFacts(): MetricFacts {
    const { supervisor } = this.deps;
    return {
      ...this.backends.view(),
      backends: this.health.backends,
      isReady: this.reasons().length === 0,
      processes: supervisor.view(),
      loads: this.loads.all(),
      pairs: supervisor.liveness.view(),
      alerts: this.alerts.active(),
      isLogLosing: this.writeTrouble() !== undefined,
      strayRejections: this.stray.count,
    };
  }

  /** Yellow comes and goes; hung, gone and back are worth a line. */
  private onSight({ observer, observed, from, sight, why }: SightChange): void {
    if (sight === "red" || sight === "dead" || from === "red" || from === "dead") {
      this.note(
        "liveness",
        "info",
        `${observer} sees ${observed}: ${from} -> ${sight}, because: ${why}`,
      );
    }
  }

  private listenToParts(): () => void {
    return this.deps.supervisor.listen({
      change: ({ part, to }) => {
        if (to === "running") this.alerts.clear(`part ${part}`, `${partTitle(part)} runs again.`);
        this.changed(...sourcesOfPart(part));
      },
      alert: ({ part, why, next }) =>
        this.alerts.raise({
          key: `part ${part}`,
          severity: "critical",
          text: `${partTitle(part)} was given up: ${why}.`,
          next: `${next}. Everything else goes on.`,
        }),
    });
  }
}
