/** The last hour of one backend: pieces of a strip, and the same in words. Pure, tested without a browser. */
import { fill, t } from "../language/language.js";
import type { HealthLevel } from "../../state/health.js";
import { duration, times } from "../ui/time-words.js";

export const HOUR_MS = 3_600_000;

/** A piece of the hour; seconds from its beginning. */
export interface Piece {
  readonly fromS: number;
  readonly toS: number;
  readonly level: HealthLevel;
}

/** @param history since when (Unix ms) it was how, oldest first; the first may be older than the hour. */
export function pieces(
  history: readonly (readonly [number, HealthLevel])[],
  wallMs: number,
): Piece[] {
  const startMs = wallMs - HOUR_MS;
  return history.flatMap(([atMs, level], i) => {
    const fromS = (Math.max(atMs, startMs) - startMs) / 1000;
    const untilMs = history[i + 1]?.[0] ?? wallMs;
    const toS = (Math.min(untilMs, wallMs) - startMs) / 1000;
    return toS > fromS ? [{ fromS, toS, level }] : [];
  });
}

/** "worked all the time", "trouble twice, 3 min in all": what the strip shows, for those who do not see it. */
export function hourWords(strip: readonly Piece[]): string {
  const trouble = strip.filter(({ level }) => level === "bad");
  const worse = strip.filter(({ level }) => level === "warn");
  const seconds = (some: readonly Piece[]): number =>
    some.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);
  if (trouble.length > 0)
    return fill(t.health.hourBad, {
      times: times(trouble.length),
      time: duration(seconds(trouble)),
    });
  if (worse.length > 0)
    return fill(t.health.hourWarn, { times: times(worse.length), time: duration(seconds(worse)) });
  if (strip.every(({ level }) => level === "off")) return t.health.hourOff;
  return t.health.hourOk;
}
