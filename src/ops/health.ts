/**
 * Health of every backend (E3): how it is, since when, the last error, the next attempt, and the next step for a
 * person, in plain words. Checked every 10 s and whenever somebody says that something changed. It observes
 * and never acts: restarts belong to the supervisor, trials to the breakers.
 *
 * The core (`stepHealth`) is pure; `HealthMonitor` asks the sources, each with a deadline of its own, so that a
 * check that hangs is a finding and not a silence.
 */
import { setMaxListeners } from "node:events";
import { reasonOf } from "../host/reason.js";
import { withDeadline } from "../resilience/deadline.js";
import type { Finding, HealthLevel, HealthSource } from "../state/health.js";
import type { CancelTimer, Clock } from "../time/clock.js";

export interface BackendHealth {
  readonly id: string;
  readonly title: string;
  readonly isNeeded: boolean;
  readonly level: HealthLevel;
  readonly text: string;
  readonly next: string;
  /** Unix ms since when it has this level. */
  readonly sinceWallMs: number;
  readonly checkedWallMs: number;
  /** Kept after it is well again: what was it, and when was it first seen. */
  readonly lastError: { readonly text: string; readonly wallMs: number } | undefined;
  readonly nextAttemptWallMs: number | undefined;
}

export interface HealthChange {
  readonly wallMs: number;
  readonly id: string;
  readonly title: string;
  /** undefined: seen for the first time. */
  readonly from: HealthLevel | undefined;
  readonly to: HealthLevel;
  readonly text: string;
  readonly next: string;
}

export interface Health {
  readonly backends: readonly BackendHealth[];
  /** The newest changes, oldest first. */
  readonly changes: readonly HealthChange[];
}

/** A source and what its check found just now. */
export interface Checked {
  readonly id: string;
  readonly title: string;
  readonly isNeeded: boolean;
  readonly finding: Finding;
}

export const NO_HEALTH: Health = { backends: [], changes: [] };

const CHANGES_MAX = 100;
/** Length of a text from outside, characters. */
const TEXT_CHARS_MAX = 500;

/** Takes findings in. Backends that were not checked now stay as they are. */
export function stepHealth(
  health: Health,
  checked: readonly Checked[],
  wallMs: number,
): { readonly health: Health; readonly changes: readonly HealthChange[] } {
  const backends = [...health.backends];
  const changes: HealthChange[] = [];
  for (const one of checked) {
    const index = backends.findIndex(({ id }) => id === one.id);
    const before = backends[index];
    const after = takeIn(before, one, wallMs);
    if (index === -1) backends.push(after);
    else backends[index] = after;
    if (before?.level === after.level) continue;
    const { id, title, level: to, text, next } = after;
    changes.push({ wallMs, id, title, from: before?.level, to, text, next });
  }
  const kept = [...health.changes, ...changes].slice(-CHANGES_MAX);
  return { health: { backends, changes: kept }, changes };
}

function takeIn(
  before: BackendHealth | undefined,
  checked: Checked,
  wallMs: number,
): BackendHealth {
  const { id, title, isNeeded, finding } = checked;
  const text = cut(finding.text);
  const error = finding.lastError === undefined ? undefined : cut(finding.lastError);
  const isNewError = error !== undefined && error !== before?.lastError?.text;
  return {
    id,
    title,
    isNeeded,
    level: finding.level,
    text,
    next: cut(finding.next),
    sinceWallMs: before?.level === finding.level ? before.sinceWallMs : wallMs,
    checkedWallMs: wallMs,
    lastError: isNewError ? { text: error, wallMs } : before?.lastError,
    nextAttemptWallMs:
      finding.nextAttemptInMs === undefined ? undefined : wallMs + finding.nextAttemptInMs,
  };
}

const ORDER: readonly HealthLevel[] = ["bad", "warn", "busy", "ok", "off"];

/** The worst of all, and why, in one sentence for the head of a page. */
export function overall(health: Health): { readonly level: HealthLevel; readonly text: string } {
  const level = ORDER.find((one) => health.backends.some((backend) => backend.level === one));
  if (level === undefined) return { level: "busy", text: "Nothing has been checked yet." };
  if (level === "ok" || level === "off") return { level: "ok", text: "Everything works." };
  const worst = health.backends.filter((backend) => backend.level === level);
  return { level, text: worst.map(({ title, text }) => `${title}: ${text}`).join(" ") };
}

/** Why `/readyz` says 503; empty when it says 200. */
export function notReadyReasons(health: Health): string[] {
  const ready: ReadonlySet<HealthLevel> = new Set(["ok", "warn", "off"]);
  const needed = health.backends.filter((backend) => backend.isNeeded);
  return needed
    .filter(({ level }) => !ready.has(level))
    .map(({ title, text, next }) => `${title}: ${text}${next === "" ? "" : ` ${next}`}`);
}

