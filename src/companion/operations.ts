/**
 * Operations of the companion, in one object: how things outside are called (policies), who is alive, how each is
 * (health), what was wrong (alerts), what happened (logs), and that no secret stands in any of it. Others report here and
 * read from here; nobody keeps a second opinion.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LogLevel } from "../child/messages.js";
import { AlertBook } from "../ops/alerts.js";
import { BoundedLog } from "../datadir/bounded-log.js";
import {
  changeLine,
  HealthMonitor,
  notReadyReasons,
  overall,
  type BackendHealth,
  type Health,
  type HealthChange,
} from "../ops/health.js";
import {
  type Finding,
  type HealthSource,
  colourOf,
  type HealthDetails,
  type HealthPart,
  type HealthApi,
  type HealthState,
} from "../state/health.js";
import { noteLevel, type History } from "../ops/health-history.js";
import { breakerFinding } from "../ops/health-words.js";
import { prometheusText } from "../ops/prometheus.js";
import { Redactor } from "../datadir/redact.js";
import type { BreakerView, CircuitBreaker } from "../resilience/breaker.js";
import type { Transition } from "../resilience/breaker-core.js";
import type { SightChange } from "../resilience/liveness.js";
import type { Backend, Policies, PolicySpec } from "../resilience/policies.js";
import type { Policy } from "../resilience/policy.js";
import { Resilience } from "../resilience/resilience.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { Chance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import { BreakerFile } from "../datadir/breaker-file.js";
import { diskSource } from "../ops/disk-source.js";
import { healthDetails } from "../ops/health-details.js";
import { partTitle } from "../ops/health-sources.js";
import { LogFiles } from "../datadir/log-files.js";

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
  readonly redactor: Redactor;
  readonly alerts: AlertBook;
  private readonly resilience: Resilience;
  private readonly monitor: HealthMonitor;
  private readonly logs: LogFiles;
  private readonly alertLog: BoundedLog;
  private readonly breakerFile: BreakerFile;
  private readonly backends = new Map<string, Backend>();
  private history: History = new Map();
  private readonly ends: (() => void)[] = [];

  constructor(private readonly deps: OperationsDeps) {
    const { clock, chance, dataDir } = deps;
    this.redactor = new Redactor(deps.secrets);
    this.resilience = new Resilience({ clock, chance });
    const onTrouble = (why: string | undefined): void => this.logTrouble(why);
    const redactor = this.redactor;
    this.logs = new LogFiles(join(dataDir, "logs"), clock, redactor, onTrouble);
    this.alertLog = new BoundedLog({
      path: join(dataDir, "alerts.log"),
      clock,
      redactor,
      onTrouble,
    });
    this.alerts = new AlertBook(clock, this.alertLog, redactor);
    this.breakerFile = new BreakerFile(dataDir, this.resilience, clock, (level, message) =>
      this.note("companion", level, message),
    );
    this.monitor = new HealthMonitor(clock, [diskSource(dataDir, () => this.writeTrouble())]);
  }

  /** Restores what an earlier companion knew and begins to look. Never rejects for a damaged file or a full disk. */
  async start(): Promise<void> {
    try {
      await mkdir(this.deps.dataDir, { recursive: true, mode: 0o700 });
    } catch (error) {
      this.note("companion", "error", `no data directory: ${(error as Error).message}`);
    }
    await this.breakerFile.start();
    this.ends.push(
      this.resilience.onBreakerChange((transition, view) => this.onBreaker(transition, view)),
      this.monitor.onHealthChange((change) => this.onHealth(change)),
      this.deps.supervisor.liveness.onChange((change) => this.onSight(change)),
      this.listenToParts(),
    );
    this.monitor.start();
  }

  /** Saves and closes everything; no timer is left. */
  async stop(): Promise<void> {
    for (const end of this.ends.splice(0)) end();
    this.monitor.stop();
    await this.breakerFile.stop();
    this.resilience.close();
    await this.alertLog.close();
    await this.logs.close();
  }

  policy(operation: string, spec: PolicySpec): Policy {
    const { backend, isVital = false, ...options } = spec;
    const breaker = this.breaker(backend);
    return this.resilience.policy({ ...options, operation, ...(!isVital && { breaker }) });
  }

  breaker(backend: Backend): CircuitBreaker {
    const { id, countsAsFailure, rules } = backend;
    const breaker = this.resilience.breaker(id, {
      ...(countsAsFailure !== undefined && { countsAsFailure }),
      ...(rules !== undefined && { rules }),
    });
    this.know(backend);
    return breaker;
  }

  recovered(backendId: string, why: string): void {
    const { state } = this.breakerOf(backendId) ?? { state: "closed" };
    if (state === "open" || state === "halfOpen") this.resilience.breaker(backendId).reset(why);
  }

  /** One more thing to be asked how it is, every 10 s and after `changed`. */
  watch(source: HealthSource): void {
    const check = async (signal: AbortSignal): Promise<Finding> =>
      safe(await source.check(signal), this.redactor);
    this.monitor.add({ ...source, check });
  }

  /** Calls back on every change of a level; the returned function ends that. */
  onHealthChange(listener: (change: HealthChange, health: Health) => void): () => void {
    return this.monitor.onHealthChange(listener);
  }

  /** A line of the log: redacted, kept in the part's file, shown. */
  note(part: string, level: LogLevel, message: string): void {
    const safe = this.redactor.text(message);
    this.logs.write(part, level, safe);
    this.deps.show(part, level, safe);
  }

  /** Something changed somewhere: everything is looked at again within 100 ms. */
  changed(): void {
    this.monitor.pokeAll();
  }

  /** Why Buddy is not ready, in plain words; empty when it is. */
  reasons(): string[] {
    return this.monitor.hasLookedAtAll ? notReadyReasons(this.monitor.view()) : [NOT_LOOKED];
  }

  /** How everything is: what `/api/state`, `/healthz` and the page say. */
  state(): HealthState {
    const health = this.monitor.view();
    const { level, text } = overall(health);
    return { level, state: colourOf(level), text, parts: inOrder(health.backends).map(partOf) };
  }

  /** All there is to know: what `GET /api/health` says. */
  details(): HealthDetails {
    const { supervisor, clock } = this.deps;
    return healthDetails({
      wallMs: clock.wallMs(),
      state: this.state(),
      history: this.history,
      ...this.resilience.view(),
      backends: this.backends,
      processes: supervisor.view(),
      changes: supervisor.changes(),
      pairs: supervisor.liveness.view(),
      alerts: this.alerts.active(),
      alertLog: this.alerts.recent(),
      redact: (text) => this.redactor.text(text),
    });
  }

  /** Prometheus text of all of it. */
  metrics(): string {
    const { supervisor } = this.deps;
    return prometheusText({
      ...this.resilience.view(),
      backends: this.monitor.view().backends,
      isReady: this.reasons().length === 0,
      processes: supervisor.view(),
      pairs: supervisor.liveness.view(),
      alerts: this.alerts.active(),
      isLogLosing: this.writeTrouble() !== undefined,
    });
  }

  /** A breaker as it is now; undefined before the first policy of its backend. */
  breakerOf(id: string): BreakerView | undefined {
    return this.backends.has(id) ? this.resilience.breaker(id).view() : undefined;
  }

  /** A person closes a breaker; false when there is none of this name. */
  resetBreaker(id: string): boolean {
    if (!this.backends.has(id)) return false;
    this.resilience.breaker(id).reset();
    return true;
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
    return this.alertLog.view().trouble ?? this.logs.trouble ?? this.breakerFile.trouble;
  }

  private know(backend: Backend): void {
    if (this.backends.has(backend.id)) return;
    this.backends.set(backend.id, backend);
    if (backend.isWatched === true) return;
    const { id, title, remedy } = backend;
    const check = (): Finding => breakerFinding(this.resilience.breaker(id).view(), remedy);
    this.watch({ id, title, check });
  }

  private onBreaker(transition: Transition, view: BreakerView): void {
    const { title, remedy } = this.backends.get(view.backend) ?? {
      title: view.backend,
      remedy: "",
    };
    const { from, to, reason } = transition;
    const finding = breakerFinding(view, remedy);
    const level = to === "open" ? "warn" : "info";
    this.note(
      "breakers",
      level,
      `${title}: ${from} -> ${to}, because: ${reason}; next: ${finding.next}`,
    );
    const key = `breaker ${view.backend}`;
    if (to === "open") {
      const text = `${title}: ${finding.text}`;
      this.alerts.raise({ key, severity: "warning", text, next: finding.next });
    } else if (to === "closed") this.alerts.clear(key, `${title} answers again.`);
    this.changed();
  }

  private onHealth(change: HealthChange): void {
    this.history = noteLevel(this.history, change.id, change.to, change.wallMs);
    const isLoud = change.to === "bad" && change.from !== undefined;
    this.note("health", isLoud ? "warn" : "info", changeLine(change));
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
    this.changed();
  }

  private listenToParts(): () => void {
    return this.deps.supervisor.listen({
      change: ({ part, to }) => {
        if (to === "running") this.alerts.clear(`part ${part}`, `${partTitle(part)} runs again.`);
        this.changed();
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

  private logTrouble(why: string | undefined): void {
    if (why === undefined) this.alerts.clear("log", "The log is written again.");
    else {
      this.alerts.raise({
        key: "log",
        severity: "warning",
        text: `Log lines are being lost: ${why}.`,
        next: "See whether the disk is full and the data directory may be written to.",
      });
    }
    this.changed();
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

const NOT_LOOKED = "Not everything has been looked at yet.";

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
