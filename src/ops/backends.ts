/**
 * How things outside are called: a policy for each operation, a breaker for each backend. What a breaker does is logged, is
 * an alert while it is open, and outlives a restart (`breakers.json`).
 */
import type { LogLevel } from "../child/messages.js";
import { BreakerFile } from "../datadir/breaker-file.js";
import type { Transition } from "../resilience/breaker-core.js";
import type { BreakerView, CircuitBreaker } from "../resilience/breaker.js";
import type { Backend, Policies, PolicySpec } from "../resilience/policies.js";
import type { Policy } from "../resilience/policy.js";
import { Resilience } from "../resilience/resilience.js";
import type { HealthSource } from "../state/health.js";
import type { Chance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import { breakerFinding } from "./health-words.js";
import type { AlertSink } from "./monitor.js";

export interface BackendsDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly alerts: AlertSink;
  note(part: string, level: LogLevel, message: string): void;
  /** A backend that nobody else watches is asked how it is. */
  watch(source: HealthSource): void;
  /** @param sourceId the health source that tells of the breaker that changed. */
  onChange(sourceId: string): void;
}

export class Backends implements Policies {
  private readonly resilience: Resilience;
  private readonly file: BreakerFile;
  private readonly known = new Map<string, Backend>();
  private endListening = (): void => undefined;

  constructor(private readonly deps: BackendsDeps) {
    const { clock, chance, dataDir } = deps;
    this.resilience = new Resilience({ clock, chance });
    this.file = new BreakerFile(dataDir, this.resilience, clock, (level, message) =>
      deps.note("companion", level, message),
    );
  }

  /** Restores what an earlier companion knew. Never rejects for a damaged file or a full disk. */
  async start(): Promise<void> {
    await this.file.start();
    this.endListening = this.resilience.onBreakerChange((transition, view) =>
      this.tell(transition, view),
    );
  }

  /** Everything is stopping: what fails from here on is nobody's fault, is told to nobody and is not remembered. */
  quiesce(): void {
    this.endListening();
    this.resilience.close();
  }

  /** Saves for the last time; no timer is left. */
  async stop(): Promise<void> {
    this.quiesce();
    await this.file.stop();
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

  /** A breaker as it is now; undefined before the first policy of its backend. */
  breakerOf(id: string): BreakerView | undefined {
    return this.known.has(id) ? this.resilience.breaker(id).view() : undefined;
  }

  /** A person closes a breaker; false when there is none of this name. */
  reset(id: string): boolean {
    if (!this.known.has(id)) return false;
    this.resilience.breaker(id).reset();
    return true;
  }

  /** Breakers and operations as they are now, with what is known of each backend. */
  view(): ReturnType<Resilience["view"]> & { readonly backends: ReadonlyMap<string, Backend> } {
    return { ...this.resilience.view(), backends: this.known };
  }

  /** Why breakers cannot be saved now; undefined when they can. */
  get trouble(): string | undefined {
    return this.file.trouble;
  }

  private know(backend: Backend): void {
    if (this.known.has(backend.id)) return;
    this.known.set(backend.id, backend);
    if (backend.watchedBy !== undefined) return;
    const { id, title, remedy } = backend;
    this.deps.watch({
      id,
      title,
      check: () => breakerFinding(this.resilience.breaker(id).view(), remedy),
    });
  }

  private tell(transition: Transition, view: BreakerView): void {
    const { alerts, note, onChange } = this.deps;
    const backend = this.known.get(view.backend);
    const { title, remedy } = backend ?? { title: view.backend, remedy: "" };
    const { from, to, reason } = transition;
    const finding = breakerFinding(view, remedy);
    const level = to === "open" ? "warn" : "info";
    note(
      "breakers",
      level,
      `${title}: ${from} -> ${to}, because: ${reason}; next: ${finding.next}`,
    );
    const key = `breaker ${view.backend}`;
    if (to === "open") {
      const text = `${title}: ${finding.text}`;
      alerts.raise({ key, severity: "warning", text, next: finding.next });
    } else if (to === "closed") alerts.clear(key, `${title} answers again.`);
    onChange(backend?.watchedBy ?? view.backend);
  }
}
