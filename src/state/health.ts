/**
 * Health as everybody is told it: `/api/state`, `/healthz`, `/readyz`, `/metrics`, the page and agents read these shapes
 * and no others. Times named `…WallMs` are Unix ms.
 */
import { z } from "zod";
import type { BreakerView } from "../resilience/breaker.js";
import type { PairView } from "../resilience/liveness.js";
import type { OperationView } from "../resilience/metrics.js";

/** ok; busy: on its way; warn: works, but worse; bad: does not work; off: not wanted. */
export const healthLevel = z.enum(["ok", "busy", "warn", "bad", "off"]);
export type HealthLevel = z.infer<typeof healthLevel>;

/** The same in three colours; off is not wanted, and no colour at all. */
export const healthColour = z.enum(["green", "yellow", "red", "off"]);
export type HealthColour = z.infer<typeof healthColour>;

export function colourOf(level: HealthLevel): HealthColour {
  if (level === "ok") return "green";
  if (level === "bad") return "red";
  return level === "off" ? "off" : "yellow";
}

/** What a check found. */
export interface Finding {
  readonly level: HealthLevel;
  /** How it is, a sentence. */
  readonly text: string;
  /** What a person can do, or what happens by itself; "" when nothing is to be done. */
  readonly next: string;
  readonly lastError?: string;
  /** Time until it is tried again by itself. */
  readonly nextAttemptInMs?: number;
}

export interface HealthSource {
  readonly id: string;
  readonly title: string;
  /** Is the companion of no use without it (now)? Then it stands between us and `/readyz` 200. */
  readonly isNeeded?: boolean | (() => boolean);
  check(signal: AbortSignal): Finding | Promise<Finding>;
}

/** One backend: what it is, how it is and since when, in words, and what to do next ("" when nothing). */
export const healthPart = z.object({
  id: z.string(),
  title: z.string(),
  level: healthLevel,
  state: healthColour,
  text: z.string(),
  next: z.string(),
  sinceWallMs: z.number(),
  /** Kept after it is well again. */
  lastError: z.object({ text: z.string(), wallMs: z.number() }).optional(),
  /** When it is tried again by itself. */
  nextAttemptWallMs: z.number().optional(),
});
export type HealthPart = z.infer<typeof healthPart>;

/** `health` of `/api/state`: the worst of all, and each. */
export const healthState = z.object({
  level: healthLevel,
  state: healthColour,
  text: z.string(),
  parts: z.array(healthPart),
});
export type HealthState = z.infer<typeof healthState>;

/** One backend with its last hour. */
export interface HealthStrip extends HealthPart {
  /** Since when it was how, oldest first; the first may be older than the hour. */
  readonly history: readonly (readonly [wallMs: number, level: HealthLevel])[];
}

/** A breaker in words; `BreakerView` has the figures for programs. */
export interface BreakerDetails {
  readonly id: string;
  readonly title: string;
  /** Id of the health source that tells of it. */
  readonly toldBy: string;
  readonly breaker: BreakerView;
  readonly text: string;
  readonly next: string;
}

/** A supervised process. */
export interface ProcessDetails {
  readonly name: string;
  readonly title: string;
  readonly phase: string;
  readonly sinceWallMs: number;
  readonly pid: number | undefined;
  /** Automatic ones in the last 10 minutes, and how many are allowed there. */
  readonly restarts: number;
  readonly restartsMax: number;
  readonly rssBytes: number;
  /** With what it started; undefined where the system does not tell. */
  readonly load?: ProcessCost | undefined;
}

/** What a process and what it started cost. */
export interface ProcessCost {
  /** Of one core, over the last 20 s. */
  readonly cpuShare: number | undefined;
  /** Proportional: of shared pages its part. */
  readonly pssBytes: number;
  /** Its memory has grown; undefined while it has not. */
  readonly grown: { readonly fromBytes: number; readonly toBytes: number } | undefined;
}

/** Something that happened to a process: who, when, why, what next (D3). */
export interface ProcessChange {
  readonly wallMs: number;
  readonly title: string;
  readonly to: string;
  readonly why: string;
  readonly next: string;
}

export type Severity = "warning" | "critical";

/** What is alarming. */
export interface AlertFacts {
  /** What it is about, stable: "part vision", "disk". */
  readonly key: string;
  readonly severity: Severity;
  /** What is wrong, a sentence. */
  readonly text: string;
  /** What a person can do. */
  readonly next: string;
}

export interface AlertDetails extends AlertFacts {
  readonly sinceWallMs: number;
}

/** A line of the alerts file. */
export interface AlertEntry extends AlertDetails {
  readonly wallMs: number;
  readonly event: "raised" | "worse" | "stands" | "cleared";
}

/** `GET /api/health`: all there is to know of how Buddy is. */
export interface HealthDetails {
  /** The companion's wall clock now: ages are counted from it. */
  readonly wallMs: number;
  readonly level: HealthLevel;
  readonly state: HealthColour;
  readonly text: string;
  readonly backends: readonly HealthStrip[];
  readonly breakers: readonly BreakerDetails[];
  readonly operations: readonly OperationView[];
  readonly processes: readonly ProcessDetails[];
  /** Newest first. */
  readonly changes: readonly ProcessChange[];
  /** Who sees whom how. */
  readonly pairs: readonly PairView[];
  readonly alerts: readonly AlertDetails[];
  /** Newest first. */
  readonly alertLog: readonly AlertEntry[];
}

/** What the web server asks of health. */
export interface HealthApi {
  state(): HealthState;
  details(): HealthDetails;
  /** A person closes a breaker; false when there is none of this name. */
  resetBreaker(id: string): boolean;
  /** A person starts a process again, with a whole budget of restarts; false when there is none of this name. */
  restartPart(name: string): boolean;
}
