/**
 * The last hour of each backend as a strip of levels, for the page: when it became how. Pure. The first entry may be older
 * than the hour: it says how the hour began.
 */
import type { HealthLevel } from "../state/health.js";

/** Since when (Unix ms) it was how. */
export type Mark = readonly [wallMs: number, level: HealthLevel];

export type History = ReadonlyMap<string, readonly Mark[]>;

export const HISTORY_MS = 3_600_000;
/** Marks of one backend: one that flaps all the time keeps its newest, about the last minutes. */
const MARKS_MAX = 120;

/** Notes that the backend `id` is like this from now on. */
export function noteLevel(
  history: History,
  id: string,
  level: HealthLevel,
  wallMs: number,
): History {
  const before = history.get(id) ?? [];
  if (before.at(-1)?.[1] === level) return history;
  const marks = trim([...before, [wallMs, level] as const], wallMs);
  return new Map([...history, [id, marks]]);
}

/** A backend's marks that matter for the hour before `wallMs`, oldest first. */
export function marksOf(history: History, id: string, wallMs: number): readonly Mark[] {
  return trim(history.get(id) ?? [], wallMs);
}

function trim(marks: readonly Mark[], wallMs: number): readonly Mark[] {
  const fromMs = wallMs - HISTORY_MS;
  const lastOld = marks.findLastIndex(([atMs]) => atMs <= fromMs);
  return marks.slice(Math.max(0, lastOld)).slice(-MARKS_MAX);
}