/** One line of a change: who, when it was before, why, what next. */
export function changeLine(change: HealthChange): string {
  const from = change.from ?? "unknown";
  const next = change.next === "" ? "" : `; next: ${change.next}`;
  return `${change.title}: ${from} -> ${change.to}, because: ${change.text}${next}`;
}

function cut(text: string): string {
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX - 1)}…`;
}

/** E3. */
export const HEALTH_PERIOD_MS = 10_000;
/** A check that takes longer is itself the finding. Well below the period, so that rounds never pile up. */
const CHECK_MS_MAX = 5000;
/** Changes within this time are looked at together. */
const POKE_MS = 100;
/** A companion has about fifteen; more is a bug. */
const SOURCES_MAX = 60;

export class HealthMonitor {
  private health: Health = NO_HEALTH;
  private readonly listeners = new Set<(change: HealthChange, health: Health) => void>();
  private readonly poked = new Set<string>();
  private readonly checking = new Set<string>();
  private cancelRound: CancelTimer | undefined;
  private cancelPoke: CancelTimer | undefined;

  private readonly sources: HealthSource[] = [];
  private ending = newEnding();

  /** @throws RangeError for two sources with one id. */
  constructor(
    private readonly clock: Clock,
    sources: readonly HealthSource[],
  ) {
    for (const source of sources) this.add(source);
  }

  /**
   * One more source; while the monitor runs it is checked soon.
   * @throws RangeError when there is one with this id, or there are too many.
   */
  add(source: HealthSource): void {
    if (this.sources.some(({ id }) => id === source.id)) {
      throw new RangeError(`two health sources with one id: ${source.id}`);
    }
    if (this.sources.length >= SOURCES_MAX) throw new RangeError("too many health sources");
    this.sources.push(source);
    this.poke(source.id);
  }

  /** False while a source has not been looked at even once: nothing can be promised yet. */
  get hasLookedAtAll(): boolean {
    return this.sources.every(({ id }) => this.health.backends.some((one) => one.id === id));
  }

  /** Checks everything now and every 10 s. */
  start(): void {
    if (this.cancelRound !== undefined) return;
    this.ending = newEnding();
    this.cancelRound = this.clock.every(HEALTH_PERIOD_MS, () => this.round(this.sources));
    this.round(this.sources);
  }

  /** No check begins any more; one that is under way is cancelled and is not told. */
  stop(): void {
    this.ending.abort(new Error("nobody asks any more"));
    this.cancelRound?.();
    this.cancelPoke?.();
    this.cancelRound = undefined;
    this.cancelPoke = undefined;
  }

  /** Something changed at a source: it is checked at once (within 100 ms, so that a burst is one check). */
  poke(id: string): void {
    if (this.cancelRound === undefined) return;
    this.poked.add(id);
    this.cancelPoke ??= this.clock.after(POKE_MS, () => {
      this.cancelPoke = undefined;
      const due = this.sources.filter((source) => this.poked.has(source.id));
      this.poked.clear();
      this.round(due);
    });
  }

  /** Calls back on every change of a backend's level; the returned function ends that. */
  onHealthChange(listener: (change: HealthChange, health: Health) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  view(): Health {
    return this.health;
  }

  private round(sources: readonly HealthSource[]): void {
    for (const source of sources) void this.checkOne(source);
  }

  private async checkOne(source: HealthSource): Promise<void> {
    const { id, title } = source;
    if (this.checking.has(id)) {
      // It is being looked at; what changed meanwhile is looked at again.
      this.poke(id);
      return;
    }
    this.checking.add(id);
    const finding = await this.find(source);
    this.checking.delete(id);
    if (this.cancelRound === undefined) return;
    const isNeeded =
      typeof source.isNeeded === "function" ? source.isNeeded() : (source.isNeeded ?? false);
    const step = stepHealth(this.health, [{ id, title, isNeeded, finding }], this.clock.wallMs());
    this.health = step.health;
    for (const change of step.changes) {
      for (const listener of this.listeners) listener(change, this.health);
    }
  }

  private async find(source: HealthSource): Promise<Finding> {
    try {
      return await withDeadline(
        (attempt) => source.check(attempt.signal),
        { clock: this.clock, operation: `check of ${source.title}`, ms: CHECK_MS_MAX },
        this.ending.signal,
      );
    } catch (error) {
      // A check that fails is a finding like any other: nobody must have to read a stack to learn of it.
      const lastError = reasonOf(error);
      return {
        level: "bad",
        text: `It could not be checked: ${lastError}.`,
        next: "It is checked again every 10 s; look at its log if this lasts.",
        lastError,
        nextAttemptInMs: HEALTH_PERIOD_MS,
      };
    }
  }
}

/** Each check of a round listens to it: so many are no leak, of which Node would warn from the eleventh on. */
function newEnding(): AbortController {
  const ending = new AbortController();
  setMaxListeners(SOURCES_MAX, ending.signal);
  return ending;
}
