/**
 * What the supervisor is told and what it tells: specifications in, views, changes and alerts out.
 */
import type { Liveness, Sight } from "../resilience/liveness.js";
import type { Clock } from "../time/clock.js";
import type { Doors, LogLevel, PartMessage, PartStatus } from "../child/messages.js";
import type { Command } from "./part.js";
import {
  colourOf,
  hasProcess,
  isReady,
  type Part,
  type PartPolicy,
  type PhaseKind,
} from "./part-types.js";

/** What a part's options may depend on at the moment it starts. */
export interface StartContext {
  /** Doors of another part, as host:port by name; undefined while it is not ready. */
  readonly doorsOf: (part: string) => Doors | undefined;
  /** Doors this part had before its restart, so that it can open the same ones again. */
  readonly previousDoors: Doors;
  readonly generation: number;
}

export interface PartSpec {
  readonly name: string;
  readonly command: Command;
  /** Called at each start; a throw counts as a failed start. */
  readonly options: (context: StartContext) => unknown;
  /** Names of parts or of `conditions` that should be ready first. */
  readonly needs?: readonly string[];
  readonly policy?: Partial<PartPolicy>;
}

/** One state change: who, when, why, what next (D3). `text` is the whole line. */
export interface PartChange {
  readonly wallMs: number;
  readonly part: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly next: string;
  readonly text: string;
}

export interface Alert {
  readonly wallMs: number;
  readonly part: string;
  readonly why: string;
  readonly next: string;
}

export interface PartView {
  readonly name: string;
  readonly phase: PhaseKind;
  readonly ready: boolean;
  readonly sinceWallMs: number;
  readonly why: string;
  readonly next: string;
  readonly pid: number | undefined;
  readonly generation: number;
  /** Automatic restarts inside the window, and how many are allowed there. */
  readonly restarts: number;
  readonly restartsMax: number;
  readonly doors: Doors;
  readonly rssBytes: number;
  readonly status: PartStatus;
}

export interface StopReport {
  /** Parts that had to be killed because the whole stop took too long. */
  readonly killed: readonly string[];
  /** Process ids that are still there. */
  readonly left: readonly number[];
}

export interface SupervisorOptions {
  readonly parts: readonly PartSpec[];
  /** Facts outside the supervisor that parts may need ("robot linked"), by name; asked ten times a second. */
  readonly conditions?: Readonly<Record<string, () => boolean>>;
  readonly clock?: Clock;
  readonly liveness?: Liveness;
  /** How loaded the machine is. Without it no death is put down to load. */
  readonly load?: MachineLoad;
}

export interface MachineLoad {
  /** Now: what dies now may have died of it. */
  readonly isLoaded: boolean;
  /** It has not been loaded for a while. */
  readonly isCalm: boolean;
}

export interface SupervisorListener {
  change?(change: PartChange): void;
  alert?(alert: Alert): void;
  status?(part: string, status: PartStatus): void;
  log?(part: string, level: LogLevel, line: string): void;
  message?(part: string, message: PartMessage): void;
  /** One quiet line about what is still awaited, at most once a second; "" once when all is up. */
  progress?(line: string): void;
}

/** How a part stands in the liveness table. */
export function sightOf(part: Part): Sight {
  const colour = colourOf(part);
  if (colour !== undefined) return colour;
  // Starting and stopping are neither alive nor dead to others: no promise of beats holds.
  return hasProcess(part) || part.generation === 0 ? "unknown" : "dead";
}

/** What people and pages may know of a part. */
export function viewOf(
  member: {
    readonly spec: PartSpec;
    readonly policy: PartPolicy;
    readonly part: Part;
    readonly status: PartStatus;
    readonly sinceWallMs: number;
  },
  pid: number | undefined,
  nowMs: number,
): PartView {
  const { part, policy } = member;
  const recent = part.restartsMs.filter((atMs) => nowMs - atMs < policy.restartWindowMs);
  return {
    name: member.spec.name,
    phase: part.phase.kind,
    ready: isReady(part),
    sinceWallMs: member.sinceWallMs,
    why: part.why,
    next: part.next,
    pid,
    generation: part.generation,
    restarts: recent.length,
    restartsMax: policy.restartsMax,
    doors: part.doors,
    rssBytes: part.rssBytes,
    status: member.status,
  };
}

/**
 * Every need is a part or a condition, and no part needs itself by any way round.
 * @throws RangeError that names the circle or the unknown need.
 */
export function checkNeeds(parts: readonly PartSpec[], conditions: ReadonlySet<string>): void {
  const needsOf = new Map(parts.map((part) => [part.name, part.needs ?? []]));
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      throw new RangeError(`parts need each other: ${[...path, name].join(" > ")}`);
    }
    for (const need of needsOf.get(name) ?? []) {
      if (needsOf.has(need)) visit(need, [...path, name]);
      else if (!conditions.has(need)) throw new RangeError(`${name} needs unknown ${need}`);
    }
  };
  for (const name of needsOf.keys()) visit(name, []);
}

/** Why somebody is seen so. */
export function sightWhy(colour: string, silentMs: number): string {
  return colour === "green" ? "it beats" : `silent for ${Math.round(silentMs)} ms`;
}
